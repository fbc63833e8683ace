# %% [markdown]
# This course takes nothing on trust. Every claim in it is an experiment, and you run it on your own
# machine: you say first what you expect, then you look, then you explain the difference.
#
# **You will be able to**
#
# - run a lesson, and read what its cells tell you;
# - say what your machine can do: its cores, its ways to start a process, and what each costs;
# - explain why a function that another process shall run belongs in a module, and put one there.
#
# **You need** Python functions, loops and imports; `with` and `try` are used, too. No threads and
# no processes yet.

# %% [markdown]
# ## How a lesson works
#
# Run the cells from top to bottom: click into a cell and press **Shift + Enter**. The first code
# cell of each lesson imports what it uses. The standard library's own tools, such as `Process`,
# stay in sight; `helpers` does what is not the topic: the work, the stopwatch, the picture.

# %%
import multiprocessing
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor

from helpers.measure import machine
from helpers.claims import tell
from helpers.progress import show_progress
from helpers.measure import measure
from helpers.capture import CapturedStderr
from helpers.plots import plot_starts
from helpers.widgets import Explorer, compare, predict
from helpers.workers import count_primes

# %% [markdown]
# Work needs something to work on. `count_primes` counts the primes in a range by trying divisors,
# which keeps one core busy and needs nothing else. There are 25 primes below 100, as you may
# remember from school.

# %%
count_primes(range(100))

# %% [markdown]
# ## Predict first, then measure
#
# A number that you wrote down before you looked is worth ten explanations after. Type one and press
# **Keep**. Nobody grades it, and nothing waits for it; the lesson shows it to you again beside what
# was measured.

# %%
predict(
    "primes-seconds", "How long does count_primes take for the numbers up to 100,000?", "seconds"
)

# %%
run = measure(count_primes, [range(100_000)], "serial", rounds=7)
compare("primes-seconds", run.wall, "seconds")

# %% [markdown]
# A line that starts with **measured:** holds numbers of *this* run on *this* machine. They will be
# different next time, and the course's tests leave them out. Everything else that a cell prints is
# the same on every machine, and the tests compare it.
#
# `measure` ran the work seven times, and this is the **median**: three rounds were as fast or
# faster, three as slow or slower. The best round alone would flatter the work, and the mean would
# count whatever else the machine did in the meantime.

# %% [markdown]
# ## What your machine can do
#
# Three facts about a machine decide what is possible on it: how many **cores** this program may
# use, in which ways Python can **start a process** here, and whether this Python has a **GIL**, a
# lock that lets one thread at a time run Python code. What a process and a thread are comes right
# after this; you will meet all three facts again.

# %%
tell(*machine.about())

# %% [markdown]
# The number of cores *to use* can be smaller than the number in the machine: a container or an
# administrator may have set a limit. (These are *logical* cores: a real core that can run two
# threads at once counts as two, and does less than two would.) Two cores are enough for this
# course. With one, it still runs, and says where it can't show a thing.

# %% [markdown]
# ## A process costs more to start than a thread
#
# A **process** is a running program with its own memory. A **thread** is one line of execution
# inside a process: what runs its code, step by step. Both can be started from Python, and neither
# is free. How unequal are they?

# %%
predict(
    "spawn-or-thread",
    "How many times as long as a thread does a process take to start by spawn?",
    "times",
)

# %%
profile = machine.profile()
tell(*profile.in_words())
compare("spawn-or-thread", profile.starts["spawn"] / profile.starts["thread"], "times")

# %%
ax = plot_starts(profile)

# %% [markdown]
# Read the axis before the bars: each mark stands for ten times the one before, or the thread's bar
# would be too short to see. **spawn** starts a whole new interpreter. **fork** copies the process
# that runs, and does not exist on Windows; **forkserver** asks a small helper process to do the
# copying. If you see one process bar, you are on Windows, which has spawn alone.
#
# The default on Linux is fork up to Python 3.13 and forkserver from 3.14 on. On macOS and Windows
# it is spawn. That change matters more than it seems to, as the last part of this lesson shows.

# %% [markdown]
# ## Move a slider, watch your cores
#
# This is an **explorer**. It has measured once already. A **worker** is a thread or a process that
# does tasks, one after the other; the *engine* says which of these it is. Change the number of
# workers or the engine and press **Run**; each run is added to the plot on the left, and the
# timeline on the right shows which worker did which task, and when. **Stop** ends it at once.
#
# Try `threads` with 2 workers, then `processes` with 2. Don't explain it yet. Lesson 07 does.

# %%
Explorer("primes")

# %% [markdown]
# The dotted line is the ideal: twice the workers, twice as fast. The short black lines are your
# machine's **ceiling**: how fast independent programs, which share nothing, did the same tasks,
# divided among them. No engine can be expected to beat that, so that is what a result is held
# against.

# %% [markdown]
# ## A child finds its function by name
#
# Here is the trap that breaks most notebooks about multiprocessing. A function, defined in a cell:


# %%
def square(n: int) -> int:
    return n * n


square(12)

