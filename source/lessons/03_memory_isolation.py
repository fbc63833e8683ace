# %% [markdown]
# Each process has its own memory. That is easy to say and easy to forget, and a program that
# forgets it gives wrong results without an error. This lesson shows what a child gets from its
# parent, how to pass it what it needs, and what goes wrong when several processes change one shared
# number.
#
# **You will be able to**
#
# - say what a child has when it starts, under each start method, and what never comes back;
# - pass a child what it needs, and say beforehand what can be passed;
# - share a number in a `Value`, see an addition get lost, and prevent that with a lock.
#
# **You need** lessons 00 to 02.

# %%
import dis
import multiprocessing
import threading
from multiprocessing import Array, Barrier, Process, SimpleQueue, Value
from threading import Thread

# %%
from helpers.claims import claim, tell
from helpers.diagnosis import print_lens, under_every_method
from helpers.interleaving import PROGRAMS, Interleaving, search
from helpers.plots import plot_schedule, print_schedule
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.widgets import Interleaver, compare, predict
from helpers.workers import isolation

# %% [markdown]
# ## A child changes its own copy
#
# The module `isolation` has a global, `counter`, which is 0. Its function `count_up` changes two
# things, the global and a list that it is given. Then it sends both to us:

# %%
show(isolation.count_up)

# %% [markdown]
# Three children run it, one after another, and each is given the same list.

# %%
isolation.counter = 0
numbers, answers, reports = [], SimpleQueue(), []
for _ in range(3):
    child = Process(target=isolation.count_up, args=(numbers, answers))
    child.start()
    reports.append(answers.get())
    child.join()

left_by_processes = (isolation.counter, numbers)
print("the children send:", reports)
print("the parent has:   ", left_by_processes)

# %% tags=["claim"]
claim("I1", reports == [(1, [1])] * 3 and left_by_processes == (0, []))

# %% [markdown]
# Each child started with a counter of 0 and an empty list. It changed its own copies, and they
# disappeared with it. Nothing came back to the parent, and nothing went from one child to the next.
# This is **memory isolation**. It holds for every ordinary Python object: lists, dicts, globals,
# attributes. (If you know classes: when the `run` of a subclass of `Process` sets `self.result`,
# the parent's object never has that attribute.)
#
# The only thing that came back is what a child *sent*. Now replace one word: `Process` becomes
# `Thread`.

# %%
isolation.counter = 0
numbers = []
for _ in range(3):
    thread = Thread(target=isolation.count_up, args=(numbers, answers))
    thread.start()
    print("the thread sends:", answers.get())
    thread.join()

left_by_threads = (isolation.counter, numbers)
print("we have:         ", left_by_threads)

# %% tags=["claim"]
came_back_by_message_alone = left_by_processes == (0, []) and len(reports) == 3
claim("I4", left_by_threads == (3, [1, 2, 3]) and came_back_by_message_alone)

# %% [markdown]
# | | threads | processes |
# | --- | --- | --- |
# | how data gets in | they see all of it | as arguments |
# | how results get out | they write into our objects | as messages |
# | what goes wrong | two write at the same time | a change stays in the child |
# | the fix | a lock around each change | send each result back |
#
# > **In an interview.** "My worker appends to a list, and after `join` the list is empty. Why?" A
# > weak answer looks for a missing `join`. A strong one says that the worker appended to its own
# > copy, and returns the value instead: through a queue, or from a task of a pool.

# %% [markdown]
# ## The start method decides what a child begins with
#
# The children above *seemed* to have the counter and the list of their parent. What a child really
# has depends on how it was started. (`main` is short for the code below the main guard.)
#
# - **fork** copies the parent's memory as it is at that moment. The child has all that `main` did.
# - **spawn** starts a new interpreter, which imports the program's file again, as a module. The
#   child has what the import makes, and its arguments. `main` doesn't run there.
# - **forkserver** starts one new interpreter, the server, at the first `start()`. For each child
#   the server forks *itself*, and not your program. So a child has what the import makes, as under
#   spawn.
#
# Linux uses forkserver since Python 3.14, and fork before that. macOS and Windows use spawn.
#
# Here is a program in which this difference costs money:

# %%
show("global_or_argument.py")

# %%
predict("by-global", "Under SPAWN: what does `by_global` send?", low=-1e6)

# %% [markdown]
# `under_every_method` is this course's **lens**. It runs a program under each start method that
# your system has, within limits. Its table has a column for each method and a row for each line
# that the program printed. `printed` returns one row, as a dict; `reports` keeps all runs.

# %%
money = under_every_method("global_or_argument.py", limit=60)
print_lens(money)
by_global = money.printed("by_global sends")
by_argument = money.printed("by_argument sends")
in_parent = money.printed("result in the parent")
compare("by-global", int(by_global["spawn"]))

# %% tags=["claim"]
claim("R11", by_global["spawn"] == "100" and set(by_argument.values()) == {"300"})
claim("I2", set(in_parent.values()) == {"0"} and set(by_argument.values()) == {"300"})

# %% [markdown]
# Look at the row *by_global sends*. Under fork the child found the rate that `main` had set, 3.
# Under spawn and forkserver it found the 1 that the import set. There is no error, only a wrong
# price. So up to Python 3.13, this program gives another result on Windows than on Linux; with
# Python 3.14, Linux changes, too.
#
# The row *result in the parent* is 0 everywhere: a result in a global stays in the child. The row
# *by_argument sends* is right everywhere. That is the rule: **in as arguments, out as messages.**

# %% [markdown]
# ## Libraries have globals too
#
# The rate was a global in your own file. Libraries have globals as well, and you set them without
# seeing them. Here `main` sets five things and then asks a child which of them it finds. (The
# *level* decides which messages `logging` writes, the *precision* to how many digits `decimal`
# computes. An *environment variable* is a named text that a process has, outside Python.)

# %%
show("set_by_main.py")

# %%
predict("set-by-main", "Under SPAWN: how many of the five does the child find?", high=5)

# %%
settings = under_every_method("set_by_main.py", limit=60)
print_lens(settings)
told = settings.reports["spawn"].output
compare("set-by-main", told.count(": found"))

# %% [markdown]
# One: the operating system passes on the environment. The child has not run `main`, so the logging
# level, the decimal precision and nearly everything else that `main` set are as the import left
# them. The log has no lines from the workers, or numbers are rounded differently, and nothing says
# why.
#
# The global queue is the worst of them. Under spawn and forkserver the import of the file makes
# *another* queue of the same name. Parent and child put messages where the other one never looks,
# so a `get` waits forever.
#
# > **In practice.** Write one function, `set_up(settings)`, that configures logging and everything
# > else. Call it in `main` and as the first line in each worker, with the settings as an argument.
# > Pools and executors have `initializer=` for this (lesson 06).

# %% [markdown]
# ## Arguments are pickled
#
# Under spawn and forkserver, an argument is **pickled**: turned into bytes that say how to build an
# equal object. The child builds it from them. So what arrives is a copy. Some objects stand for
# something that only this process has. They can't be built elsewhere.
#
# A function is pickled as *module and name*, without its code; the child looks that name up. Here
# is a program that passes seven things. (A `lambda` is a function without a name of its own. A
# *generator* makes its items one by one, and its code pauses after each.)

# %%
show("what_can_be_passed.py")

# %%
predict("arrive", "Under SPAWN: how many of the seven arrive?", "things", high=7)

# %%
passed = under_every_method("what_can_be_passed.py", limit=60)
print_lens(passed)
arrived = passed.printed("things that arrive")
compare("arrive", int(arrived["spawn"]), "things")

# %% tags=["claim"]
a_list, a_lock = passed.printed("a list"), passed.printed("a lock of threading")
strict = [method for method in arrived if method != "fork"]
held = [(arrived[m], a_list[m], a_lock[m]) == ("2", "arrives", "refused") for m in strict]
claim("R10", all(held))

