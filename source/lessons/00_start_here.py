# %% [markdown]
# This course turns statements about multiprocessing into experiments that you run on your own
# machine. Each time, you write down what you expect, run the experiment, and then explain the
# difference.
#
# **You will be able to**
#
# - run a lesson, and read what its cells print;
# - write a program that starts a process, run it in a terminal, and say why it needs the line
#   `if __name__ == "__main__":`;
# - name the three start methods, and say what each costs on your machine;
# - explain why a function that runs in another process belongs in a module (a Python file).
#
# **You need** Python functions, loops and imports. Lessons also use `with`, `try`, f-strings such
# as `f"{seconds:.3f}"`, comprehensions such as `[n * n for n in numbers]`, numbers such as
# `100_000` (the `_` only separates digits), and `f(*items)`, which passes each item as an argument
# of its own. You need to know nothing about processes or threads.

# %% [markdown]
# ## How a lesson works
#
# A notebook consists of cells. Run them from top to bottom: click a cell and press **Shift +
# Enter**. The first code cells of a lesson import what it uses: the tools that you are here to
# learn, from Python's standard library, and the course's own `helpers`, which draw, count and keep
# notes.

# %%
import multiprocessing
import threading
from concurrent.futures import BrokenExecutor, ProcessPoolExecutor
from statistics import median
from time import perf_counter

# %%
from helpers.capture import CapturedStderr, print_traceback
from helpers.claims import tell
from helpers.measure import machine
from helpers.plots import plot_starts
from helpers.progress import show_progress
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.widgets import Explorer, compare, predict
from helpers.workers import children, count_primes
from helpers.workers.compute import is_prime

# %% [markdown]
# Experiments need something to compute. `is_prime` tries one divisor after the other, and
# `count_primes` counts the primes in a range. It is *CPU-bound*: it keeps the processor, the CPU,
# busy. (*Bytecode* is the form in which Python runs your code.)
#
# `show` shows the source of a function. (`n: int` and `-> bool` are notes: they say what goes in
# and what comes out. `map` calls `is_prime` for each number, and `sum` counts a `True` as 1.
# `bad_type` words the error for a wrong argument.)

# %%
show(is_prime)

# %%
show(count_primes)

# %%
count_primes(range(100))

# %% [markdown]
# ## Measure more than once
#
# `perf_counter()` reads a clock in seconds. Two readings and a subtraction make a stopwatch. We use
# it five times and report the **median**: the value in the middle, which one slow round hardly
# changes.


# %%
def seconds_for(numbers):
    began = perf_counter()
    count_primes(numbers)
    return perf_counter() - began


times = [seconds_for(range(100_000)) for _ in range(5)]
tell(f"the median is {median(times):.3f} s, from {min(times):.3f} to {max(times):.3f} s")

# %% [markdown]
# `tell` prints lines that start with **`measured:`**. Such a line is about *this* run on *this*
# machine; next time it says something else. Most other printed lines are the same for everyone.
# Error messages are not: Python's versions word them differently.
#
# Rounds differ, because other programs use the processor too, and its speed changes. So we often
# report the range too, from the fastest round to the slowest. A difference that is smaller may be
# chance.

# %% [markdown]
# ## Predict first, then measure
#
# You learn most from an experiment if you predict its result. Type a number and press **Keep**. No
# one grades it, and you can go on without it. After the experiment, `compare` prints your number
# beside the measured one.
#
# Before you answer, look at the loop in `is_prime`:

# %%
predict(
    "primes-twice",
    "How many times as long does count_primes take for twice as many numbers?",
    "times",
)

# %%
ratios = []
for _ in range(5):
    once = seconds_for(range(100_000))
    twice = seconds_for(range(200_000))
    ratios.append(twice / once)

compare("primes-twice", median(ratios), "times")
tell(f"5 rounds: from {min(ratios):.2f} to {max(ratios):.2f} times")

# %% [markdown]
# More than twice: the second 100,000 numbers are larger, so on average each needs more divisors.
# Equal numbers of items are not equal amounts of work. That will matter when you divide work among
# processes.
# (Each round measured both, so that a busy minute slowed down both.)

# %% [markdown]
# ## What your machine can do
#
# Six words first:
#
# - A **core** is the part of a processor that runs code. Two cores can run two pieces of code
#   in the same instant.
# - A **process** is a running program with memory of its own. This notebook's code runs in one,
#   called the **kernel**.
# - A **thread** is one sequence of execution inside a process. A process has at least one; all its
#   threads share its memory.
# - The **interpreter** is the program that runs Python code. The usual one is called **CPython**.
# - The **GIL** (global interpreter lock) is a part of standard CPython. It lets only one thread of
#   an interpreter run Python code at a time. Lesson 07 measures what that costs.
# - A **start method** is a way to start another process. You will compare them below.

