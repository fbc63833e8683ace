# %% [markdown]
# When you start a program, the operating system makes a **process**: it gives the program a number,
# some memory, and a share of the processor's time. In this lesson you start more processes from
# Python, and look at each of the three.
#
# **You will be able to**
#
# - say what each process has of its own, and what its threads share;
# - measure how many cores a program keeps busy, with threads and with processes;
# - say what the separation of processes protects you from, and what it costs you.
#
# **You need** lesson 00.

# %%
import multiprocessing
import os
import sys
import threading
from multiprocessing import Barrier, Event, Process, SimpleQueue
from statistics import median

import matplotlib.pyplot as plt
import psutil

# %%
from helpers.claims import claim, tell
from helpers.measure import machine, measure
from helpers.plots import plot_timeline
from helpers.source_code import show
from helpers.widgets import Explorer, compare, predict
from helpers.workers import children, counting
from helpers.workers.compute import count_primes

# %% [markdown]
# ## Process ids
#
# The operating system gives every process a number, its **pid** (process id). `os.getpid()` returns
# the pid of the process that calls it. Threads have numbers too. This function reports both:

# %%
show(children.tell_ids)

# %% [markdown]
# A child can't return its answer to us: we did not call the function, we started a process that
# calls it. And what a child prints may appear below another cell, or on Windows in the terminal in
# which Jupyter runs. So the child puts its answer into a `SimpleQueue`, and we get it here. Lesson
# 04 is about queues. Until then: one side calls `put`; the other calls `get`, which waits until
# something is there.
#
# Three report: this notebook, a thread of this notebook, and a process that we start.

# %%
predict("process-ids", "How many different process ids do the three report?", "ids")

# %%
answers = SimpleQueue()
children.tell_ids(answers)
here = answers.get()

thread = threading.Thread(target=children.tell_ids, args=(answers,))
thread.start()
thread.join()
in_a_thread = answers.get()

process = Process(target=children.tell_ids, args=(answers,))
process.start()
in_a_process = answers.get()
process.join()

# %%
tell(f"(process, thread) ids: here {here}, thread {in_a_thread}, process {in_a_process}")
pids = {here[0], in_a_thread[0], in_a_process[0]}  # a set keeps each id once
compare("process-ids", len(pids), "ids")
print("process.pid is the id that the child reported:", process.pid == in_a_process[0])

# %% [markdown]
# The thread has a number of its own, but it runs in our process. (On Linux, the first thread of a
# process has the number of the process.) Only `Process` made a new process. The child also knows
# its parent. `parent_process()` describes the process that called `start()`. (It returns `None` in
# a *main process*, one that multiprocessing did not start.)

# %%
show(children.tell_parent)

# %%
process = Process(target=children.tell_parent, args=(answers,))
process.start()
print("its parent is this notebook:", answers.get() == os.getpid())
process.join()

# %% [markdown]
# `os.getppid()` asks the operating system instead. Under forkserver, the default on Linux since
# Python 3.14, the answer is the fork server, which made the child. `parent_process()` gives the
# process that called `start()` under every start method.

# %% [markdown]
# ## An ordinary list
#
# One function appends a 4 to a list, and reports the list that it then sees:

# %%
show(children.append_to)

# %% [markdown]
# First a **thread** runs it:

# %%
numbers = [1, 2, 3]
thread = threading.Thread(target=children.append_to, args=(numbers, answers))
thread.start()
thread.join()
print("the thread sees", answers.get(), "and we see", numbers)

# %% [markdown]
# A thread lives inside our process. There is one list, and both look at it. Now a process runs the
# same function. Our list begins as `[1, 2]`. We give it to `Process(…)`, which describes a process,
# then append a 3, and only then call `start()`.

# %%
predict("child-list", "How many numbers does the CHILD report?", "numbers")

# %%
predict("list-length", "How many numbers are then in OUR list?", "numbers")

# %%
own_numbers = [1, 2]
process = Process(target=children.append_to, args=(own_numbers, answers))
own_numbers.append(3)
process.start()
seen_by_the_child = answers.get()
process.join()

compare("child-list", len(seen_by_the_child), "numbers")
compare("list-length", len(own_numbers), "numbers")
print("the process sees", seen_by_the_child, "and we see", own_numbers)

