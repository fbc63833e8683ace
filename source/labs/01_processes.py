# %% [markdown]
# A workshop has a list of jobs. Each job shall be done by a process of its own, all of them at the
# same time, and in the end you shall know which process did which job.
#
# You write two functions: `work`, which runs in each child, and `who_did_what`, which starts the
# children and brings their answers back. Lesson 01 has everything you need.

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, reset, solution

# %% [markdown]
# `do_job(job)` is given. It does the job and returns the id of the process that did it. The answers
# come in any order, so send each job's name along with its id.
#
# Replace the two `raise` lines, run the cell, then run the check below. Repeat until all is `ok`.

# %%
# %%module work_01
from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    """Do the job, and put (job, id of the process that did it)."""
    ### BEGIN SOLUTION
    answers.put((job, do_job(job)))
    ### END SOLUTION


def who_did_what(jobs: list[str]) -> dict[str, int]:
    """The process id that did each job: one process a job, all at the same time, all joined."""
    ### BEGIN SOLUTION
    answers = SimpleQueue()
    processes = [Process(target=work, args=(job, answers)) for job in jobs]
    for process in processes:
        process.start()
    done_by = dict(answers.get() for _ in jobs)
    for process in processes:
        process.join()
    return done_by
    ### END SOLUTION


# %%
check("01")

# %% [markdown] tags=["solution"]
# Why each line is there:
#
# - **one queue** for all answers, made before the children, since each must be given it;
# - **start all, then join all**: a `join` inside the first loop would wait for one child before the
#   next is started, and they would never be alive together;
# - **get before join**: the answers are read while the children live. With answers this small the
#   other order works too; with large ones it hangs, as lesson 04 shows;
# - **one `get` a job**: the number of answers is known, so nobody has to ask whether a queue is
#   empty.
#
# A `ProcessPoolExecutor` with a worker for each job would do too.

# %% [markdown]
# Done? Try it with ten jobs, and with one that raises an exception. What does your program do, and
# what should it do?