# %%
tell(*machine.about())

# %% [markdown]
# The system counts *logical* cores: a core that can run two threads at once counts as two, and does
# less work than two. It may allow you to use only some of them. Two are enough for this course.
# With one, everything still runs, but shows less. (A GiB is a little more than a billion bytes.)

# %% [markdown]
# ## Your first program with two processes
#
# `%%writefile` writes a cell to a file beside this notebook, and does not run it. This is the whole
# program:

# %% tags=["nbval-ignore-output"]
# %%writefile work_first.py
import multiprocessing


def task():
    print("Process is running")


if __name__ == "__main__":
    p = multiprocessing.Process(target=task)
    p.start()
    p.join()

# %% [markdown]
# `Process(target=task)` describes a process that will call `task`. `start()` starts it. `join()`
# waits until it has ended. The program that starts a process is the **parent**, the new process is
# its **child**. The line with `__name__` is the **main guard**; you will soon see what it guards.
#
# Run it as you would run any program. In JupyterLab choose *File, New, Terminal*, go to the folder
# of this notebook (`cd my_course/notebooks`), and type `python3 work_first.py` (on Windows
# `py work_first.py`). `run_safely` does the same from here, and ends the program if it takes too
# long:

# %%
report = run_safely("work_first.py")
print(report.output)
print("exit code:", report.exit_code)
tell(f"the program took {report.seconds:.3f} seconds")

# %% [markdown]
# The child printed the line. (`output` is all that the program's processes wrote, error messages
# too.) When a process ends, it leaves an **exit code**: 0 if all went well, another number if not.

# %% [markdown]
# ## What a thread and a process cost to start
#
# A thread is started in the same way: `Thread(target=…)`, `start()`, `join()`. So one function can
# time both: its argument `kind` is `Thread` or `Process`. The target does nothing at all:

# %%
show(children.nothing)


# %%
def seconds_to_start(kind):
    began = perf_counter()
    worker = kind(target=children.nothing)
    worker.start()
    worker.join()
    return perf_counter() - began


spawn = multiprocessing.get_context("spawn")

# %% [markdown]
# `get_context("spawn")` returns multiprocessing's tools for one start method. With **spawn**, the
# child is a new interpreter, which has none of its parent's memory. Every system has this method.
#
# On an idle machine, a thread starts and ends in a fraction of a millisecond. A spawned child first
# starts Python, and imports the module of its function. The time of your first program, above,
# contains at least one such start of Python.

# %%
predict(
    "spawn-or-thread",
    "How many times as long as a thread does a process take to start by spawn?",
    "times",
)

# %%
ratios = []
for _ in range(5):
    thread_seconds = seconds_to_start(threading.Thread)
    ratios.append(seconds_to_start(spawn.Process) / thread_seconds)

compare("spawn-or-thread", median(ratios), "times")
tell(f"5 rounds: from {min(ratios):.0f} to {max(ratios):.0f} times")

# %% [markdown]
# The other two start methods exist on Linux and macOS, not on Windows:
#
# - **fork** makes the child as a copy of the process that calls `start()`. Its memory begins with
#   the same content, but it has only one thread, a copy of the one that called. This is quick: no
#   interpreter starts, and the system copies a piece of memory only when one of the two processes
#   writes to it.
# - **forkserver** keeps a helper process, the *server*. The server is a fresh interpreter, started
#   at the first `start()`. For each child it forks *itself*. It does not copy your process, so the
#   function's module must be imported, too.
#
# `machine.profile()` times a thread and each start method, imports included, and a message that
# goes to another process and back (a µs is a millionth of a second). `plot_starts` draws the times
# to start, and returns the drawing, which we don't use.

# %%
profile = machine.profile()
ax = plot_starts(profile)
tell(*profile.in_words())

# %% [markdown]
# Read the axis before the bars: each mark is ten times the one before it.
#
# | system | default start method |
# | --- | --- |
# | Windows, macOS | spawn |
# | Linux, Python 3.14 and newer | forkserver |
# | Linux, Python 3.13 and older | fork |
#
# You can choose: `get_context("spawn").Process(…)`. A program that is written for spawn usually
# works with all three. One that is written for fork often does not; this lesson shows why.

# %% [markdown]
# ## How a spawned child gets your function
#
# A new interpreter does not know your function `task`. The child has to get it from your file. This
# program starts three children, one after the other. Its first `print` is in no function:
#
# (`print` often keeps text until the program ends. `flush=True` writes it at once, so that the
# lines appear in the order in which they were printed. `run_safely` sets the start method by
# `method`.)

