"""What would start processes at import is found in the text; what would not is left alone."""

from __future__ import annotations

import ast

import pytest

from helpers.magics import Start, process_starts
from tools.outline import ROOT

STARTS = {
    "a pool": "from multiprocessing import Pool\npool = Pool(2)  # <-\npool.map(f, x)",
    "a pool of a context": (
        "import multiprocessing as mp\nctx = mp.get_context('spawn')\n"
        "with ctx.Pool(2) as pool:  # <-\n    pool.map(f, x)"
    ),
    "a context at once": (
        "from multiprocessing import get_context\nget_context('spawn').Pool(2)  # <-"
    ),
    "an executor": (
        "from concurrent.futures import ProcessPoolExecutor as E\ne = E()  # <-\ne.submit(f)"
    ),
    "by its full name": "import concurrent.futures\nconcurrent.futures.ProcessPoolExecutor()  # <-",
    "a manager": "from multiprocessing import Manager\nm = Manager()  # <-",
    "a star": "from multiprocessing import *\nPool(2)  # <-",
    "a process": "from multiprocessing import Process\nProcess(target=f).start()  # <-",
    "a list of processes": (
        "from multiprocessing import Process\nps = [Process(target=f) for i in range(3)]\n"
        "for p in ps:\n    p.start()  # <-"
    ),
    "a list that grows": (
        "from multiprocessing import Process\nps = []\nfor i in range(3):\n"
        "    ps.append(Process(target=f))\nfor n, p in enumerate(ps):\n    p.start()  # <-"
    ),
    "a dict of processes": (
        "import multiprocessing\nps = {i: multiprocessing.Process() for i in x}\n"
        "for p in ps.values(): p.start()  # <-"
    ),
    "a comprehension": (
        "import multiprocessing\n[p.start() for p in [multiprocessing.Process()]]  # <-"
    ),
    "a class of its own": (
        "from multiprocessing import Process\nclass W(Process):\n    pass\nW().start()  # <-"
    ),
    "in a class": (
        "from multiprocessing import Process\nclass S:\n    p = Process()\n    p.start()  # <-"
    ),
    "a default": "from multiprocessing import Process\ndef f(n=Process().start()): pass  # <-",
    "a call of main": (
        "from multiprocessing import Process\ndef main():\n    p = Process()\n    p.start()\n"
        "main()  # <-"
    ),
    "a call through another": (
        "from multiprocessing import Process\ndef a():\n    Process().start()\ndef b():\n    a()\n"
        "try:\n    b()  # <-\nfinally:\n    pass"
    ),
    "the other way round": (
        "from multiprocessing import Pool\nif __name__ == '__main__':\n    pass\nelse:\n"
        "    Pool(2)  # <-"
    ),
}

STARTS_NOTHING = {
    "nothing": "",
    "a guard": "from multiprocessing import Pool\nif __name__ == '__main__':\n    Pool(2)",
    "another guard": (
        "from multiprocessing import Process, parent_process\n"
        "if parent_process() is None:\n    Process().start()"
    ),
    "a function": "from multiprocessing import Pool\ndef go():\n    Pool(2).map(f, x)",
    "a lambda": "from multiprocessing import Pool\ngo = lambda: Pool(2)",
    "a method": (
        "from multiprocessing import Process\nclass S:\n  def go(self):\n    Process().start()"
    ),
    "a process that is only made": "from multiprocessing import Process\np = Process(target=f)",
    "threads": "from threading import Thread\nt = Thread(target=f)\nt.start()",
    "a pool of threads": "from multiprocessing.pool import ThreadPool as Pool\nPool(2)",
    "threads by another name": "from multiprocessing.dummy import Pool, Process\nPool(2)",
    "an executor of threads": "from concurrent.futures import ThreadPoolExecutor as E\nE()",
    "another library's": "import psutil\npsutil.Process().start()\nfrom psutil import Process",
    "one of its own": "class Pool:\n    pass\nPool()",
    "a thread that is given a process": (
        "from multiprocessing import Process\nfrom threading import Thread\np = Process()\n"
        "t = Thread(target=f, args=(p,))\nt.start()"
    ),
}


@pytest.mark.parametrize("text", STARTS.values(), ids=STARTS)
def test_a_line_that_starts_processes_is_found(text):
    line = next(n for n, line in enumerate(text.split("\n"), 1) if line.endswith("# <-"))
    assert [start.line for start in process_starts(ast.parse(text))] == [line]


@pytest.mark.parametrize("text", STARTS_NOTHING.values(), ids=STARTS_NOTHING)
def test_what_starts_nothing_at_import_is_left_alone(text):
    assert process_starts(ast.parse(text)) == []


def test_it_says_what_starts():
    text = (
        "from multiprocessing import Pool, Process\ndef main():\n    Pool()\n"
        "p = Process()\np.start()\nPool(2)\nmain()\n"
    )
    assert process_starts(ast.parse(text)) == [
        Start(5, "p.start()"),
        Start(6, "Pool(...)"),
        Start(7, "main(...)"),
    ]


@pytest.mark.parametrize(
    "file", sorted(ROOT.glob("tests/labs/[0-9]*/right_*.py")), ids=lambda file: file.stem
)
def test_no_right_answer_of_a_lab_is_warned_of(file):
    assert process_starts(ast.parse(file.read_text(encoding="utf-8"))) == []