# %% [markdown]
# A lambda and a function in a function have no name that the child could look up. A lock of
# `threading`, an open file and a paused generator belong to one process. `start()` raises a
# `TypeError` for these, and a `PicklingError` for the functions (before Python 3.14, an
# `AttributeError` for the function in a function).
#
# Under fork nothing is pickled, so all seven arrive. That is no advantage: the `threading.Lock` of
# a forked child is a *copy*, and protects nothing from the other processes. Such a program runs for
# years, and then breaks under another start method.
#
# > **In practice.** Pass data, and functions from the top level of a module. Open files, network
# > connections and databases *in* the child, and make locks with `multiprocessing`, not
# > `threading`.

# %% [markdown]
# ## Value and Array are shared memory
#
# Some objects of `multiprocessing` are made to be shared: its locks, events, barriers and queues,
# and memory. A **`Value`** is one number that several processes see; an **`Array`** is a row of
# them. A letter says what they hold: `"i"` is an integer of 32 bits, `"q"` one of 64 bits, `"d"` a
# float.

# %%
show(isolation.multiply)

# %%
factor, row = Value("i", 5), Array("q", 3)
children = []
for index in range(3):
    children.append(Process(target=isolation.multiply, args=(factor, row, index)))
for child in children:
    child.start()
for child in children:
    child.join()
print("the parent reads:", list(row))

# %% [markdown]
# The children changed memory that the parent sees, and no result was sent. They may write to one
# array at the same time: that is safe, because each writes to its own element. Pass such objects as
# arguments, as here. (*Deeper* compares that with a global name.)

# %% [markdown]
# ## Adding one takes three steps
#
# Now several children *add* to one Value. What does Python do for `total.value += 1`? The module
# `dis` lists its instructions:

# %%
steps = [instruction.opname for instruction in dis.get_instructions("total.value += 1")]
print([name for name in steps if name in ("LOAD_ATTR", "BINARY_OP", "STORE_ATTR")])

# %% [markdown]
# **Load** the number, **add** one to what was loaded, **store** the result. Between two of these
# steps, another process may do some of its own. One order of all the steps is a **schedule**. Two
# workers with three steps each have 20 possible schedules. After both have added 1, the shared
# value should be 2.

# %%
predict("right-schedules", "In how many of the 20 schedules is it 2?", "schedules", high=20)

# %% [markdown]
# Be the scheduler, the part of the operating system that decides which process runs next. Press
# *next step* of either worker. What it loads is in its **register**, which is its own; the shared
# value is called the *cell*. Find a schedule that loses an addition, and one that doesn't. Then
# `search` tries all 20. Its *least ending* is the smallest result, and `worst` a schedule with it.

# %%
Interleaver()

# %%
found = search("no lock")
print(found)
compare("right-schedules", found.right, "schedules")

# %%
worst = Interleaving("no lock").follow(found.worst)
ax = plot_schedule(worst)
print_schedule(worst)

# %% [markdown]
# Read the picture from left to right. Both workers load 0 before either has stored. Both store 1,
# and the second store overwrites the first: a **lost update**. Only two schedules are right: those
# in which one worker finishes all three steps before the other one begins. A result that depends on
# the schedule is a race (lesson 01), also called a race condition.

# %% [markdown]
# ## The worst order, with real workers
#
# Real processes rarely take the worst schedule when you want them to. So this worker forces it: a
# barrier stands between its load and its store.

# %%
show(isolation.add_in_worst_order)

# %% [markdown]
# Two workers run it in three ways: as threads with a `Box`, an ordinary object that has a `value`
# of 0; as processes with a `Box`; and as processes with a `Value`.


# %%
def two_workers(kind, target, box, barrier):
    """Return what we read in the box at the end, and what each worker saw in it."""
    workers = [kind(target=target, args=(box, barrier, answers)) for _ in range(2)]
    for worker in workers:
        worker.start()
    seen = sorted([answers.get(), answers.get()])
    for worker in workers:
        worker.join()
    return box.value, seen


# %%
add = isolation.add_in_worst_order
threads_box = two_workers(Thread, add, isolation.Box(), threading.Barrier(2))
processes_box = two_workers(Process, add, isolation.Box(), Barrier(2))
processes_value = two_workers(Process, add, Value("q", 0), Barrier(2))

