# %% [markdown]
# A photographer has more pictures than one person can develop. So you build a **pipeline**: a
# producer hands out the names of the pictures, several consumers develop them, and the parent
# collects the results. At the end every process has exited by itself and no picture is lost,
# although some are spoiled and some are huge.
#
# You write three functions: `produce` and `consume`, which run in the children, and `run_line`,
# which starts the children, collects the results, and joins every process. You need what lesson 04
# says about queues, sentinels, and the order of `get` and `join`.

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, reset, solution
from helpers.workers.lab_04 import SpoiledError, develop

# %% [markdown]
# `develop(name)` is given: it returns the picture of that name, as bytes. It raises `SpoiledError`
# for a name whose first word is `spoiled`. A `panorama` is large, and a `blank` picture is `b""`,
# which is a valid picture.

# %%
for name in ("boat", "panorama 1", "blank 1", "spoiled 1"):
    try:
        print(f"{name:10} {len(develop(name)):>7} bytes")
    except SpoiledError as error:
        print(f"{name:10} SpoiledError: {error}")

# %% [markdown]
# Before you write, answer two questions. What happens to the pipeline if a consumer stops at a
# spoiled picture? How does each consumer learn that there is no more work?
#
# Then replace the three `raise` lines, run the cell, and run the check below. Repeat until every
# line says `ok`. Only `run_line` is checked, so you may divide the work between the other two
# functions in another way. Libraries whose workers you can't join, such as joblib, are not accepted
# here.

# %%
# %%module work_04
from multiprocessing import Process, Queue

from helpers.workers.lab_04 import SpoiledError, develop


def produce(names: list[str], tasks: Queue, consumers: int) -> None:
    """Put every name, and then one sentinel for each consumer."""
    ### BEGIN SOLUTION
    for name in names:
        tasks.put(name)
    for _ in range(consumers):
        tasks.put(None)
    ### END SOLUTION


def consume(tasks: Queue, results: Queue) -> None:
    """Get names until a sentinel comes, and put a result for each of them."""
    ### BEGIN SOLUTION
    for name in iter(tasks.get, None):
        try:
            result = develop(name)
        except SpoiledError as error:
            result = str(error)
        results.put((name, result))
    ### END SOLUTION


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    """Return a dict: for each name its picture, or str(error) if it is spoiled.

    No name comes twice. Without names, return {}. Start this many consumers, each in a process of
    its own, so that they work at the same time. When this function returns, every process that it
    started has ended by itself, with exit code 0, and was joined.
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
# - **one `None` for each consumer**: a consumer that gets one stops, and gets no other. `None`
#   can't be a name; a word such as `"stop"` could be one;
# - **`iter(tasks.get, None)`** calls `tasks.get()` until it returns `None`; a `while` loop with
#   `if name is None: break` does the same. It never asks whether the queue is empty, because items
#   may still be on their way;
# - **`try` inside the loop**: after a spoiled picture the consumer goes on, and the spoiled name
#   gets a result, too;
# - **`(name, result)`**: results arrive in the order in which consumers finish, not in yours;
# - **start all, collect, then join**: a consumer can't exit until its feeder thread has written
#   everything into the pipe. With a few small pictures the other order works, too, because all of
#   them fit into the pipe; forty do not;
# - **one `get` for each name**: every name has a result, so you know how many will come.
#
# The parent may also produce before it collects. A `ProcessPoolExecutor`, with a function that
# returns the error's text, would do as well.

# %% [markdown]
# Done? Let each consumer put a sentinel into `results` when it ends, and collect until all of the
# sentinels have arrived, so that you need not count the pictures. Then kill a consumer while it
# works. What does your pipeline do, and how could it notice?
