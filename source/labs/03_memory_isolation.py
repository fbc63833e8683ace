# %% [markdown]
# How often does a word stand in a book? A child counts on each page, and all children add what they
# find to one total. Here is a program that somebody wrote for that. What will it print?

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, reset, solution
from helpers.runner import run_safely
from helpers.source_code import show

# %%
show("stays_at_zero.py")

# %%
print(run_safely("stays_at_zero.py").output)

# %% [markdown]
# Each child has found the word once, and sees a total of 1. The parent's total stays at 0. `total`
# is a name in *each* process, and each changes its own. That is **memory isolation**, and it is
# meant to be so.
#
# You mend the program twice:
#
# 1. **by values**: each child sends its count, and the parent adds;
# 2. **in shared memory**: each child adds to one number that all of them see.
#
# The second way has a trap. `total.value += 1` reads, adds and writes: three steps. Another child
# may come in between, and its addition is lost. A `Value` alone does not prevent that.

# %% [markdown]
# `count_word(page, word)` is given: how often the word stands on the page. Call it once for each
# page, in a child. `send_count(page, word, counts)` is given too, for the first way. It is what a
# child can do to send a value: `counts.put(count_word(page, word))`.
#
# To see a race, the check makes the children of the second way take turns: one instruction of your
# code each. So what may go wrong does go wrong, every time.
#
# Replace the three `raise` lines, run the cell, then run the check below. Repeat until all is `ok`.

# %%
# %%module work_03
from multiprocessing import Process, SimpleQueue, Value

from helpers.workers.lab_03 import count_word, send_count


def count_by_values(pages: list[str], word: str) -> int:
    """How often the word stands on all pages: a process a page, all at once, no shared memory."""
    ### BEGIN SOLUTION
    counts = SimpleQueue()
    processes = [Process(target=send_count, args=(page, word, counts)) for page in pages]
    for process in processes:
        process.start()
    total = sum(counts.get() for _ in pages)
    for process in processes:
        process.join()
    return total
    ### END SOLUTION


def add_count(page: str, word: str, total: Value) -> None:
    """Add how often the word stands on the page to the total, so that no addition is lost."""
    ### BEGIN SOLUTION
    count = count_word(page, word)
    with total.get_lock():
        total.value += count
    ### END SOLUTION


def count_in_shared_memory(pages: list[str], word: str) -> int:
    """The same, but the children add to one total in shared memory, and send nothing back."""
    ### BEGIN SOLUTION
    total = Value("q", 0)
    processes = [Process(target=add_count, args=(page, word, total)) for page in pages]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    return total.value
    ### END SOLUTION


# %%
check("03")

# %% [markdown] tags=["solution"]
# Why each line is there:
#
# - **a queue made before the children** is the one way back that all of them know. What a target
#   returns is lost;
# - **one `get` for each page**, then the joins: the number of counts is known;
# - **`Value("q", 0)`** is one number of 64 bits in memory that all see, if it is handed to each in
#   `args`. A global would do under fork only: under spawn each child makes its own;
# - **`with total.get_lock()`** around the whole line, from the read to the write. Without it, `+=`
#   takes the lock for the read, lets it go, and takes it again for the write;
# - **the count on a line of its own**, before the lock. Inside it only one child at a time would
#   count;
# - **join, then read**: before that the total is not complete.
#
# This is one solution of several. An `Array` with a place for each child needs no lock, since
# nobody writes where another one does. And where you can send values, do: there is less to forget.

# %% [markdown]
# Done? Take the lock away and check again. Then run it ten times without the check: how often is
# the total wrong? Why is that worse than a total that is always wrong?