# %% [markdown]
# The child did append, to *its* list. That list was made by `start()`, so it has the 3. Under fork,
# it is part of a copy of our memory. Under spawn and forkserver, our list was turned into bytes (it
# was *pickled*: lesson 03), sent, and built again. Either way, there are two lists from then on.
# This is **isolation**: a process does not see another's objects. No error tells you, and that is
# why so many programs get this wrong.

# %% [markdown]
# ## The interpreter of a process
#
# An interpreter keeps the modules that it has imported in `sys.modules`. Our child will import
# `filecmp`, a module of the standard library that this notebook has not imported.
# `import_module(name)` imports the module of that name.

# %%
show(children.import_here)

# %%
process = Process(target=children.import_here, args=("filecmp", answers))
process.start()
imported_there = answers.get()
process.join()

imported_here = "filecmp" in sys.modules
print("imported here:", imported_here, "  in the child:", imported_there)

# %% [markdown]
# Each process has its own interpreter, with its own modules, its own global variables and its own
# GIL. Once a child runs, it does not get the modules that you import here, nor the variables that
# you set.

# %% [markdown]
# ## The memory of a process
#
# The operating system counts how much of the machine's memory each process uses: its **RSS**
# (resident set size). The library `psutil` asks for the number: `psutil.Process(pid)` starts
# nothing, and describes the process with that id. An MB is a million bytes, `1e6`.


# %%
def megabytes(pid):
    return psutil.Process(pid).memory_info().rss / 1e6


tell(f"this notebook, with all that it imported, uses {megabytes(os.getpid()):.0f} MB")

# %% [markdown]
# Our child will hold a block of 100 million bytes:

# %%
show(children.hold_memory)

# %% [markdown]
# An `Event` is a flag that one side sets and another waits for. We use two: with `holding`, the
# child tells us that it has the memory; with `leave`, we tell it that it may end.

# %%
predict("child-memory", "The child's block has 100 MB. What is the child's RSS?", "MB")

# %%
holding, leave = Event(), Event()
before = megabytes(os.getpid())
process = Process(target=children.hold_memory, args=(100_000_000, holding, leave))
process.start()
holding.wait()
grown, there = megabytes(os.getpid()) - before, megabytes(process.pid)
leave.set()
process.join()

# %%
compare("child-memory", there, "MB")
tell(f"this notebook grew by {max(0, grown):.1f} MB")  # it may also shrink

# %% [markdown]
# The child needs more than the block, because it has an interpreter of its own. (Under fork, its
# RSS also counts the memory that it still shares with this notebook. Otherwise it imports less than
# this notebook did.) This notebook hardly noticed the block. Both sides saw the two events: like
# queues, events are made to be shared.

# %% [markdown]
# This course tests what another text says about multiprocessing. Each of its statements is a
# **claim** with an id: a letter for its topic and a number. `P1` is the first claim about
# processes. After an experiment, a cell prints one of three lines:
#
# ```
# ✓ P1  …
# ✗ P1  …  did not hold here
# – P3  …  can't be shown here: this process may use one core only
# ```
#
# The check mark `✓` means that your run showed the claim. The cross `✗` means that your run
# contradicts it: run the notebook again when the machine is less busy, and if the cross stays,
# believe your measurement and tell us. The dash `–` means that this run can't show it, and the line
# gives the reason: one core only, say, or rounds of a measurement that disagree with each other.
# JupyterLab hides the code of such a cell. To see what it tests, click the bar to its left or the
# three dots.

# %% tags=["claim"]
own_id = in_a_process[0] != here[0]
own_interpreter = imported_there and not imported_here
own_memory = there > 100 and grown < 50
claim("P1", own_id and own_interpreter and own_memory)

# %% tags=["claim"]
thread_shares = numbers == [1, 2, 3, 4]
process_does_not = seen_by_the_child == [1, 2, 3, 4] and own_numbers == [1, 2, 3]
claim("P2", thread_shares and process_does_not)

# %% [markdown]
# ## Concurrent or parallel?
#
# **Concurrent** means that several things are in progress. **Parallel** means that they happen in
# the same instant. A cook who stirs two pots in turn works concurrently; two cooks work in
# parallel.
#
# To tell them apart, compare two clocks. `perf_counter()` is like a clock on the wall: it always
# runs. `thread_time()` counts the **CPU time** of the thread that calls it: it runs only while that
# thread is on a core, and stands still while the thread waits. If workers use 2 CPU seconds in 1
# second on the wall, they kept two cores busy. Workers that take turns can't do that.