# %% [markdown]
# Nothing is wrong with it. Now three ways to have another process call it. Each starts its process,
# a *child* of this one, by **spawn**, which every system has. What a dying child says goes to its
# standard error, the stream for messages about errors; `CapturedStderr` keeps that, so that we
# can read it.
#
# First, a bare `Process`. It is told which function to call, and with what; `start` starts it, and
# `join` waits until it has ended.

# %%
spawn = multiprocessing.get_context("spawn")

with CapturedStderr() as captured:
    process = spawn.Process(target=square, args=(12,))
    process.start()
    process.join()

print("exit code:", process.exitcode)
print("the child died of", captured.kinds())
tell(*captured.errors())

# %% [markdown]
# No exception reached this cell. The only sign is the exit code, the number that a process leaves
# when it ends: 0 when all went well. The child's own words say why: in its `__main__` there is no
# `square`. A function is not sent to another process; its **name** is, and the child looks that
# name up in the module it came from. The module of a cell is called `__main__`, and the child's
# `__main__` has no cells. Nor has it what was typed at Python's prompt, or run by `exec` or
# `python -c`: a child finds code that is in a file.

# %% [markdown]
# Second, a `ProcessPoolExecutor`. It has workers, here one, and hands them calls: `submit` hands
# one over, `result` waits for what it returns. It watches its workers, and says so when one dies.

# %%
with CapturedStderr() as captured, ProcessPoolExecutor(1, mp_context=spawn) as executor:
    try:
        print(executor.submit(square, 12).result())
    except BrokenExecutor as error:
        print(type(error).__name__)

print("the child died of", captured.kinds())
tell(*captured.errors())

# %% [markdown]
# `BrokenProcessPool`: somebody died, and you are told. Why it died is still only in the child's
# words.
#
# Third, `Pool`, which has workers, too, and is older. `apply_async` hands over a call, `get` waits
# for what it returns. Here `get` is given two seconds, and that is the only reason why this cell
# ends.

# %%
with CapturedStderr() as captured, spawn.Pool(1) as pool:
    answer = pool.apply_async(square, (12,))
    try:
        print(answer.get(timeout=2))
    except multiprocessing.TimeoutError:
        print("no answer, no error")

print("the child died of", captured.kinds())
tell(*captured.errors())

# %% [markdown]
# `Pool` replaces a worker that died and forgets the task that it had. Nothing is raised. `pool.map`
# with such a function waits forever, and the cell with it. One mistake, three symptoms: a silent
# exit code, an exception, a hang.
#
# With fork, all three would have worked here, because a forked child is a copy of this process,
# cells included. So a notebook that was written on Linux with Python 3.12 can hang on Windows, on
# macOS, and on Linux with Python 3.14.

# %% [markdown]
# ## The cure is a module
#
# A module is a file that every process can import. `%%module` writes the cell to a file beside this
# notebook and imports it: it is `%%writefile` and `import` in one, nothing more.

# %%
# %load_ext helpers.magics


# %%
# %%module work_00
def square(n: int) -> int:
    return n * n


# %% [markdown]
# The same three ways, with `work_00.square`:

# %%
process = spawn.Process(target=work_00.square, args=(12,))
process.start()
process.join()
print("exit code:", process.exitcode)

with ProcessPoolExecutor(1, mp_context=spawn) as executor:
    print(executor.submit(work_00.square, 12).result())

with spawn.Pool(1) as pool:
    print(pool.apply_async(work_00.square, (12,)).get(timeout=30))

# %% [markdown]
# All three work, under every start method and on every system. In this course every worker's
# function lives in a module: ours in the files of `helpers/workers/`, which you may open and read,
# and yours in `work_NN.py`.

# %% [markdown]
# > **In practice.** In a program of your own, the same rule has a second half: start processes only
# > below `if __name__ == "__main__":`. A spawned child imports your file again to find your
# > functions, and would otherwise try to start children of its own (Python stops that with a
# > `RuntimeError`). After you edit a worker's module, restart the workers: those that live have
# > imported the old one.
# >
# > **In an interview.** "Your script works on Linux and hangs on a colleague's Mac. Why?" A weak
# > answer blames the Mac. A strong one asks which start method each uses, where the worker function
# > is defined, and what the children wrote to standard error.
# >
# > **Elsewhere.** Libraries such as joblib's `loky` send a cell's function by value (its code, not
# > only its name), so it works with them. You gain comfort, and lose the rule that tells you what a
# > worker depends on.

# %% [markdown]
# ## The map, and what to do next
#
# Some lessons have a **lab**: a notebook in which you write the code. There `check` tells you what
# is `ok`, and what is `not yet` and why. If you are stuck, `hint` gives the next of three steps.
#
# What you reach is noted on your own machine. Run this cell whenever you come back, or type
# `python3 course.py progress` in a terminal: both show the map, and say what to do next.

# %%
show_progress()

# %% [markdown]
# ## Nothing is left behind
#
# Every lesson ends with this: no child that it started is still running.

# %%
multiprocessing.active_children()

# %% [markdown]
# **You can now**
#
# - run a lesson: predict, measure, and tell the numbers of this run from what always holds;
# - name your machine's cores, its start methods, and what a thread and a process cost here;
# - say why a cell's function fails in another process, in three different ways, and put it into a
#   module;
# - find on the map what to do next.
