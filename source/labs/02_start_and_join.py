# %% [markdown]
# A computer does its jobs at night: a backup, the mail, an index. You are asleep. Some jobs fail,
# and now and then one hangs. In the morning you want to know how each job ended, and nothing may
# still be running.
#
# You write the supervisor that runs such a night. Lesson 02 has everything you need.

# %%
# %load_ext helpers.magics

# %%
from helpers.workers import lab_02
from helpers.checks import check, hint, reset, solution
from helpers.source_code import show

# %% [markdown]
# The jobs are given. Each has a name, a function, and the arguments for that function. This night
# has a job of every kind: `backup` ends well, `mail` ends with exit code 3, `index` raises an
# exception, and `video` is killed, as when memory runs out. The last three never end by themselves.

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
# SIGTERM stops `photos`. `letters` handles it, as in the lesson: `finally` cleans up, which takes a
# moment, and the exit code is 7. `music` ignores it. (On Windows, `terminate()` ends all three at
# once. *POSIX* means Linux and macOS here.) Their functions call `hang`, which waits forever.

# %%
show(lab_02.tidy_up)

# %%
show(lab_02.refuse_to_end)

# %% [markdown]
# What `supervise` must do:
#
# 1. Run all the jobs at the same time, each in its own process. As soon as the last job has ended,
#    return a dict that maps each name to its exit code. With no jobs, start no process and return
#    `{}`.
# 2. There is **one deadline** for all, in seconds after the start. At the deadline, ask *all* jobs
#    that still run to end, by SIGTERM. Together they then have `patience` seconds. After that, kill
#    *all* that are left.
# 3. When it returns, every process has ended and was joined.
#
# Write `join_all` first, and use it for both waits. The check calls only `supervise`, so you may
# also do it in another way, and add functions of your own.
#
# Replace the two `raise` lines, run the cell, then run the check below. Repeat until all is `ok`.

# %%
# %%module work_02
import time
from multiprocessing import Process


def join_all(processes: list[Process], seconds: float) -> None:
    """Wait until all have ended, but at most `seconds` for all of them together."""
    ### BEGIN SOLUTION
    end = time.monotonic() + seconds
    for process in processes:
        process.join(max(0, end - time.monotonic()))
    ### END SOLUTION


def supervise(jobs: dict[str, tuple], deadline: float, patience: float) -> dict[str, int]:
    """Run all the jobs at once, stop those that are late, and return {name: exit code}."""
    ### BEGIN SOLUTION
    processes = [Process(target=function, args=args) for function, args in jobs.values()]
    for process in processes:
        process.start()
    join_all(processes, deadline)
    for process in processes:
        process.terminate()
    join_all(processes, patience)
    for process in processes:
        process.kill()
    for process in processes:
        process.join()
    return {name: process.exitcode for name, process in zip(jobs, processes)}
    ### END SOLUTION


# %%
check("02")

# %% [markdown] tags=["solution"]
# Why each line is there:
#
# - **start all, then join all**: otherwise the jobs run one after the other;
# - **`end`, computed once**: with `join(seconds)` for each, five jobs that hang take five times as
#   long. `time.monotonic()` is a clock that is never set back;
# - **`max(0, …)`**: after the deadline, the time that is left is negative;
# - **`join` and not `sleep`**: it returns as soon as the process has ended;
# - **terminate all, join all, kill all**: so each job is asked at the deadline, and `letters` has
#   time to clean up. If you stop one job after the other, each one that refuses delays the next by
#   `patience` seconds. For a process that has ended, `terminate()` and `kill()` do nothing;
# - **`join` after `kill`**: right after the call, the process may still be alive, and its exit code
#   is `None`;
# - **the exit codes last**, when every process has one.
#
# You can do it in other ways, such as `multiprocessing.connection.wait` on the sentinels, or a loop
# that asks `is_alive()` now and then.

# %% [markdown]
# Done? Predict the exit codes of `supervise(tonight, 1, 0.5)`, then run
# `from work_02 import supervise` and try it. How long would it take with ten jobs like `music`? And
# what happens to the jobs that run if the `start()` of the last one raises an error? Put a
# `try … finally` into `supervise` that then stops those that have started.
