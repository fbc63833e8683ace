# %% [markdown]
# A program that you start becomes a **process**: the operating system gives it a number, memory of
# its own, and a share of the processor's time. This lesson starts more processes from Python and
# looks at each of the three.
#
# **You will be able to**
#
# - tell a process from a thread by its id, its interpreter and its memory;
# - show that processes keep several cores busy at once, and threads do not;
# - say what isolation protects you from, and what it asks of you in return.
#
# **You need** lesson 00.

# %%
import multiprocessing
import os
import sys
import threading
from multiprocessing import Process, SimpleQueue

import psutil

# %%
from helpers.workers import children
from helpers.measure import machine
from helpers.claims import claim, tell
from helpers.measure import measure
from helpers.plots import plot_timeline, print_in_words
from helpers.widgets import Explorer, compare, predict
from helpers.workers.workloads import workload

# %% [markdown]
# ## A process has an id of its own
#
# Every process has a number, its **pid**. This notebook's code runs in one: the *kernel*. Let a
# child report its own number. It can't simply return it, since nobody called it: it was started. So
# it puts its answer into a `SimpleQueue`, and we take it out on this side. Lesson 04 is about
# queues; until then, one end puts and the other end gets.

# %%
answers = SimpleQueue()
process = Process(target=children.tell_ids, args=(answers,))
process.start()
child_pid, _ = answers.get()
process.join()

# %%
print("another process:", child_pid != os.getpid())
print("the number that the Process object knows:", child_pid == process.pid)
tell(f"this notebook runs in process {os.getpid()}, the child ran in {child_pid}")

# %% [markdown]
# The child also knows who started it. `multiprocessing.parent_process()` says so under every start
# method. (`os.getppid()` does not: under forkserver, the default on Linux from Python 3.14 on, it
# names the helper process that did the forking.)

# %%
process = Process(target=children.tell_parent, args=(answers,))
process.start()
print("its parent is this notebook:", answers.get() == os.getpid())
process.join()

# %% [markdown]
# ## A process has an interpreter of its own
#
# What an interpreter has imported stands in `sys.modules`. If the child had *our* interpreter, a
# module that it imports would be imported here too.

# %%
process = Process(target=children.import_here, args=("filecmp", answers))
process.start()
in_the_child = answers.get()
process.join()

print("imported in the child:", in_the_child)
print("imported here:", "filecmp" in sys.modules)

# %% [markdown]
# ## A process has memory of its own
#
# The operating system keeps an account for each process. **RSS**, the resident set size, is how
# much of the machine's memory it has in use at the moment, what it shares with others included;
# `psutil`, a library, asks the system for it. Here a child takes 100 million bytes and holds them.
# Two `Event` objects keep us in step: an event is a flag that one side sets and the other waits
# for. Before you look:

# %%
predict("parent-grows", "The child takes 100 MB. By how much does this notebook's RSS grow?", "MB")


# %%
def megabytes(pid: int) -> float:
    return psutil.Process(pid).memory_info().rss / 1e6


holding, leave = multiprocessing.Event(), multiprocessing.Event()
before = megabytes(os.getpid())
process = Process(target=children.hold_memory, args=(100_000_000, holding, leave))
process.start()
holding.wait()
here, there = megabytes(os.getpid()) - before, megabytes(process.pid)
leave.set()
process.join()

# %%
compare("parent-grows", max(0.0, here), "MB")
tell(f"the child itself uses {there:.0f} MB")
claim("P1", child_pid != os.getpid() and "filecmp" not in sys.modules and there - here > 90)

# %% [markdown]
# The child has the whole 100 MB on its own account, and this notebook hardly noticed. The two
# `Event` objects were seen by both sides: they are made for that, as queues are. Ordinary objects
# are not, and that is the next experiment.

# %% [markdown]
# ## A thread shares memory, a process does not
#
# One function, one list. `append_to` appends a 4 and reports what it then sees. First a **thread**
# runs it, then a **process**.

# %%
numbers = [1, 2, 3]
thread = threading.Thread(target=children.append_to, args=(numbers, answers))
thread.start()
thread.join()
print("the thread sees", answers.get(), "and we see", numbers)

# %% [markdown]
# A thread lives inside our process. There is one list, and both of us look at it. Now predict the
# next two lists before you run the cell: what does the process see, and what do we see?

# %%
predict(
    "list-length", "How many numbers are in OUR list after a process has appended one?", "numbers"
)

# %%
numbers_too = [1, 2, 3]
process = Process(target=children.append_to, args=(numbers_too, answers))
process.start()
seen_by_the_child = answers.get()
process.join()
print("the process sees", seen_by_the_child, "and we see", numbers_too)
compare("list-length", len(numbers_too), "numbers")

# %%
claim("P2", len(numbers) == 4 and len(seen_by_the_child) == 4 and len(numbers_too) == 3)

# %% [markdown]
# The child did append, to *its* list. Under fork it got a copy of our memory when it was started;
# under spawn and forkserver the list was turned into bytes (*pickled*: lesson 03), sent and
# rebuilt. Either way there are two lists from then on, and no error says so. That silence is why so
# many programs get this wrong.

