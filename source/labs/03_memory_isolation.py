# %% [markdown]
# How often does a word occur in a book? Each child counts on one page, and adds what it finds to a
# total. Here is a program that a colleague wrote for this. What will it print?

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, reset, solution
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.workers.lab_03 import send_count

# %%
show("stays_at_zero.py")

# %%
print(run_safely("stays_at_zero.py").output)

# %% [markdown]
# Each child found the word once and saw a total of 1. The parent's total is still 0: `total` is a
# name in *each* process, and each process changed its own. This is **memory isolation**.
#
# You fix the program in two ways:
#
# 1. **by values**: each child sends its count, and the parent adds them up;
# 2. **in shared memory**: each child adds its count to one number that all of them see.
#
# The second way has a trap. `total.value += 1` takes three steps: load, add, store. If another
# child stores in between, its addition is lost. A `Value` alone doesn't prevent that.

# %% [markdown]
# Two functions are given. `count_word(page, word)` returns how often the word is on the page. Call
# it once for each page, in a child: the check watches it. `send_count` does that and sends the
# result, for the first way:

# %%
show(send_count)

# %% [markdown]
# The rules:
#
# - One process for each page, all at the same time. Without pages, the total is 0.
# - The check calls `count_by_values` and `count_in_shared_memory`. It doesn't call `add_count`
#   itself: that one is for your children. If your second way doesn't need it, delete it.
# - Join every process. Libraries whose workers you can't join, such as joblib, are not accepted
#   here.
#
# To make a race visible, the check lets the children of the second way take turns, one instruction
# of your code each. So what can go wrong does go wrong, every time.
#
# Replace the three `raise` lines, run the cell, then run the check below it. Repeat until every
# line says `ok`.

# %%
# %%module work_03
from multiprocessing import Process, SimpleQueue, Value

from helpers.workers.lab_03 import count_word, send_count


def count_by_values(pages: list[str], word: str) -> int:
    """Return how often the word is on all pages. Let each child send its count."""
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
    """Add how often the word is on the page to the total, so that no addition is lost."""
    ### BEGIN SOLUTION
    count = count_word(page, word)
    with total.get_lock():
        total.value += count
    ### END SOLUTION


def count_in_shared_memory(pages: list[str], word: str) -> int:
    """Return the same, but let the children add to one total in shared memory."""
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
# - **a queue made before the children** is the one way back that all of them have. What a target
#   returns is lost;
# - **one `get` for each page**, then the joins: you know how many counts will come;
# - **`Value("q", 0)`** is one number of 64 bits in memory that several processes see. It is passed
#   to each child in `args`. As a global it would work under fork only: under spawn each child makes
#   its own;
# - **`count_word` on a line of its own**, before the lock. Inside the lock only one child at a time
#   could count;
# - **`with total.get_lock()`** around the whole addition. Without it, `+=` takes the lock for the
#   read, releases it, and takes it again for the write;
# - **join, then read**: before that the total is not complete.
#
# This is one solution of several. An `Array` with one element for each child needs no lock, because
# each child writes to its own element. And where you can send values, send them: there is less that
# you can forget.

# %% [markdown]
# Done? Remove the lock and check again. Then run the function ten times without the check, as
# `work_03.count_in_shared_memory(["the sea"] * 8, "sea")`: how often is the total wrong? Why is
# that worse than a total that is always wrong?