print("threads, Box:     we read", threads_box[0], " they saw", threads_box[1])
print("processes, Box:   we read", processes_box[0], " they saw", processes_box[1])
print("processes, Value: we read", processes_value[0], " they saw", processes_value[1])

# %% [markdown]
# - **Threads** share the box, and one addition is lost.
# - **Processes with a Box** have a copy each. No race is possible: each sees its own 1, and we read
#   0, because no box came back.
# - **Processes with a Value** share again, and the lost update is back.
#
# The fix is to make load, add and store one **critical section**: a piece of code that one process
# at a time may run. A Value has a lock for this, and `get_lock()` returns it. Here is the same
# worker with the lock held (`suppress` ignores an exception):

# %%
show(isolation.add_with_lock)

# %%
locked_value = two_workers(Process, isolation.add_with_lock, Value("q", 0), Barrier(2))
print("Value, lock held: we read", locked_value[0], " they saw", locked_value[1])

# %% tags=["claim"]
lost_when_shared = threads_box == (1, [1, 1]) and processes_value == (1, [1, 1])
claim("I3", lost_when_shared and processes_box == (0, [1, 1]) and locked_value == (2, [1, 2]))

# %% [markdown]
# The first worker waited at the barrier for 0.2 seconds in vain. The second one could not load
# while the first one held the lock. It came afterward, loaded 1, and stored 2.

# %% [markdown]
# ## A Value has a lock of its own
#
# You need not call `get_lock()` to read or to write: a Value takes its lock by itself for each
# access, and frees it after that. Taking and freeing are steps, too. With them, two workers that
# run `total.value += 1` have 52 possible schedules.

# %%
predict("right-with-locks", "In how many of these 52 is the result 2?", "schedules", high=52)

# %%
for program in PROGRAMS:
    print(search(program))
compare("right-with-locks", search("a lock for each access").right, "schedules")

# %% [markdown]
# Again only two: `+=` is a read *and* a write, and between them the lock is free. Only a lock that
# is held from the load to the store rules out all the wrong schedules.
#
# Now at full speed. These two workers meet at a barrier *before* they begin, so that both are ready
# at the same time. On two cores, each then loads, adds and stores while the other one does:

# %%
show(isolation.add_often)

# %%
show(isolation.add_often_with_lock)

# %%
predict("race-lost", "2 × 50,000 additions without `with`: how many are lost?", high=100_000)