# %% [markdown]
# ## Processes run in parallel
#
# **Concurrent** means that several things are under way; **parallel** means that they happen in the
# same instant. To tell them apart, count processor time. If work uses 2 CPU seconds in 1 second on
# the clock, then two cores were at it at once; no taking turns can do that.
#
# The work: count primes in 200 ranges, with 2 workers. The number to look for is *CPU seconds per
# second* over the whole run, the **cores kept busy**: the median of 7 rounds. (Other programs on
# this machine can take time away from our workers. They can't add any.)

# %%
predict("busy-threads", "How many cores do two THREADS keep busy?", "cores", high=64)

# %%
predict("busy-processes", "How many cores do two PROCESSES keep busy?", "cores", high=64)

# %%
primes = workload("primes")
tasks = primes.tasks(count=200, size=800)
by_threads = measure(primes.worker, tasks, "threads", workers=2, rounds=7)
compare("busy-threads", by_threads.cores_busy, "cores")

# %%
by_processes = measure(primes.worker, tasks, "processes", workers=2, rounds=7)
compare("busy-processes", by_processes.cores_busy, "cores")

# %%
ax = plot_timeline(by_threads)
print_in_words(by_threads)

# %%
ax = plot_timeline(by_processes)
print_in_words(by_processes)

# %% [markdown]
# In both pictures two lanes are full. Don't be fooled by the first: its bars are long. A thread's
# bar runs from the moment its task began to the moment it ended, and for about half of that time
# the thread stood still and the other one ran. Compare the lengths of the whole pictures: that is
# the time on the clock.

# %% [markdown]
# The proof needs no average. If for some stretch of the run the tasks used more CPU seconds than
# there were seconds on the clock, then two of them ran in the same instant.

# %%
one_core = "" if machine.usable_cores() > 1 else "this process may use one core only"
at_once = by_processes.cores_in_best_stretch()
claim("P3", at_once > 1.3, f"{at_once:.2f} cores busy in the busiest stretch", unless=one_core)

# %% [markdown]
# Why don't the threads do that? Because standard CPython has a **lock** that lets one thread at a
# time run Python code, and each process has a lock of its own. Lesson 07 takes that apart.
# Meanwhile, try other work: here each task estimates π from random points.

# %%
Explorer("pi")

# %% [markdown]
# ## What isolation gives, and what it costs
#
# Two workers shall count together to 2,000. Each reads the counter, adds one, and writes it back,
# 1,000 times. Between reading and writing, the other one may run; `add_one_often` even gives way
# there on purpose, so that you see in a second what would else be rare. First with threads, which
# share the counter:

# %%
predict(
    "thread-counter", "What does the shared counter say after 2 threads × 1,000 steps?", high=2000
)

# %%
box = [0]
threads = [
    threading.Thread(target=children.add_one_often, args=(1_000, box, answers)) for _ in "ab"
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()

lost = 2_000 - box[0]
_ = [answers.get() for _ in threads]
compare("thread-counter", box[0])
print("updates were lost:", lost > 0)

# %% [markdown]
# A lost update: both read the same number, both add one, both write the same result. That is a
# **race**, and nothing warned us. Now the same function in two processes:

# %%
box = [0]
processes = [Process(target=children.add_one_often, args=(1_000, box, answers)) for _ in "ab"]
for process in processes:
    process.start()
counts = [answers.get() for _ in processes]
for process in processes:
    process.join()
print("each child counted to", counts, "and our own box holds", box[0])

# %% [markdown]
# No update was lost, because nobody shared anything: each child had a box of its own. And our box
# still holds 0, for the same reason. The result exists only because the children **sent** their
# counts. The sum is ours to make:

# %%
print(sum(counts))
claim("P4", lost > 0 and counts == [1_000, 1_000] and box == [0] and sum(counts) == 2_000)

# %% [markdown]
# That is the trade. Isolation removed the race, and asked for a message in return. The bugs that
# remain are of another kind: a message that is not sent, not read, or read by the wrong one.

# %% [markdown]
# > **In practice.** Don't write to a global or to an argument in a worker and hope to see it
# > outside. Give a worker what it needs as arguments, and take what it made as a result. Isolation
# > covers Python objects, not the world: two processes that write to one file race as well as two
# > threads do.
# >
# > **In an interview.** "What is the difference between a process and a thread?" A weak answer says
# > that processes are heavier. A strong one says who shares memory with whom, what follows for
# > races and for communication, and what follows for the cores in standard CPython.
# >
# > **Elsewhere.** RSS counts memory that is shared with other processes in each of them, so the sum
# > over forked children is more than they really take. Lesson 08 counts properly.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()

# %% [markdown]
# **You can now**
#
# - tell a process from a thread: another pid, another `sys.modules`, memory on another account;
# - show parallel work without a stopwatch's word for it: more CPU seconds than seconds;
# - say what isolation gives (no races on ordinary objects) and what it costs (every value that
#   matters must be sent).