# %%
show(counting.count_in_pieces)

# %% [markdown]
# Both workers wait at a **barrier**, which opens when two have come, so that neither starts early.
# Each then counts the primes in 256 small pieces, and puts a list. `run_two` joins the two lists.
# `kind` is `Thread` or `Process`; the rest is the same.

# %%
pieces = [range(n, n + 500) for n in range(1_000_000, 1_128_000, 500)]


def run_two(kind):
    given = (pieces, Barrier(2), answers)
    workers = [kind(target=counting.count_in_pieces, args=given) for _ in range(2)]
    for worker in workers:
        worker.start()
    spans = answers.get() + answers.get()
    for worker in workers:
        worker.join()
    return spans


# %% [markdown]
# The **cores kept busy** are the CPU seconds of all pieces, divided by the seconds of the whole
# run, from the first start to the last end:


# %%
def cores_busy(spans):
    first_start = min(start for start, end, cpu in spans)
    last_end = max(end for start, end, cpu in spans)
    return sum(cpu for start, end, cpu in spans) / (last_end - first_start)


# %%
predict("busy-threads", "How many cores do two THREADS keep busy?", "cores", high=64)

# %%
thread_rounds, process_rounds = [], []
for _ in range(5):
    thread_rounds.append(run_two(threading.Thread))
    process_rounds.append(run_two(Process))

by_threads = [cores_busy(spans) for spans in thread_rounds]
by_processes = [cores_busy(spans) for spans in process_rounds]

# %%
compare("busy-threads", median(by_threads), "cores")
tell(f"threads, 5 rounds: from {min(by_threads):.2f} to {max(by_threads):.2f} cores")
tell(f"processes: {median(by_processes):.2f} cores")
tell(f"processes, 5 rounds: from {min(by_processes):.2f} to {max(by_processes):.2f} cores")

# %% [markdown]
# On an idle machine with two or more equally fast cores, two threads under the GIL keep about one
# core busy, and two processes about two. If you got less, other programs probably used the cores at
# the same time. They can take CPU time away from our workers; they can't add any.
#
# So to *prove* that two workers ran in the same instant, we need only one short stretch of the run
# in which they did. We take the **busiest stretch** of at least 2 milliseconds (0.2 seconds on
# Windows). If its pieces used clearly more CPU seconds than passed on the wall, two of them ran at
# once. That proves parallelism. Only the whole run says how many cores it kept busy.


# %% tags=["claim"]
def busiest_stretch(spans, shortest):
    most = 0
    by_end = sorted(spans, key=lambda span: span[1])
    for first_start, _, _ in spans:
        cpu_inside = 0
        for start, end, cpu in by_end:
            if start >= first_start:
                cpu_inside += cpu
                if end - first_start >= shortest:
                    most = max(most, cpu_inside / (end - first_start))
    return most


# %% tags=["claim"]
shortest = 0.002  # seconds
if sys.platform == "win32":
    shortest = 0.2  # Windows counts CPU time in steps of 1/64 second
at_once = max(busiest_stretch(spans, shortest) for spans in process_rounds)
reason = ""
if machine.usable_cores() == 1:
    reason = "this process may use one core only"
claim("P3", at_once > 1.3, unless=reason)
tell(f"busiest stretch of the processes: {at_once:.2f} CPU seconds per second")

# %% [markdown]
# Now see it. `measure` does what you did by hand, for a list of tasks: it starts the workers, times
# each task and stops the workers. Of the 5 rounds, we draw the one with the median time; `wall` is
# that time. The lines with `axes` put the two pictures on one time axis.

# %%
tasks = [range(n, n + 16_000) for n in range(1_000_000, 1_256_000, 16_000)]
threads = measure(count_primes, tasks, "threads", workers=2, rounds=5)
processes = measure(count_primes, tasks, "processes", workers=2, rounds=5)

figure, axes = plt.subplots(2, 1, sharex=True, figsize=(6.6, 4.6), layout="constrained")
ax = plot_timeline(threads, axes[0])
ax = plot_timeline(processes, axes[1])
ax = axes[0].set(xlabel="", xlim=(0, max(threads.wall, processes.wall)))
tell(f"16 tasks: 2 threads took {threads.wall:.2f} s, 2 processes took {processes.wall:.2f} s")

