# %% [markdown]
# Each process has memory of its own. That sentence is easy to repeat and hard to keep in mind:
# programs that forget it give wrong results and no error. This lesson shows what a child gets from
# its parent and what it does not, how to hand things over on purpose, and what happens when several
# processes do share one number.
#
# **You will be able to**
#
# - say what a child starts with, under each start method, and what it never sees;
# - pass what a child needs, and know beforehand what can be passed;
# - share a number by `Value`, see an addition get lost, and prevent it with a lock.
#
# **You need** lessons 00 to 02.

# %%
import dis
import multiprocessing
import sys
import threading
from multiprocessing import Array, Barrier, Process, SimpleQueue, Value
from types import SimpleNamespace

# %%
from helpers.workers import isolation
from helpers.claims import claim, tell
from helpers.interleaving import PROGRAMS, Interleaving, search
from helpers.diagnosis import under_every_method
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.plots import plot_schedule, print_schedule
from helpers.widgets import Explorer, Interleaver, compare, predict

# %% [markdown]
# ## What a child changes, only the child sees
#
# The module `isolation` has a global, `counter`, which is 0. Its function `count_up` adds 1 to it,
# appends the result to a list that it is given, and reports both. Three children run it, one after
# the other, on the same list.

# %%
predict("third-child", "Which value of `counter` does the THIRD child report?")

# %%
numbers, answers, reports = [], SimpleQueue(), []
for _ in range(3):
    child = Process(target=isolation.count_up, args=(numbers, answers))
    child.start()
    reports.append(answers.get())
    child.join()

print("the children report:", reports)
print("we have:            ", (isolation.counter, numbers))

# %%
compare("third-child", reports[2][0])
claim("I1", reports == [(1, [1])] * 3 and (isolation.counter, numbers) == (0, []))

# %% [markdown]
# Every child begins where *we* are, at 0 and with an empty list, and its changes end with it.
# Nothing flows back, and nothing flows from one child to the next. This is **memory isolation**. It
# holds for every ordinary Python object: numbers, lists, dicts, attributes, globals.

# %% [markdown]
# ## What a child starts with depends on the start method
#
# Lesson 00 named three ways to start a process:
#
# - **fork** copies the parent's memory as it is at that moment;
# - **spawn** starts a new interpreter, which imports the program's main module anew, under another
#   name, so that what stands behind `if __name__ == "__main__":` does not run again;
# - **forkserver** keeps a server process that was started early and knows little, and forks *that*.
#
# So a child of fork knows what `main` has done so far; the others know what an import makes. Here
# is a program in which the difference decides about money:

# %%
show("global_or_argument.py")

# %% [markdown]
# `main` sets the rate to 3. `by_global` reads the global, `by_argument` gets the rate handed over.

# %%
predict("by-global", "Under spawn: what does `by_global` send for 100 × the rate?")

# %% [markdown]
# `under_every_method` is this course's **lens**: it runs one and the same program under each start
# method that your system has, within limits, and lays side by side what it printed.

# %%
money = under_every_method("global_or_argument.py", limit=60)
tell(*str(money).splitlines())
global_in = money.printed("in by_global, out by a queue")
argument_in = money.printed("in by_argument, out by a queue")
compare("by-global", int(global_in["spawn"]))

# %%
claim("R11", global_in["spawn"] == "100" and set(argument_in.values()) == {"300"})
global_out = money.printed("out by a global")
claim("I2", set(global_out.values()) == {"0"} and set(argument_in.values()) == {"300"})

# %% [markdown]
# Two columns of the first row are wrong, and no error says so. A program that was written on Linux
# up to Python 3.13 (fork) gives another result on Windows, on macOS (spawn), or on Linux from
# Python 3.14 on (forkserver). The last row is wrong everywhere: a result in a global stays in the
# child.
#
# The second row is the rule: **in by arguments, out by a queue.** Such a program does the same
# under every method. (What else a child gets or misses, from open files to random numbers, is the
# first part below the end.)