# %%
def count_together(target):
    """Return what two processes count to that add 1 to one Value, 50,000 times each."""
    total, barrier = Value("q", 0), Barrier(2)
    workers = [Process(target=target, args=(total, 50_000, barrier)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return total.value


# %%
totals = [count_together(isolation.add_often) for _ in range(3)]
compare("race-lost", 100_000 - totals[0])
for total in totals:
    tell(f"total {total:,}, lost {100_000 - total:,}")
if totals == [100_000] * 3:
    tell("nothing was lost this time: no switch came at a bad moment")
print("with the lock:", count_together(isolation.add_often_with_lock))

# %% [markdown]
# How much is lost differs from run to run. On two free cores nearly every run loses thousands. On
# one core, or a busy machine, a run may lose nothing, or thousands: it depends on the few moments
# when the system switches between the two. That makes a race a bad bug: the test passes on your
# machine, and the result is wrong in production.
#
# So don't rely on a test to find it. Look for *load, change, store* without a lock around it.

# %% [markdown]
# > **In practice.** Send results if you can; share a Value for a counter or a flag. Compute first,
# > then take the lock, then change the Value: `with total.get_lock(): total.value += count`. Test
# > worker functions without processes: they get everything as arguments, so you can just call them.
# >
# > **In an interview.** "`Value` has a lock. Is `v.value += 1` safe?" A weak answer says yes. A
# > strong one names the three steps, says that the lock is free between the read and the write, and
# > writes `with v.get_lock():` around the whole line. It also says that a test may miss the race.

# %% [markdown]
# **You can now**
#
# - say what a child begins with: a copy under fork, a new import under spawn, a copy of the server
#   under forkserver; and that no change comes back;
# - pass what it needs as arguments: picklable data, functions with a name, and shared objects;
# - share a number in a `Value`, find the schedules that lose an addition, and hold the lock from
#   the load to the store.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### A Value by a global name
#
# How does a child get to a Value? A global name looks shorter than an argument. This program tries
# both ways:

# %%
show("value_by_global.py")

# %%
predict("value-by-global", "Under SPAWN: what does the parent read after `fill_global`?")

# %%
ways = under_every_method("value_by_global.py", limit=60)
print_lens(ways)
global_value = ways.printed("by a global, the parent reads")
argument_value = ways.printed("as an argument, the parent reads")
compare("value-by-global", int(global_value["spawn"]))

# %% tags=["claim"]
claim("R8", global_value["spawn"] == "0" and set(argument_value.values()) == {"7"})

# %% [markdown]
# The spawned child imported the file, ran `number = Value("i", 0)` once more, and filled a number
# that no other process has. With a global lock it is worse: under spawn each process locks its own
# lock, and none of them ever waits. (A fork server that has imported the file shares its lock and
# its Value with all its children, but not with the parent.)
#
# Keep a name for what you pass, at least until the child has ended. A Value made in the call,
# `args=(Value("i", 0),)`, may be gone before the child has opened its lock. On Linux and macOS,
# under spawn and forkserver, the child then dies with a `FileNotFoundError`. (And two children
# started this way have two Values.)

# %% [markdown]
# ### What can be sent to a child that already runs
#
# This program passes a lock, a Value and a queue as arguments of a child that starts. Then it tries
# to put each of them into a queue, which a running child could read. Each of the three stands for
# something in the operating system: a lock, a piece of memory, a pipe. `start()` gives the new
# process access to it. A queue only carries bytes. The last parts try a *pool* (workers that wait
# for tasks, lesson 06) and a *manager* (a process that keeps objects for others, lesson 05).

# %%
show("inherited_or_sent.py")

# %%
predict("later", "Of Lock, Value and Queue: how many can be put INTO a queue?", "things", high=3)

# %%
travels = under_every_method("inherited_or_sent.py", limit=60)
print_lens(travels)

# %%
at_start, later = [], []
for name in ("Lock", "Value", "Queue"):
    at_start += travels.printed(f"{name}, at the start").values()
    later += travels.printed(f"{name}, through a queue").values()
compare("later", later.count("arrives"), "things")

at_start += travels.printed("Lock, at the start of a pool").values()
later += travels.printed("Lock, in a pool's task").values()

# %% tags=["claim"]
claim("R5", set(at_start) == {"arrives"} and set(later) == {"RuntimeError"})

# %% [markdown]
# A lock of `multiprocessing` is passed at the start, or not at all. The documentation calls this
# *inheriting*, and sending it later *pickling*; it advises you to inherit. A task of a pool is sent
# to a worker that already runs, so it can't contain a lock of `multiprocessing`; the arguments of
# the pool's `initializer`, which each worker calls first, can.
#
# A manager's lock does travel at any time. What is pickled is a *proxy*, which holds the address of
# the manager's process, and each `acquire()` is a message to that process.

# %% [markdown]
# ### Random numbers after a fork
#
# A generator of random numbers is an object with a state, from which it computes the next number. A
# **seed** is a number from which the first state is made. Each of four children draws one number
# from each of five generators. (`default_rng` makes a generator of NumPy, and `SeedSequence` makes
# seeds for several.)

# %%
show("four_draws.py")

# %%
predict("four-draws", "Under FORK: how many different numbers does `generator` give four children?")

# %%
draws = under_every_method("four_draws.py", limit=60)
print_lens(draws)
different = draws.printed("a default_rng() of this file")
if "fork" in different:
    compare("four-draws", int(different["fork"]))

# %% [markdown]
# A fork copies the state. So three of the five give every child *the same* number. A simulation in
# four processes then runs one experiment four times, and its mean looks more certain than it is. Of
# the four that were copied, only the functions of the module `random` are safe: Python seeds that
# hidden generator again in a forked child.
#
# Under spawn each child imports the file and makes a new generator. Seeded there, `default_rng(1)`
# gives all children the same numbers under every method. From Python 3.13.8 and 3.14.1 on, a fork
# server imports the file once (not after `python -m`), so its children get copies.
#
# > **In practice.** Don't share a generator by a global. Give each child a seed of its own, as the
# > last row does: `numpy.random.SeedSequence(1).spawn(4)` makes four independent seeds, and the
# > whole run can be repeated.

# %% [markdown]
# ### A fork shares open files, sockets and connections
#
# An open file is a number in the process, and the file's **offset**, the position of the next read,
# is in the operating system. A fork copies the number; the offset stays one. Three children count
# the lines of a file of 1,000 lines, one after another:

# %%
show("shared_offset.py")

# %%
predict("second-count", "Under FORK, the open file: how many lines does the SECOND child count?")

# %%
offsets = under_every_method("shared_offset.py", limit=60)
print_lens(offsets)
counted = offsets.printed("given the open file, each counts")
if "fork" in counted:
    compare("second-count", int(counted["fork"].strip("[]").split(",")[1]))

# %% [markdown]
# The first child read to the end, and with that moved the offset for all: the others found nothing
# to read. If they read a larger file at the same time, each gets *some* of it, and lines are cut in
# two. The exit codes are 0.
#
# A socket (one end of a network connection) or a database connection is worse. Two processes send
# their requests through one connection, the bytes mix, and each may get the other's answer.
# SQLite's documentation says it plainly: don't carry an open database across a fork. Spawn and
# forkserver refuse to pass an open file or a connection of SQLite, and that is better. (A socket
# they do pass.) **Open it in the child.** In a parent that forks, open connections after the
# children have started. Don't close an inherited one in the child: SQLite's `close()` may delete
# what the parent is writing, and a driver's may end the session of both.

# %% [markdown]
# ### What else a child has
#
# This program starts one child that does nothing. Then it sets a variable of the environment,
# changes the working directory and starts a thread. What does a second child find?

# %%
show("what_a_child_gets.py")

# %%
late = under_every_method("what_a_child_gets.py", limit=60)
print_lens(late)

# %% [markdown]
# The fork server was started with the first child, and it keeps the environment of *that* moment. A
# variable that is set later is missing in its children: a trap on Linux since Python 3.14. The
# working directory is passed on under every method. Threads never are: a child has one thread, the
# one that runs its target.

# %% [markdown]
# ### A fork copies locks, but not the threads that hold them
#
# Suppose that another thread holds a lock at the moment of the fork. The child gets a copy of the
# lock, which is locked, and no thread that would release it.

# %%
show("started_while_locked.py")

# %%
locked = under_every_method("started_while_locked.py")
print_lens(locked)

# %% [markdown]
# Under fork the child waits forever, and the lens stopped it. In real programs the lock is seldom
# your own. It is in a library, and so is the thread: a progress bar, a database driver, this
# notebook. It also needs an unlucky moment, so it happens rarely. That is why Python 3.12 and newer
# warn when a process with several threads forks, and why Linux has a new default since 3.14. macOS
# has fork too, but spawn is the default there: its system libraries may start threads. (The
# warning is a `DeprecationWarning` about a line of the standard library, and Python hides those:
# run `python -W default` while you develop.)

# %% [markdown]
# ### Forked memory is shared until a process writes to it
#
# A fork doesn't copy all the memory at once. Parent and child use the same **pages**, pieces of a
# few KiB, and the system copies a page when one of them first writes to it. This is
# **copy-on-write**. So a large table that children only read should cost nothing.
#
# Here each of three forked children reads one thing of 32 to 40 MB. What counts is its **USS**, the
# *unique set size*: the memory that it shares with no other process. (In CPython, each object
# contains its **reference count**, the number of references to it.)

# %%
show("only_reads.py")

# %%
predict("reading-costs", "By how many MB does READING the list of 1,000,000 floats grow it?", "MB")

# %%
if "fork" in multiprocessing.get_all_start_methods():
    report = run_safely("only_reads.py", limit=60)
    tell(*report.output.splitlines())
    compare("reading-costs", float(report.output.split()[-1]), "MB")

# %% [markdown]
# Reading the array cost little. Reading the list copied nearly all of its objects, although no line
# of the program writes to them. CPython writes: the loop changes the reference count of each
# object. That is a write to every page that has an object. The list with one object many times has
# one such page. (From Python 3.12 on, the counts of **immortal** objects such as `None` and small
# integers don't change.)
#
# So put large data that forked children read into one block: an array, or `bytes`. `gc.freeze()`
# before the fork keeps the garbage collector, which looks for objects that nothing uses, from
# writing to them; it doesn't stop the counting.

# %% [markdown]
# ### A fork server can import modules in advance
#
# A fork server forks, too, so a child begins with what *it* has in memory. By default that is
# little, but from Python 3.13.8 and 3.14.1 on it is all that the program's file imports.
# `set_forkserver_preload(["__main__", "numpy"])` makes the server import NumPy, too, before it
# forks. Without `"__main__"` in the list, the server does not import the file, and each child does.
# Call it before the first child starts. A module whose import raises `ImportError` is skipped
# silently (Python 3.15 adds `on_error=` to change that); any other exception may end the server.

# %%
show("preloaded.py")

# %%
if "forkserver" in multiprocessing.get_all_start_methods():
    before, after = run_safely("preloaded.py", "plain", limit=60).output.split()
    tell(f"not preloaded: {before} MB before the child imports NumPy, {after} MB after it")

# %%
predict("preload", "NumPy and psutil preloaded: what is its USS after the import?", "MB")

# %%
if "forkserver" in multiprocessing.get_all_start_methods():
    preloaded = run_safely("preloaded.py", "preload", limit=60).output.split()
    compare("preload", float(preloaded[1]), "MB")

# %% [markdown]
# The child finds both in its memory, and shares nearly all of these pages with the server. It saves
# the time of the import, too. With many workers and large modules, this one line can decide
# whether a program fits into memory. Preload only modules that start no thread and open no
# connection when they are imported: what was said about forks is true of the server as well.
# (OpenBLAS, with which NumPy computes on Linux, starts threads, but ends them before each fork.)
#
# Under spawn, nothing is shared in this way. Data is sent, or each child makes its own. Lesson 05
# shows memory that is shared on purpose, under every method.

# %% [markdown]
# ### A Value holds a C number
#
# These are C's numbers, not Python's. An integer of 32 bits is from -2,147,483,648 to
# 2,147,483,647. Of a larger number it keeps the lowest 32 bits, as a car's odometer (which counts
# its miles) keeps the last digits.

# %%
predict("too-large", "A Value('i') holds 2,147,483,647. What does it hold after += 1?", low=-1e12)

# %%
number = Value("i", 2_147_483_647)
number.value += 1
compare("too-large", number.value)
print("negative:", number.value < 0)

# %% [markdown]
# No error, and a wrong number: after the highest comes the lowest. Use `"q"` unless you know
# better. For a text, use an array of bytes, `Array("c", 20)`. A `Value(ctypes.c_char_p)` shares a
# *pointer*, an address in one process that means nothing in another.

# %% [markdown]
# ### The least that two workers can count to
#
# With one addition each, at worst one of two is lost. Now two workers add 1 *three* times each.

# %%
predict("least", "3 additions each, no lock: what is the LEAST that the value may be?", high=6)

# %%
thrice = search("no lock", additions=3)
print(thrice)
compare("least", thrice.least)
worst = Interleaving("no lock", additions=3).follow(thrice.worst)
ax = plot_schedule(worst)
print_schedule(worst)

# %% [markdown]
# The value is not 3: more can be lost than one addition in two. At step 9, worker B stores a 1 that
# is long out of date. At step 10, A loads that 1, and at the end it stores 2 over everything that B
# has done in the meantime. The least stays 2 for ten or a thousand additions each; interviewers
# like to ask for it.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
