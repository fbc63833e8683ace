"""Fails: sqlite_over_fork.

methods: fork
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sqlite3
import sys
import tempfile
from pathlib import Path

context = multiprocessing.get_context(sys.argv[1])


def sell(item):
    connection.execute("insert into sales values (?)", (item,))
    connection.commit()


if __name__ == "__main__":
    path = Path(tempfile.mkdtemp(), "shop.db")
    connection = sqlite3.connect(path, timeout=1)
    connection.execute("create table sales (item text)")
    connection.commit()
    child = context.Process(target=sell, args=("bread",))
    child.start()
    child.join()
    connection.commit()
    print(connection.execute("select count(*) from sales").fetchone())