# %% [markdown]
# ## Not everything can be sent
#
# To send an object, Python **pickles** it: it writes down, as bytes, how to build an equal one. The
# receiver builds that: a copy, equal and not the same.
#
# A function is pickled as its name: *module and name in it*. A lambda has no name that a child
# could look up. A lock, an open file, a generator are tied to this process. Here a program gives
# seven things to a child, as arguments of `Process`: a list, a function of the program's top level,
# a lambda, a function inside a function, a `threading.Lock`, an open file, a generator.

# %%
predict("arrive", "How many of the seven arrive under spawn?", "things")

# %%
passed = under_every_method("what_can_be_passed.py", limit=60)
tell(*str(passed).splitlines())

# %%
plain = ("a list", "a function of this file")
tied = (
    "a lambda",
    "a function in a function",
    "a lock of threading",
    "an open file",
    "a generator",
)
arrive = [name for name in plain + tied if passed.printed(name)["spawn"] == "arrives"]
compare("arrive", len(arrive), "things")

# %%
everywhere = all(set(passed.printed(name).values()) == {"arrives"} for name in plain)
strict = [method for method in passed.reports if method != "fork"]
nowhere = not any(passed.printed(name)[method] == "arrives" for name in tied for method in strict)
claim("R10", everywhere and nowhere and arrive == list(plain))

# %% [markdown]
# Under fork all seven seem to work, since nothing is pickled: the child just has the parent's
# memory. This is how a program comes to work for years and to break on another system. The cure is
# always the same: pass data, and a function with a name; build the lock, the file, the connection
# *in* the child.

# %% [markdown]
# ## What is meant to be shared
#
# Some objects of `multiprocessing` refer to one thing outside of any process: `Lock`, `Event`,
# `Barrier`, the queues, and two kinds of shared memory. **`Value`** is one number that all see, and
# **`Array`** is a row of them. They hold C types, named by a letter: `"i"` is an integer of 32
# bits, `"q"` one of 64, `"d"` a float.

# %%
box, row = Value("i", 0), Array("d", 3)
children = [Process(target=isolation.set_value, args=(box, 7))]
children += [Process(target=isolation.fill_place, args=(row, n, n / 2)) for n in range(3)]
for child in children:
    child.start()
for child in children:
    child.join()
print("we read:", box.value, list(row))

# %% [markdown]
# Three children wrote to one array, each to a place of its own: nobody was in anybody's way. Mind
# the type, though. These are not Python's integers.

# %%
predict(
    "too-large", 'What is in a Value("i") of 2,147,483,647 after 1 is added?', low=-1e12, high=1e12
)

# %%
box.value = 2_147_483_647
box.value += 1
compare("too-large", box.value)
print("it is negative:", box.value < 0)

# %% [markdown]
# No error, and a wrong number: 32 bits are full at 2³¹ − 1. Take `"q"` unless you know better.

# %% [markdown]
# ## Hand them over as arguments, at the start
#
# How does a child get to the Value? A global seems shorter. Here both ways, in one program:

# %%
show("value_by_global.py")

# %%
predict("value-by-global", "Under spawn: what does the parent read after `fill_global` ran?")

# %%
handed = under_every_method("value_by_global.py", limit=60)
tell(*str(handed).splitlines())
by_global = handed.printed("by a global, the parent reads")
as_argument = handed.printed("as an argument, the parent reads")
compare("value-by-global", int(by_global["spawn"]))
claim("R8", by_global["spawn"] == "0" and set(as_argument.values()) == {"7"})

# %% [markdown]
# A spawned child imported the module, and so ran `box = Value("i", 0)` once more. It filled a
# number that nobody else knows. With a lock it is worse: each process takes a lock of its own, and
# nobody ever waits.
#
# Arguments it is. But not at any time: a lock is handed over while a child is being *started*, in
# the `args` of its `Process`. It can't be sent to one that already runs.

# %% [markdown]
# ## Adding one is three steps
#
# Now several children shall *add* to one Value. What does Python do for `box.value += 1`?

