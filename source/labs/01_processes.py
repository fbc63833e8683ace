# %% [markdown]
# A workshop has a list of jobs. Give each job its own process, all running at the same time, and
# return which process did which job.
#
# You write two functions. `work` runs in each child. `who_did_what` starts the children and
# collects their answers. Lessons 00 and 01 have everything that you need.

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, reset, solution
from helpers.source_code import show
from helpers.workers.lab_01 import do_job

# %% [markdown]
# `do_job` is given. It does a job and returns the id of the process that did it. (`report` tells
# the check about it, and `bad_type` words the error for a wrong argument. In this lab, no job
# raises `JobError`.)

# %%
show(do_job)

# %% [markdown]
# The answers come in any order, so send the name of the job along with the id. Without jobs, start
# no process and return `{}`.
#
# The check calls only `who_did_what`, so you may divide the work in another way. A pool or an
# executor with a worker for each job is accepted too. Libraries whose workers you can't join, such
# as joblib, are not.
#
# Replace the two `raise` lines, run the cell, then run the check below it. Repeat until every line
# says `ok`.

# %%
# %%module work_01
from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job, answers):
    """Do the job, and put (job, id of the process that did it)."""
    ### BEGIN SOLUTION
    answers.put((job, do_job(job)))
    ### END SOLUTION


def who_did_what(jobs):
    """Return {job: id of its process}. Each job has its own process, all at once; join them all."""
    ### BEGIN SOLUTION
    answers = SimpleQueue()
    processes = [Process(target=work, args=(job, answers)) for job in jobs]
    for process in processes:
        process.start()
    done_by = {}
    for _ in jobs:
        job, pid = answers.get()
        done_by[job] = pid
    for process in processes:
        process.join()
    return done_by
    ### END SOLUTION


# %%
check("01")

# %% [markdown] tags=["solution"]
# Why each line is there:
#
# - **One queue** for all answers. It is made before the children, because each child must be given
#   it when it is made.
# - **Start all, then join all.** A `join` in the first loop would wait for one child before the
#   next is started, and they would never run at the same time.
# - **Get, then join.** The answers are read while the children live. With answers this small, the
#   other order works too; with large ones it hangs, as lesson 04 shows.
# - **One `get` for each job.** The number of answers is known, so there is no need to ask whether
#   the queue is empty.
#
# A `ProcessPoolExecutor` with a worker for each job passes the check, where the jobs wait for one
# another. Elsewhere a worker that has finished a short job may take the next one, and then two jobs
# have the same id.

# %% [markdown]
# Done? Try it with ten jobs. Then try it with a job that raises an exception: `do_job` refuses the
# number 3, which is no name. What does your program do, and what should it do? (If the cell does
# not end, the square button ■ above the notebook stops it. If it does not, which may happen on
# Windows, choose *Kernel, Restart Kernel*.)