# %% tags=["nbval-ignore-output"]
# %%writefile work_again.py
import multiprocessing

print("this file runs as", __name__, flush=True)


def task():
    print("Process is running")


if __name__ == "__main__":
    for _ in range(3):
        p = multiprocessing.Process(target=task)
        p.start()
        p.join()

# %%
predict("file-runs", "Under spawn, how many times is 'this file runs as' printed?", "times")

# %%
report = run_safely("work_again.py", method="spawn")
print(report.output)
compare("file-runs", report.output.count("this file runs as"), "times")

# %% [markdown]
# Four times: once in the program, and once in each child. The program that you start has the name
# `__main__`. In a child, Python runs the same file as `__mp_main__`. There the condition of the
# guard is false, so the child skips the lines inside it. Then it has `task`, and calls it. So
# what you do outside every function and the guard, at the *top level* of a file, each child does
# again: reading a large table, for example.
# (Under forkserver, newer versions of Python run the file once, in the server.)

# %% [markdown]
# ## The guard keeps a child from starting children
#
# This course tests the statements of another text about multiprocessing. That text shows the
# program without the guard:

# %% tags=["nbval-ignore-output"]
# %%writefile work_unguarded.py
import multiprocessing


def task():
    print("Process is running")


p = multiprocessing.Process(target=task)
p.start()
p.join()

# %%
predict(
    "unguarded-prints", "Under spawn, how many times does it print 'Process is running'?", "times"
)

# %%
report = run_safely("work_unguarded.py", method="spawn")
compare("unguarded-prints", report.output.count("Process is running"), "times")

# %% [markdown]
# No process called `task`. Where spawn is the default, you would read this in the terminal
# (`print_traceback` leaves out the folders of this machine):

# %% tags=["nbval-ignore-output"]
print_traceback(report.output)

# %% [markdown]
# A **traceback** is the list of calls that led to an error. Read it from its end:
#
# - `RuntimeError`: the *child* tried to start a process before it had finished its **bootstrapping
#   phase**, in which it gets its function. The text even shows the cure, the guard.
# - Look for `work_unguarded.py`: the child was at `p.start()`.
# - Look for `runpy.run_path`: it got there because it was running your file again.
#
# So the child ran the file to find `task`, met `p.start()` on the way, and Python stopped it.
# Otherwise that child would start a child, and so on without end. The error gave the child the exit
# code 1. All the while, the parent was in `p.join()`.

# %%
predict("unguarded-exit", "What is the exit code of the parent, the program that you started?")

# %%
compare("unguarded-exit", report.exit_code)

# %% [markdown]
# It is 0, as if the work had been done. `join()` waits until the child has ended, well or not, and
# raises no exception. Then the parent ended as usual.
#
# With fork no child runs the file again, so this program works on Linux up to Python 3.13. Under
# forkserver, the same `RuntimeError` appears; in some versions, such as 3.14.10, `start()` then
# fails in the parent too, with a `ConnectionResetError`.

# %% [markdown]
# ## A child finds its function by name
#
# Many notebooks that use multiprocessing fail for the reason that you see here. This function is in
# a cell:


# %%
def square(n):
    return n * n


square(12)

# %% [markdown]
# There are three usual ways to have another process call it. (`args=(12,)` is a tuple of the
# arguments; a tuple of one needs its comma.) We use spawn and one child for each:
#
# 1. a `Process`, as above;
# 2. a `ProcessPoolExecutor`: it keeps **workers**, processes that do one task after the other, and
#    gives up if one of them dies; `submit` hands over a call, and `result` waits for its result;
# 3. a `Pool`, which is older and has workers too, but replaces one that dies; `apply_async` hands
#    over a call, and `get` waits for its result.
#
# All three fail: each time, the child dies before it can call `square`. (It writes its error
# messages to *standard error*, a second output beside that of `print`. `CapturedStderr` keeps them
# as `text`, and `kinds()` lists their exceptions.)

# %%
predict(
    "cell-exceptions",
    "We wait without a time limit. How many of the three raise an exception in this notebook?",
    "of 3",
)

# %%
with CapturedStderr() as captured:
    process = spawn.Process(target=square, args=(12,))
    process.start()
    process.join()

print("exit code:", process.exitcode)
print("the child died of", captured.kinds())

# %% [markdown]
# The cell got no exception, only the exit code. This is what the child wrote. In a notebook on
# Linux or macOS you find it below the cell; on Windows, in the terminal in which Jupyter runs.

# %% tags=["nbval-ignore-output"]
print_traceback(captured.text)