# %%
steps = [one.opname for one in dis.get_instructions("box.value += 1")]
print([name for name in steps if name in ("LOAD_ATTR", "BINARY_OP", "STORE_ATTR")])

# %% [markdown]
# **Load** the number, **add** one to what was loaded, **store** the result. Between two of these
# steps another process may do some of its own. Call one order of all the steps a **schedule**: two
# workers with three steps each have 20 of them. After both, the cell should hold 2.

# %%
predict("right-schedules", "In how many of the 20 schedules does the cell hold 2?", high=20)

# %% [markdown]
# Be the scheduler, the part of the system that decides who runs next. Press *next step* of either
# worker, in any order, and watch the registers (what each has loaded) and the shared cell. Find an
# order that loses an addition, and one that does not.

# %%
Interleaver()

# %%
found = search("no lock")
print(found)
compare("right-schedules", found.right)

# %%
worst = Interleaving("no lock").follow(found.worst)
ax = plot_schedule(worst)
print_schedule(worst)

# %% [markdown]
# The columns are moments, from left to right. Both workers load 0 before one of them has stored. So
# both store 1, and the second store wipes out the first: a **lost update**. Only two schedules are
# right, those in which one worker does all of its steps before the other one begins.

# %% [markdown]
# ## Isolation prevents the race; sharing brings it back
#
# Now for real. `add_in_worst_order` loads, waits at a barrier until the other worker has loaded,
# too, and stores. So the worst schedule comes about every time. Two workers run it: as threads with
# an ordinary object; as processes with an ordinary object; as processes with a Value; and once more
# with the Value's lock held from load to store.


