# %% [markdown]
# A computer has jobs to do at night: a backup, the mail, an index. Nobody watches. Some jobs fail,
# and now and then one hangs. In the morning you want two things: to know of each job how it ended,
# and that nothing still runs.
#
# You write two functions: `stop`, which ends one process that hangs, and `supervise`, which takes
# care of the whole night. Lesson 02 has everything you need.

# %%
# %load_ext helpers.magics

# %%
from helpers.workers import lab_02
from helpers.checks import check, hint, reset, solution

# %% [markdown]
# The jobs are given. Each has a name, a function, and the arguments for that function. This is a
# night with a job of every kind: one that ends well, one with exit code 3, one that raises, one
# that is killed from outside, and three that never end by themselves. Of these three, one can be
# stopped, one puts things in order before it stops, and one takes no notice.

# %%
tonight = {
    "backup": (lab_02.work, ("backup",)),
    "mail": (lab_02.work, ("mail", 3)),
    "index": (lab_02.fail, ("index",)),
    "video": (lab_02.crash, ("video",)),
    "photos": (lab_02.hang, ("photos",)),
    "letters": (lab_02.tidy_up, ("letters",)),
    "music": (lab_02.refuse_to_end, ("music",)),
}

# %% [markdown]
# All the jobs run at the same time, each in a process of its own. They have **one deadline**, in
# seconds after the start: who is alive when it is over is asked to end, has `patience` seconds to
# put things in order, and is killed if that did not help. Nobody waits longer than needed: when the
# last job has ended, `supervise` returns a dict of name: exit code.
#
# Replace the two `raise` lines, run the cell, then run the check below. Repeat until all is `ok`.

# %%
# %%module work_02
import time
from multiprocessing import Process


def stop(process: Process, patience: float) -> None:
    """End the process: ask it, and if it is alive `patience` seconds later, kill it."""
    ### BEGIN SOLUTION
    process.terminate()
    process.join(patience)
    if process.is_alive():
        process.kill()
        process.join()
    ### END SOLUTION


def supervise(jobs: dict[str, tuple], deadline: float, patience: float) -> dict[str, int]:
    """{name: exit code} of the jobs, all run at once; who is alive at the deadline is stopped."""
    ### BEGIN SOLUTION
    processes = {
        name: Process(target=function, args=args) for name, (function, args) in jobs.items()
    }
    for process in processes.values():
        process.start()
    end = time.monotonic() + deadline
    for process in processes.values():
        process.join(max(0, end - time.monotonic()))
    for process in processes.values():
        if process.is_alive():
            stop(process, patience)
    return {name: process.exitcode for name, process in processes.items()}
    ### END SOLUTION


# %%
check("02")

# %% [markdown] tags=["solution"]
# Why each line is there:
#
# - **start all, then join all**, or they would run one after the other;
# - **`end`, reckoned once**: `join(deadline)` for each would let five that hang take five times as
#   long. `time.monotonic()` is a clock that nobody sets back at night;
# - **`max(0, …)`**: when the time is over, what is left is below zero, and no process has to wait
#   for that;
# - **`join` and not `sleep`**: it comes back as soon as the process has ended;
# - **terminate, join, kill, join**: ask first, so that `letters` can put things in order; then
#   don't ask, for `music`. Right after `terminate()` or `kill()`, a process is often still alive
#   and its exit code `None`: hence the `join` after each;
# - **the exit codes last**, when every process has ended and has one.
#
# This is one solution of several. `multiprocessing.connection.wait` on the sentinels, or a loop
# that asks `is_alive()` now and then, would do too.

# %% [markdown]
# Done? Try `from work_02 import supervise`, then `supervise(tonight, 1, 0.5)`, and say beforehand
# what comes. How long would it take with ten jobs like `music`, and can you make that shorter? What
# if the notebook is interrupted in the middle: who stops the children then?
