"""Fails: long_temporary_path.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import tempfile
from multiprocessing.connection import Listener
from pathlib import Path

if __name__ == "__main__":
    # As a fork server does it, up to Python 3.13; later ones look for a shorter path themselves.
    folder = Path(tempfile.gettempdir()) / ("deep" * 30)
    folder.mkdir()
    Listener(str(folder / "listener"))
