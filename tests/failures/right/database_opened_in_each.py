"""Right: each process opens the database itself, and commits at once.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sqlite3
import sys
import tempfile
from pathlib import Path

context = multiprocessing.get_context(sys.argv[1])


def sell(path):
    connection = sqlite3.connect(path, timeout=20)
    connection.execute("insert into sales values (?)", ("bread",))
    connection.commit()


if __name__ == "__main__":
    path = Path(tempfile.mkdtemp(), "shop.db")
    connection = sqlite3.connect(path, timeout=1)
    connection.execute("create table sales (item text)")
    connection.commit()
    child = context.Process(target=sell, args=(path,))
    child.start()
    child.join()
    connection.commit()
    print(connection.execute("select count(*) from sales").fetchone())