# %% [markdown]
# From its end: there is no `square` in the child's `__main__`. Just above: the child was in
# `pickle.load`, unpacking what its parent had sent. The parent did not send the function's code. It
# sent the function's **name** and the name of its module, and the child looks the name up there.
# The module of a cell is called `__main__`. The child has a `__main__` too, but your cells are not
# in it: they are in no file that it could run. (So a notebook's cell needs no main guard.)
#
# The same happens to code that you type at Python's prompt.

# %%
raised = []
with CapturedStderr() as captured, ProcessPoolExecutor(1, mp_context=spawn) as executor:
    try:
        print(executor.submit(square, 12).result())
    except BrokenExecutor as error:
        raised.append(type(error).__name__)

print(raised)
print("the worker died of", captured.kinds())

# %% [markdown]
# `BrokenProcessPool` is a kind of `BrokenExecutor`: a worker died, and the executor tells you. Why
# it died is only in what the worker wrote.
#
# The third way is the `Pool`. We let `get` wait two seconds at most. Without the limit, this cell
# would never end.

# %%
with CapturedStderr() as captured, spawn.Pool(1) as pool:
    answer = pool.apply_async(square, (12,))
    try:
        print(answer.get(timeout=2))
    except multiprocessing.TimeoutError:
        print("no answer after 2 seconds, and no error")

print("the worker died of", captured.kinds())
compare("cell-exceptions", len(raised), "of 3")

# %% [markdown]
# The `Pool` replaced the worker that died, and forgot the task that the worker had. So one mistake
# has three symptoms: an exit code that is never read, an exception, and a program that hangs.
#
# **fork** hides the mistake, because a forked child is a copy of this process, with all the cells
# that ran before the fork. **forkserver** does not: its children are copies of the server, a fresh
# interpreter that has never seen your cells. So a notebook that works only with fork fails or hangs
# on Windows, on macOS, and on Linux since Python 3.14.

# %% [markdown]
# ## The cure: put the function into a module
#
# A module is a file, and every process can import it. `%%module work_00` writes the cell to
# `work_00.py` beside this notebook and imports it, as `%%writefile` and `import` would. When you
# change the cell and run it again, it imports the new version. The line with `%load_ext` makes
# `%%module` known to Jupyter.

# %%
# %load_ext helpers.magics


# %%
# %%module work_00
def square(n):
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
# All three work, under every start method and on every system. The lessons' own functions are in
# modules too, in the folder `helpers/workers/`. Yours will be in files such as `work_01.py`.
#
# > **In practice.** Two rules prevent what went wrong here. Put what a child runs at the top level
# > of a module. In a program, start processes only from code inside `if __name__ == "__main__":`.
# > A third one: after you edit a worker's module, restart the program (in a notebook, the kernel).
# >
# > **In an interview.** "Your script works on Linux and hangs on a colleague's Mac. Why?" A weak
# > answer blames the Mac. A strong one asks which start method each uses, where the function is
# > defined, whether there is a main guard, and what the children wrote to standard error.

# %% [markdown]
# ## Find out what to do next
#
# Some lessons have a **lab**, in which you write the code. There, `check` tells you what is `ok`,
# and what is `not yet` and why; `hint` gives the next of three steps. Your progress is kept on your
# own machine. Run this cell whenever you come back, or type `python3 course.py progress` (on
# Windows `py course.py progress`) where you started the course:

# %%
show_progress()

# %% [markdown]
# Every lesson ends by looking for children that are still running. There must be none:

# %%
multiprocessing.active_children()

# %% [markdown]
# **You can now**
#
# - predict, measure, and read the lines `measured:`;
# - write a program with a child, a main guard and a `join`, and say what happens without the guard;
# - name the start methods and the default of your system;
# - recognize a function that a child can't find by its three symptoms, and put it into a module.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Some libraries send the code
#
# Some libraries, such as joblib, send the code of a cell's function and not only its name, so they
# accept `square` as it was. That is convenient in a notebook, and hides what a worker depends on.

# %% [markdown]
# ### Move a slider, watch your cores
#
# This is an **explorer**. Choose the *engine* (threads or processes) and the number of workers, and
# press **Run**. The left plot collects your results; the timeline on the right shows when each
# worker did its tasks. **Stop** ends a run at once. Try 2 threads, then 2 processes. Which one is
# faster? Lesson 07 explains it.

# %%
Explorer("primes")

# %% [markdown]
# In the left plot, the dotted line is the ideal: twice the workers, twice as fast. The short black
# lines are your machine's **ceiling**: the speed of as many independent programs, which divide the
# same tasks in advance and then send each other nothing. Don't expect any engine to be faster. Each
# value is the median of several rounds, and the bars show the lowest and the highest.
