# %% [markdown]
# A photographer's lab has more pictures than one person can develop. So there is a line: a producer
# hands out the names of the pictures, several consumers develop them, and a collector puts the
# results together. In the evening everybody has gone home by themselves, and no picture is lost,
# although some are spoiled and some are huge.
#
# You write three functions: `produce` and `consume`, which run in the children, and `run_line`,
# which starts everybody, collects the results, and waits until all have gone. You need what lesson
# 04 says about queues, sentinels, and the order of `get` and `join`.

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, reset, solution
from helpers.workers.lab_04 import SpoiledError, develop

# %% [markdown]
# `develop(name)` is given: the picture of that name, as bytes. It raises `SpoiledError` for one
# whose name begins with `spoiled`. A `panorama` is large, and a `blank` picture is `b""`, which is
# a picture, too.

# %%
for name in ("boat", "panorama 1", "blank 1", "spoiled 1"):
    try:
        print(f"{name:10} {len(develop(name)):>7} bytes")
    except SpoiledError as error:
        print(f"{name:10} SpoiledError: {error}")

# %% [markdown]
# What becomes of a line if one consumer stops at a spoiled picture? And how does each of the
# consumers learn that no more will come? Think of that first.
#
# Then replace the three `raise` lines, run the cell, and run the check below. Repeat until all is
# `ok`. Only `run_line` is checked, so the other two may be cut in another way, if you like.

# %%
# %%module work_04
from multiprocessing import Process, Queue

from helpers.workers.lab_04 import SpoiledError, develop


def produce(names: list[str], tasks: Queue, consumers: int) -> None:
    """Put every name, and then what tells each of the consumers that no more will come."""
    ### BEGIN SOLUTION
    for name in names:
        tasks.put(name)
    for _ in range(consumers):
        tasks.put(None)
    ### END SOLUTION


def consume(tasks: Queue, results: Queue) -> None:
    """Put a result for each name that comes, until told that no more will come."""
    ### BEGIN SOLUTION
    for name in iter(tasks.get, None):
        try:
            result = develop(name)
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))
    ### END SOLUTION


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    """Each name with its picture; a spoiled one with the text of its error, str(error), instead.

    No name comes twice. So many consumers work at the same time, each in a process of its own. In
    the end every process that was started has ended by itself, with exit code 0, and was joined.
    """
    ### BEGIN SOLUTION
    tasks, results = Queue(), Queue()
    line = [Process(target=produce, args=(names, tasks, consumers))]
    line += [Process(target=consume, args=(tasks, results)) for _ in range(consumers)]
    for process in line:
        process.start()
    found = dict(results.get() for _ in names)
    for process in line:
        process.join()
    return found
    ### END SOLUTION


# %%
check("04")

# %% [markdown] tags=["solution"]
# Why each line is there:
#
# - **one `None` for each consumer**: who takes one ends, and takes no other. `None` can't be a
#   name; a word such as `"stop"` could be one;
# - **`iter(tasks.get, None)`** takes until a `None` comes. It never asks whether the queue is
#   empty: what was put may still be on its way;
# - **`try` inside the loop**: a spoiled picture ends neither the consumer nor the line, and its
#   name gets a result all the same;
# - **`(name, result)`**: results come in the order in which consumers finish;
# - **start all, collect, then join**: a consumer can't end before all that it put was read. With
#   small pictures the other order works, too, since a pipe has room for them;
# - **one `get` for each name**: how many results will come is known, since every name has one.
#
# The parent may as well produce before it collects. A `ProcessPoolExecutor`, with a function that
# returns the error's text, would do too.

# %% [markdown]
# Done? Let each consumer put a sentinel of its own when it ends, and collect until all have come,
# so that nobody needs to count the pictures. Then kill a consumer while it works. What does your
# line do, and how could it notice?