# %% [markdown]
# A lane is a worker, a bar is a task, and stripes are time in which a worker had no task. All lanes
# are nearly full, and with two idle cores the threads still take about twice as long. A thread's
# bar runs from the start of its task to the end, and for about half of that time the thread stood
# still while the other one ran: concurrent, not parallel.
#
# The reason is the GIL. A **lock** is an object that only one thread or process can hold at a time,
# and a thread must hold its interpreter's GIL to run Python code. Two processes have two
# interpreters, and so two GILs. (A *free-threaded* build of CPython usually runs without one; there
# the threads are parallel too. Lesson 07 measures all of this.)

# %% [markdown]
# ## What isolation gives, and what it costs
#
# Two workers count together to 2,000. Each reads the counter, adds one, and writes it back, 1,000
# times. The counter is `box[0]`, the only number in a list:

# %%
show(children.add_one_often)

# %% [markdown]
# Between reading and writing, the other worker may run. CPython with a GIL happens not to switch
# threads there, so `time.sleep(0)` lets it run each time. We begin with two threads, which share
# the box:

# %%
predict(
    "thread-counter", "What does the shared counter say after 2 threads × 1,000 steps?", high=2000
)

# %%
box = [0]
given = (1_000, box, answers)
threads = [threading.Thread(target=children.add_one_often, args=given) for _ in range(2)]
for thread in threads:
    thread.start()
seen_by_threads = [answers.get() for _ in threads]
for thread in threads:
    thread.join()

shared_count = box[0]
compare("thread-counter", shared_count)
print("updates were lost:", shared_count < 2_000)

# %% [markdown]
# Both read the same number, both add one, and both write the same result: one update is lost. A
# result that depends on which comes first is a **race** (race condition), and nothing warns you.
# Now two processes run the same function, with the same `sleep(0)`. Each puts what its box then
# holds:

# %%
predict("sum-of-boxes", "What is the sum of the two numbers that the processes put?")

# %%
box = [0]
given = (1_000, box, answers)
processes = [Process(target=children.add_one_often, args=given) for _ in range(2)]
for process in processes:
    process.start()
counts = [answers.get() for _ in processes]
for process in processes:
    process.join()

compare("sum-of-boxes", sum(counts))
print("the children counted to", counts, "and our box holds", box[0])

# %% tags=["claim"]
bug_of_threads = shared_count < 2_000
no_bug_of_processes = counts == [1_000, 1_000]
price = box == [0] and sum(counts) == 2_000  # only what was sent arrived
claim("P4", bug_of_threads and no_bug_of_processes and price)

# %% [markdown]
# No update was lost, because the children did not share the box: each had its own, and counted from
# 0 to 1,000. Our box still holds 0, for the same reason. We know the counts only because the
# children **sent** them, and we had to add them ourselves.
#
# So isolation removes races between processes on ordinary objects, but then you must send messages.
# That makes room for bugs of another kind: a message that is not sent, that is not read, or that
# the wrong process reads.

# %% [markdown]
# > **In practice.** Give a worker process what it needs as arguments, and take what it made as a
# > result. If it changes a global variable or an argument, yours stays as it was. Isolation covers
# > Python's objects, not files: two processes that write to one file race just as two threads do.
# >
# > **In an interview.** "What is the difference between a process and a thread?" A weak answer says
# > that processes are heavier. A strong one says which of them share memory, what follows for races
# > and for communication, and how many cores each can keep busy in standard CPython.
# >
# > **Elsewhere.** Memory that processes share counts in the RSS of each, so the sum over forked
# > children is more than they really use. Lesson 08 counts properly.

# %% [markdown]
# No child may be left:

# %%
multiprocessing.active_children()

# %% [markdown]
# **You can now**
#
# - tell a process from a thread: another pid, another `sys.modules`, other memory;
# - read the lines `✓`, `✗` and `–` of a claim;
# - prove that work ran in parallel: more CPU seconds than seconds on the wall;
# - say how many cores a program kept busy: CPU seconds per second of the whole run;
# - say what isolation gives (processes don't race on ordinary objects) and what it costs (you must
#   send every value that matters).

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Does other work behave like this?
#
# Here each task estimates π from random points. Run 2 threads and 2 processes, then larger tasks:

# %%
Explorer("pi")

# %% [markdown]
# It behaves the same: the loop is Python code too, and the random numbers come from code written in
# C that holds the GIL. Work that waits, or that runs in C code which releases the GIL, behaves
# differently. Lesson 07 compares them.