# %%
def two_add(kind, box, barrier, lock=None, patience=30.0) -> tuple:
    """What we read in the box in the end, and what each worker sees in it after its store."""
    args = (box, barrier, lock, patience, answers)
    workers = [kind(target=isolation.add_in_worst_order, args=args) for _ in "AB"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return box.value, sorted(answers.get() for _ in workers)


# %%
predict("worst-order", "Two PROCESSES add 1 to one Value in the worst order: what do we read?")

# %%
shared, guarded = Value("q", 0), Value("q", 0)
came = {
    "threads, ordinary object": two_add(
        threading.Thread, SimpleNamespace(value=0), threading.Barrier(2)
    ),
    "processes, ordinary object": two_add(Process, SimpleNamespace(value=0), Barrier(2)),
    "processes, Value": two_add(Process, shared, Barrier(2)),
    "processes, Value, its lock held": two_add(
        Process, guarded, Barrier(2), guarded.get_lock(), patience=0.2
    ),
}

# %%
for how, (we_read, they_see) in came.items():
    print(f"{how:32} we read {we_read}, the workers see {they_see}")
compare("worst-order", came["processes, Value"][0])

# %% [markdown]
# - **Threads** share the object, and one addition is lost.
# - **Processes with an ordinary object** each have one of their own. Nothing is lost: each sees its
#   own 1. We read 0, since nothing was sent to us.
# - **Processes with a Value** share again, and the lost update is back.
# - **With the lock held** the other worker can't load in between. It comes after, and adds to 1.
#
# In the last run, whoever was first waited in vain for the other at the barrier, and went on alone.

# %%
claim("I3", list(came.values()) == [(1, [1, 1]), (0, [1, 1]), (1, [1, 1]), (2, [1, 2])])

# %% [markdown]
# ## A Value has a lock, and `+=` does not hold it
#
# `Value` comes with a lock, and takes it by itself for each read and for each write. That is not
# enough: `+=` is a read *and* a write, and between them the lock is free. Have all schedules
# searched, for each way to use a lock:

# %%
for program in PROGRAMS:
    print(search(program))

# %% [markdown]
# With a lock for each access there are 52 schedules, since to take and to free it are steps, too;
# and still only two are right. Held from the load to the store, it leaves only those two: all
# others need a step that has to wait. In the widget above, choose *one lock from load to store*,
# let A take the lock, and press B.
#
# So hold it for the whole line: `with box.get_lock():`. Two processes, 10,000 additions each, at
# full speed and without help from a barrier in between:

# %%
predict("race", "2 × 10,000 times `total.value += 1`: what does the total say?", high=20_000)


# %%
def count_together(target) -> int:
    """What two processes count to that begin together, 10,000 additions each."""
    total, begin = Value("q", 0), Barrier(2)
    workers = [Process(target=target, args=(10_000, total, begin)) for _ in "AB"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return total.value


# %%
for _ in range(20):
    unlocked = count_together(isolation.add_often)
    if unlocked < 20_000:
        break

compare("race", unlocked)
tell(f"additions lost: {20_000 - unlocked:,} of 20,000")
print("with the lock held:", count_together(isolation.add_often_locked))

# %% [markdown]
# How many are lost differs from run to run; on a quiet machine, or with few additions, it may be
# none. That is what makes a race a bad bug: the test passes, and the result is wrong a month later.
# Don't rely on a test to find it. Look for *load, add, store* without a lock, and prove it by the
# schedules.

# %% [markdown]
# ## Two versions of one program
#
# Enter the length of three words into a dict. First one program, and only the word for the worker
# is exchanged:

# %%
predict("entries", "How many entries has OUR dict after three processes?", "entries")

# %%
words, entered = ("salt", "and", "sea"), {}
for kind in (threading.Thread, Process):
    lengths = {}
    workers = [kind(target=isolation.measure_word, args=(word, lengths)) for word in words]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    entered[kind.__name__] = lengths
    print(f"{kind.__name__:8} {dict(sorted(lengths.items()))}")

# %% [markdown]
# Now the version for processes: nobody writes into our dict but we. The worker has a queue in the
# place of the dict, and one line on our side takes the results out.

# %%
workers = [Process(target=isolation.send_length, args=(word, answers)) for word in words]
for worker in workers:
    worker.start()
received = dict(answers.get() for _ in words)
for worker in workers:
    worker.join()
print("received", dict(sorted(received.items())))

# %%
compare("entries", len(entered["Process"]), "entries")
claim("I4", entered["Thread"] == received and entered["Process"] == {} and len(received) == 3)

# %% [markdown]
# | | threads | processes |
# | --- | --- | --- |
# | in | whatever they can see | arguments |
# | out | write into our object | send a message |
# | what can go wrong | two write at once | nobody sends, or nobody reads |
# | the cure | a lock, everywhere | one path for each result |
#
# Threads share easily, and you have to prevent what should not be shared. Processes isolate, and
# you have to pass what should. That is the main difference in design between the two.

# %% [markdown]
# > **In practice.** Write worker functions that get all they need as arguments and give back all
# > that they make; test them without processes. Share a `Value` for a counter or a flag, hold its
# > lock for the shortest time that is right, and compute *before* you take it. Seed each worker's
# > generator on its own: `numpy.random.SeedSequence(1).spawn(4)` makes four independent seeds.
# >
# > **In an interview.** "`Value` has a lock. Is `v.value += 1` safe?" A weak answer says yes. A
# > strong one names the three steps, says when the lock is held, and writes `with v.get_lock():`
# > around all of them. Asked for the least that two workers can count to with 1,000 additions each,
# > it says 2.
# >
# > **Elsewhere.** Windows has spawn only. macOS has fork and does not use it by default, since its
# > system libraries may start threads. From 3.13.8 and 3.14.1 on, a fork server imports the main
# > module once, and children find its globals as that import left them (Python's list of changes).

# %% [markdown]
# **You can now**
#
# - say what a child starts with: a copy under fork, an import under spawn, an early server's memory
#   under forkserver; and that nothing flows back;
# - pass what it needs as arguments, at the start, as data and named functions;
# - share a number by `Value`, count the schedules that lose an addition, and hold the lock from the
#   load to the store.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Seven things, and who gets them
#
# Before it starts two children, this program sets a global, a variable of the environment and the
# working directory, opens a file, starts a thread, and seeds two generators of random numbers with
# 1: the standard library's `random` and NumPy's. Each child draws one number from both.

# %%
predict("four-draws", "Under FORK: how many different numbers are among these four?")

# %%
gets = under_every_method("what_a_child_gets.py", limit=60)
tell(*str(gets).splitlines())

# %%
by_fork = {
    name: gets.printed(f"{name} in two children, seeded by main").get("fork")
    for name in ("random", "numpy.random")
}
if by_fork["random"]:
    compare("four-draws", 4 - list(by_fork.values()).count("equal"))
else:
    tell("this system has no fork")

# %% [markdown]
# Read it by columns. A **forked** child has the global, the open file and NumPy's generator in the
# very state it was in: so both children draw *the same* numbers. A simulation in four processes
# then does one and the same experiment four times; the lens names that as the failure it is.
# Python's own `random` is seeded anew after a fork; NumPy is not.
#
# A **spawned** child has what is handed down on purpose: the environment and the working directory.
#
# A child of the **fork server** gets the environment as it was *when the server started*, at the
# first child. A variable that is set later is missing: a trap on Linux since Python 3.14, where
# this method is the default.
#
# Nobody gets the parent's threads. Only the thread that called `start()` goes on in a forked child.

# %% [markdown]
# ### A fork copies locks, but not the threads that hold them
#
# A forked child has the parent's locks, and of its threads only the one that called `start()`.
# Suppose that another thread holds a lock at the moment of the fork. The child gets a copy of the
# lock, which is locked, and no thread that will ever unlock it.

# %%
show("started_while_locked.py")

# %%
locked = under_every_method("started_while_locked.py")
tell(*str(locked).splitlines())

# %% [markdown]
# Under fork the child waits forever, and the lens ended it. The locks that this happens to are
# seldom your own. They are in some library, and so are the threads: those of a progress bar, of a
# database driver, of this notebook. And the moment must be a bad one, so it happens rarely. That is
# why Python warns from 3.12 on when a process with several threads forks, and why Linux got another
# default in 3.14.

# %% [markdown]
# One more thing that seems to be inherited: functions that are registered by `atexit`, to run at
# the end. Whether a child runs them depends on the method, and on the version: from 3.13 on a child
# runs its own under every method, before that under spawn only. The parent's never run in the
# child. A `finally` clause in the target is the better place.

# %%
tell(*str(under_every_method("exit_handlers.py", limit=60)).splitlines())

# %% [markdown]
# ### Forked memory is shared until somebody writes to it
#
# A fork does not really copy the memory. Parent and child use the same **pages** (pieces of a few
# KiB), and the system copies a page when one of them first writes to it. That is **copy-on-write**.
# So a large table that the parent has made, and that children only read, should cost nothing more.
#
# Here a forked child reads three things of 32 to 40 MB, in turn: a NumPy array; a list that
# holds one and the same object 4,000,000 times; a list of 1,000,000 floats. What counts is its
# **USS**, the *unique set size*: the memory that it shares with nobody.

# %%
predict(
    "reading-costs", "By how many MB does a child's USS grow by READING 1,000,000 floats?", "MB"
)

# %%
if "fork" in multiprocessing.get_all_start_methods():
    report = run_safely("only_reads.py", limit=60)
    lines = [line for line in report.output.splitlines() if line.startswith("a")]
    grown = dict(line.split(": ") for line in lines)
    tell(*(f"{name}: {more} MB more after reading" for name, more in grown.items()))
    compare("reading-costs", float(grown["a list of many objects"]), "MB")
else:
    tell("this system has no fork, and so nothing is shared in this way")

# %% [markdown]
# The array cost nothing. The list cost nearly all of its objects, though no line of the program
# writes to them. CPython does: each object begins with its **reference count**, how many names and
# containers refer to it, and a loop counts it up and down again. That is a write, on every page
# that has an object. The second list has one object only, so one page was copied.
#
# From 3.12 on some objects are **immortal**: `None`, `True`, small integers. Their count never
# changes.

# %%
before = sys.getrefcount(None)
more = [None] * 1_000
tell(f"1,000 more references raised the count of None by {sys.getrefcount(None) - before}")

# %% [markdown]
# So under fork: large data in one block (an array, `bytes`) is shared for free as long as nobody
# writes; many small objects are copied page by page as they are used. `gc.freeze()` before the fork
# keeps the garbage collector from writing to them, too; it does not stop the counting.
#
# Under spawn and forkserver nothing is shared in this way. The data is sent, or the child makes its
# own. Lesson 05 shows memory that is shared on purpose, under every method.

# %% [markdown]
# ### What is sent is a copy
#
# What is pickled and built again is equal, but not the same. You can see it without a second
# process, since a queue does it either way.

# %%
predict("sent-twice", "How many numbers are in `second` at the end of the next cell?", "numbers")

# %%
three, line = [1, 2, 3], SimpleQueue()
line.put(three)
line.put(three)
first, second = line.get(), line.get()
print("equal:", first == three, "   the same object:", first is three)

first.append(4)
compare("sent-twice", len(second), "numbers")

# %%
line.put((three, three))
first, second = line.get()
first.append(4)
print("two in one message:", first, second)

# %% [markdown]
# Two messages make two objects. *Inside* one message pickle remembers what it has written already:
# one object there, twice named. So send what belongs together in one message, and don't use `is` to
# compare what came from another process.

# %% [markdown]
# ### A lock is handed over at the start, or not at all
#
# This program hands over a lock, a Value and a queue, once as arguments of a child that starts, and
# once by putting them into a queue that a running child reads.

# %%
predict("later", "Of Lock, Value and Queue: how many can be put INTO a queue?", "things")

# %%
sent = under_every_method("inherited_or_sent.py", limit=60)
tell(*str(sent).splitlines())

# %%
kinds = ("Lock", "Value", "Queue")
at_start = [sent.printed(f"{kind}, at the start") for kind in kinds]
at_start.append(sent.printed("Lock, at the start of a pool"))
later = [sent.printed(f"{kind}, through a queue") for kind in kinds]
compare("later", sum("arrives" in told.values() for told in later), "things")
later.append(sent.printed("Lock, in a pool's task"))
claim(
    "R5",
    all(set(told.values()) == {"arrives"} for told in at_start)
    and all(set(told.values()) == {"RuntimeError"} for told in later),
)

# %% [markdown]
# The documentation calls the first way *inheriting* and the second one *pickling*, and advises:
# better to inherit than to pickle. (Under spawn what is inherited is pickled as well, in a way that
# works only while a process is being started.)
#
# The last two lines are a *pool*, a set of processes that wait for tasks (lesson 06): a task is
# sent, so no lock can be in it; but a pool's `initializer`, a function that each of its workers
# calls first, gets its arguments when the workers start.

# %% [markdown]
# ### The least that two workers can count to
#
# With one addition each, one of the two is lost at the worst. With more it gets worse than that.
# Two workers add 1 *three* times each.

# %%
predict("least", "3 additions each, no lock: what is the LEAST that the cell may hold?")

# %%
thrice = search("no lock", additions=3)
print(thrice)
compare("least", thrice.least)
ax = plot_schedule(Interleaving("no lock", additions=3).follow(thrice.worst))

# %% [markdown]
# Not 3, as if each pair had met once. At step 9, worker B stores a 1 that is long out of date. A
# loads that 1 at step 10, and at the end it stores its 2 over all that B has done meanwhile. The
# least stays 2 for ten or a thousand additions each.

# %% [markdown]
# ### Work that shares nothing
#
# Work that takes an argument, computes, and sends one result can be given to any number of workers:
# none of them waits for a lock. Here is such work, the counting of words. Each task is a text that
# is sent, each result a table that comes back.

# %%
Explorer("words")

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
