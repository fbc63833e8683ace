# %% [markdown]
# A program with several processes fails in ways of its own. It starts, and nothing happens. It
# hangs, and no core is busy. It ends normally, and the result is wrong. There are not many of these
# failures, and each has a name, a cause and a cure. This lesson shows you more than thirty of them,
# running. Nothing here can harm your machine: the *bounded runner*, which is `run_safely` of lesson
# 02, stops each one.
#
# **You will be able to**
#
# - avoid the five most common mistakes, and say what each one costs;
# - read the stacks of all processes *together*, and name a failure by what waits for what;
# - cure it, and show that it is cured.
#
# **You need** lessons 00 to 07.

# %%
import multiprocessing
import re
import signal
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import connection
from statistics import median
from time import perf_counter

# %%
from helpers.claims import claim, tell
from helpers.diagnosis import diagnose, under_every_method, visit, visit_hall
from helpers.diagnosis import what_each_waits_for
from helpers.engines.ratios import ratio_by_round
from helpers.local_servers import HttpServer
from helpers.measure import above, decided
from helpers.plots import plot_waits, waits_in_words
from helpers.runner import process_states, run_safely
from helpers.source_code import show
from helpers.widgets import Hall, ProgressBar, compare, predict, score
from helpers.workers.children import wait_for
from helpers.workers.network import fetch, fetch_async

# %% [markdown]
# ## First mistake: processes for tiny tasks
#
# A task travels to a worker as a message, and its result travels back as another one. These two
# messages cost the same whether the task takes a second or no time at all. Here the task is
# `abs(number)`, which takes far less than a millionth of a second. Two workers, started before the
# clock starts, do 2,000 of these: first with a message for each, as lesson 06 did, then with 500 in
# a message.

# %%
numbers = range(-2_000, 0)


def a_loop(executor):
    return [abs(number) for number in numbers]


def a_message_each(executor):
    return list(executor.map(abs, numbers))


def four_messages(executor):
    return list(executor.map(abs, numbers, chunksize=500))


# %%
seconds = {a_loop: [], a_message_each: [], four_messages: []}
with ProcessPoolExecutor(2) as executor:
    list(executor.map(abs, range(100)))  # this starts the workers
    for _ in range(7):
        for way in seconds:
            began = perf_counter()
            way(executor)
            seconds[way].append(perf_counter() - began)
for way in (a_loop, a_message_each):
    tell(f"{way.__name__}: {median(seconds[way]) * 1000:.2f} ms")

# %% [markdown]
# The second time, divided by 2,000, is about the price of one message and its answer. Four messages
# carry the same work, with 500 numbers each to pickle and unpickle.

# %%
predict("museum-packed", "FOUR messages: how many times as LONG as the loop do they take?", "times")

# %%
compare("museum-packed", median(seconds[four_messages]) / median(seconds[a_loop]), "times")
tell(f"four_messages: {median(seconds[four_messages]) * 1000:.2f} ms")


# %% tags=["claim"]
def is_slower(slow, fast):
    return median(slow) > median(fast)


worst, better, best = seconds[a_message_each], seconds[four_messages], seconds[a_loop]
claim("M1", is_slower(worst, better) and is_slower(better, best))

# %% [markdown]
# `chunksize=500` saves most of the cost, and the loop still wins. Each number is still pickled,
# sent and unpickled, and so is its result; that takes longer than `abs`. There is no work to share.
#
# > **In practice.** Time one task before you make it parallel. If it takes less than about a
# > millisecond, put many into one message, or stay with the loop (lesson 08).
# >
# > **In an interview.** "You added processes, and it got slower. Why?" A weak answer says that
# > processes are slow. A strong one compares the cost of a message with the time of a task.

# %% [markdown]
# ## Second mistake: expecting memory to be shared
#
# Three children count the word *sea*, each on a page of its own, and add what they find to a global
# variable, `total`. After that the parent prints it. It is the program of the lab of lesson 03:

# %%
show("stays_at_zero.py")

# %%
report = run_safely("stays_at_zero.py")
print(report.output)

# %% [markdown]
# Each child has a `total` of its own, which is 1 at the end. The parent's is still 0. There is no
# error, no warning, and the exit code is 0. The cure: each child *sends* what it found, and one
# process adds it up.

# %%
show("stays_at_zero_cured.py")

# %%
cured = run_safely("stays_at_zero_cured.py")
print(cured.output)

# %% tags=["claim"]
claim("M2", report.output.endswith(" 0\n") and cured.output.endswith(" 3\n"))

# %% [markdown]
# > **In practice.** Let a child return or send its result. Share memory on purpose, with `Value`,
# > `Array` or `SharedMemory`: for large data, or for a value that several processes change.
# >
# > **In an interview.** "Why is the counter 0?" A weak answer says that a lock is missing. A strong
# > one says that there are four counters, one in each process.

# %% [markdown]
# ## Third mistake: not designing the communication
#
# Three workers take numbers from a queue. They can't know how many numbers will come, so the parent
# must say when there are no more. Here it puts a sentinel, a `None`, after the last number.

# %%
show("museum/one_sentinel.py")

# %% [markdown]
# One `None` ends one worker (lesson 04). The other two stay in `get`, which has three steps: take
# the queue's *read lock*, read an item from its pipe, and release the lock.

# %%
predict("museum-in-get", "Of these two workers: how many wait for an item?", high=100)

# %% [markdown]
# `visit` runs a program and a cured version of it, both in the bounded runner, and returns what
# happened: the `outcome` and the `report` of the first, and in `cured` the report of the second.
# They are in the folder `museum`, our collection of failures, which you visit below.

# %%
show("museum/one_sentinel_cured.py")

# %%
stuck = visit("one_sentinel")
print("the program", stuck.outcome)
waits = what_each_waits_for(stuck.report)
compare("museum-in-get", sum(wait.endswith("waits for an item") for wait in waits))

# %% [markdown]
# Every number was squared, and then nothing moves. Look at **all processes at the same moment**:
# none of them is wrong by itself. Each line below is the **stack** of one thread, the calls that it
# is in, the outermost first. (The names of Python's own functions differ between versions and
# systems.)

# %%
tell(*stuck.report.stacks())

# %% [markdown]
# The main program is in `join`: it waits for a worker to exit. One worker is in `get` and reads
# from the queue's pipe. The other one is in `get`, too, and waits for the read lock, which the
# first one holds. The third worker has ended, and it took the only `None` with it.
#
# Now draw an arrow from each process to what it waits for. This picture is a **wait-for graph**.

# %%
ax = plot_waits(stuck.report)
tell(*waits_in_words(stuck.report))

# %% [markdown]
# Follow the arrows. All of them end at *an item*. Which process could put one? Only the main
# program, and its own arrow leads back to a worker. So each waits for another one: a **deadlock**.
#
# That is how you name a failure: which processes are alive, what does each wait for, and can that
# still happen? `diagnose` asks these questions by rules.

# %%
print(diagnose(stuck.report).name)
print(diagnose(stuck.report).cure)

# %% tags=["claim"]
claim("M3", stuck.outcome == "hangs" and stuck.right and stuck.healed)

# %% [markdown]
# > **In practice.** Before you begin, decide how it ends: which process says that there is no more
# > work, to which ones, how often, and what happens if it dies before that.
# >
# > **In an interview.** "What is a deadlock?" A weak answer says that the program is stuck. A
# > strong one names a circle of waits, and draws it for a case.

# %% [markdown]
# ## A hanging program can print its own stacks
#
# Outside this course there is no bounded runner. `faulthandler` is in the standard library, and
# works on every system: `dump_traceback_later(seconds)` prints the stacks of the process if it
# still runs after so many seconds. This is called a **dump**. It shows *one* process, so every
# process must call it, after it has started.

# %%
show("dumps_stacks.py")

# %%
predict("museum-dumps", "How many of the three processes print their stacks?", high=100)

# %%
dumped = run_safely("dumps_stacks.py", method="spawn", limit=8, still=0.5)
compare("museum-dumps", dumped.output.count("Timeout ("))
for line in dumped.output.splitlines():
    line = re.sub(r'".*[\\/]', '"', line)  # without the folders
    tell(re.sub(r"0x\w+", "0x…", line))  # and without the thread's number

# %% [markdown]
# Read it like this:
#
# - `Timeout` starts the dump of a process. There are two: the third process took the `None` and has
#   ended.
# - `Thread …` starts a thread, the main thread last. **The innermost call comes first.** In each
#   thread, look for the innermost line of *your own* file.
# - The first thread is in `_feed`: the feeder thread of the parent's queue, which has nothing to
#   send. That is normal; skip it.
# - The second one is in `join`, called in the last line of your file.
# - The worker is in `get`, called in `work`, and `_recv` (on Windows `_recv_bytes`) reads from a
#   pipe: it waits for an item.

# %% [markdown]
# > **In practice.** Don't add prints to a program that hangs. Take the stacks of all its processes
# > *while* it hangs: from inside with `faulthandler`, or from outside with the tool py-spy: `py-spy
# > dump --pid PID --subprocesses`. There is such a dump below, in *Deeper*.
# >
# > **In an interview.** "Your program hangs now and then. What do you do?" A weak answer adds
# > timeouts until it works. A strong one asks what waits for what, names the few possibilities (the
# > other side is gone, a circle, no sentinel, a full pipe), and says how to see which one it is.

# %% [markdown]
# ## Fourth mistake: processes where the bottleneck is waiting
#
# Twelve requests go to a small HTTP server on this machine, which answers each after 0.2 seconds.
# The program sends them all at once, from twelve processes, from twelve threads, or with asyncio.
# Its **bottleneck**, what takes most of the time, is the wait. The cores have little to do but
# start the program and its processes or threads. (You need not be able to write `fetch_async`.
# `_own_address` refuses addresses outside this machine.)

# %%
show("fetches.py")

# %%
show(fetch)

# %%
show(fetch_async)

# %%
runs = {"processes": [], "threads": [], "asyncio": []}
with HttpServer(delay=0.2) as server:
    for _ in range(5):
        for way in runs:
            runs[way].append(run_safely("fetches.py", way, server.url))


# %%
def seconds_of(way):
    return [float(run.output.split()[-1]) for run in runs[way]]


def cpu_seconds_of(way):
    return [run.cpu_seconds for run in runs[way]]


def tell_cost(way):
    took, cpu = median(seconds_of(way)), median(cpu_seconds_of(way))
    started = len(runs[way][0].children)
    tell(f"{way}: {took:.2f} s, {cpu:.2f} CPU seconds, {started} processes started")


tell_cost("threads")
tell_cost("asyncio")

# %% [markdown]
# The CPU seconds are those of all processes of the program. Here, nearly all of them go into the
# start of Python and the imports. A spawned process does that again; a forked one is a copy (lesson
# 00). One of a fork server is a copy, too; what it has already imported depends on the version.

# %%
predict("museum-waiting", "12 processes: how many times the CPU time of 12 threads?", "times")

# %%
times_the_cpu = ratio_by_round(cpu_seconds_of("processes"), cpu_seconds_of("threads"))
compare("museum-waiting", times_the_cpu.median, "times")
tell_cost("processes")


# %% tags=["claim"]
def processes_against_both(numbers):
    return [ratio_by_round(numbers("processes"), numbers(way)) for way in ("threads", "asyncio")]


all_pages = all("pages: 12\n" in run.output for way in runs for run in runs[way])
as_slow = [above(ratio, 0.67) for ratio in processes_against_both(seconds_of)]
dearer = [above(ratio, 1) for ratio in processes_against_both(cpu_seconds_of)]
claim("M4", **decided(all_pages, *as_slow, *dearer))

# %% [markdown]
# The same pages: a wait takes as long in a process as in a thread. The price differs. Each process
# must be started and ended: that is where the additional time and CPU seconds go. Under spawn they
# are many more than under fork, because each child is a new interpreter with its own imports. The
# cure is one word, `ThreadPoolExecutor`; or `asyncio`, if all of the code is written for it.

# %% [markdown]
# ## Fifth mistake: not managing the life cycle
#
# A child starts, works, ends and is joined: that is its life cycle. Here three children read a
# price each, and the parent adds them up. In one price, there is a letter O in place of a zero.

# %%
show("museum/exception_lost.py")

# %%
lost = visit("exception_lost")
print("it prints:", lost.report.output.splitlines()[-1], " exit code:", lost.report.exit_code)
print("exit codes of its children:", [child.exit_code for child in lost.report.children])

# %% [markdown]
# A wrong total, and exit code 0. The child's traceback is in the output, and its exit code is 1,
# but the program never asked for that. The cured program uses an executor of two workers. (In
# lesson 06, the tasks after one that had failed were done all the same.)

# %%
show("museum/exception_lost_cured.py")

# %%
predict("museum-cured", "Cured: how many of the workers have an exit code other than 0?", high=100)

# %%
compare("museum-cured", sum(child.exit_code != 0 for child in lost.cured.children))
print("cured, it says:", lost.cured.output.splitlines()[-1])

# %% [markdown]
# None: a worker of an executor catches the exception, sends it to the process that asks for the
# result, and goes on.
#
# The other half of this mistake is the end of the *parent*. The next program ends with `os._exit`,
# which skips all cleaning up; a parent that is killed can't clean up either. Its two workers read
# their tasks from a queue. Each has both ends of the queue's pipe, as every process that uses a
# queue.

# %%
show("museum/leaves_at_once.py")

# %%
predict(
    "museum-after-exit", "How many of its workers are alive after the program has ended?", high=99
)

# %%
show("museum/leaves_at_once_cured.py")

# %%
left = visit("leaves_at_once")
compare("museum-after-exit", len(left.report.left))
print("cured:", left.cured.verdict)


# %% tags=["claim"]
def named_and_cured(one):
    return one.right and one.report.exit_code == 0 and one.healed


claim("M5", named_and_cured(lost) and named_and_cured(left) and len(left.report.left) > 0)

# %% [markdown]
# Both, as a rule. (On Windows only one, if the other was not ready yet: it takes its ends of the
# pipes from the parent.) They wait for tasks that no process will send, and their pipe doesn't end,
# because they have its writing end themselves (lesson 05). They are orphans (lesson 02), and the
# runner has ended them.
#
# > **In practice.** Put pools, executors and managers into a `with`. Join every `Process`, and look
# > at its `exitcode`. If you want a result, use an executor and ask each future for it.
# >
# > **In an interview.** "A child raised an exception. What does the parent notice?" A weak answer
# > says that the parent gets it. A strong one says: with `Process` only the exit code, with a pool
# > or an executor the exception, when it asks for the result.

# %% [markdown]
# ## The museum: your first visit
#
# Each exhibit shows a program and what was seen of it: how it ended, what state each process was
# in, where its threads were, and what it printed. **You name the failure first**, choosing from
# four names. Then you see the right name, the cause, the cure, and the cured program with the
# changed lines marked.
#
# For a first visit there are six exhibits, a minute each: one that never starts, two that never
# end, two that lose something, and one that is only slow. This page does not name their failures.
# Two hints: look at the *main program's* line first, because it tells you what the program waits
# for. Then ask whether that can still happen.

# %%
first = visit_hall("first visit", progress=ProgressBar("first visit"))
Hall(first)


# %% tags=["claim"]
def fail_and_are_cured(visits):
    return all(one.right and one.healed for one in visits.values())


print("each program failed as described, and its cured version did not:", fail_and_are_cured(first))

# %% [markdown]
# Your score counts only your first choice for each exhibit. Run this cell again after each visit.

# %%
score()

# %% [markdown]
# **You can now**
#
# - avoid the five mistakes, and say for each one what it costs and what to use instead;
# - read the stacks of all processes together, draw what waits for what, and name the failure;
# - cure it, and prove the cure by running both programs.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### The museum: the other halls
#
# Four halls with the rest of the collection, for other days. Some exhibits are about what the
# deeper parts of lessons 03 to 06 teach; skip what you have not met. In the first hall, something
# doesn't start: there was an error before it did, or another process did the work. You find most of
# these by reading the program. All of them fail under every start method.

# %%
never_starts = visit_hall("never starts", progress=ProgressBar("hall 1"))
Hall(never_starts)

# %% [markdown]
# In the second hall, no process uses a core, and nothing moves. Here the stacks tell you nearly
# everything. An exception in a child can be the beginning of a hang in the parent, so read the
# output, too.

# %%
never_ends = visit_hall("never ends", progress=ProgressBar("hall 2"))
Hall(never_ends)

# %% [markdown]
# The third hall is the most expensive one. All of these programs end, with exit code 0, and their
# tests may pass.

# %%
lost_or_wrong = visit_hall("lost or wrong", progress=ProgressBar("hall 3"))
Hall(lost_or_wrong)

# %% [markdown]
# The programs of the fourth hall are right, and slow. No stack shows that, and `diagnose` has no
# rule for it. A number shows it: how many processes were started, or how much CPU time they used.
# You see the number of the broken program first, and that of the cured one with the answer.

# %%
slow = visit_hall("slow", progress=ProgressBar("hall 4"))
Hall(slow)

# %%
score()

# %% tags=["claim"]
for hall in (never_starts, never_ends, lost_or_wrong, slow):
    print("all failed as described, and all are cured:", fail_and_are_cured(hall))

# %% [markdown]
# ### What must a task send?
#
# The second mistake has a variant. Here *one* worker of an executor counts all three pages. Each
# task adds to the worker's global, and returns it. (In lesson 06, tasks found in a global what the
# initializer had stored there.)

# %%
show("returns_total.py")

# %%
predict("museum-returned", "Each page has the word once. What does the parent print?")

# %%
returned = run_safely("returns_total.py")
compare("museum-returned", float(returned.output.split()[-1]))

# %% [markdown]
# Six, for three words: the tasks returned 1, 2 and 3. A worker keeps its globals from one task to
# the next. With more workers, the sum depends on which of them gets which page. So let a task
# return what *it* found, and no running total.

# %% [markdown]
# ### A signal asks a process for its stacks
#
# On Linux and macOS, `faulthandler.register(signal.SIGUSR2)` lets a process print its stacks
# whenever it receives that signal: `kill -USR2 PID`. The program below registers it in the parent
# alone, or in both processes, and then sends the signal to the *child*.

# %%
show("asks_for_stacks.py")

# %%
predict(
    "museum-signal",
    "Two runs under spawn: first only the parent registers, then both. In how many of the two is "
    "the child alive afterward?",
    high=2,
)

# %%
signaled = {}
if sys.platform != "win32":  # Windows has no such signals
    for which in ("parent", "both"):
        signaled[which] = run_safely("asks_for_stacks.py", which, method="spawn")
        tell(f"{which} registered it: {signaled[which].output.splitlines()[-1]}")
    alive = [which for which in signaled if signaled[which].output.endswith("None\n")]
    compare("museum-signal", len(alive))
    tell(f"{signal.SIGUSR2.name} has the number {signal.SIGUSR2.value}")

# %% [markdown]
# Only one child survives. An exit code of −12 (on Linux) means: killed by signal 12. A process that
# has registered nothing for this signal is killed by it, and a child that was started by spawn or
# forkserver comes from a new interpreter, which knows nothing of what its parent registered. (A
# forked child inherits it.) So register in every process: first thing in the child's function, or
# in the `initializer` of a pool. `PYTHONFAULTHANDLER=1` in the environment is not enough. It makes
# every process print its stacks when it *crashes*, and does nothing for this signal.
#
# One more trap: don't let the parent call `dump_traceback_later` and fork *afterward*. If a child
# then calls it, too, it waits forever, for a thread that only the parent has. So `dumps_stacks.py`
# calls it after the workers have started.

# %% [markdown]
# ### py-spy reads the stacks from outside
#
# py-spy is a program of its own, and needs no change in yours. It is not part of this course:
# install it with `pip install py-spy`. It needs the right to read another process's memory: on
# macOS always as administrator (root); on many Linux systems, too, unless it started the process
# itself. This is a *recording*, not a run on your machine: py-spy 0.4.3, Python 3.13.0, Linux
# x86-64, 28 November 2026. The program was *Closing time for one* from above, with one more line
# that chooses spawn. We cut the folders from the paths. First without `--subprocesses`:
#
# ```text
# $ py-spy dump --pid 18616
# Process 18616: python3.13 closing_time.py
# Python v3.13.0 (python3.13)
#
# Thread 18616 (idle): "MainThread"
#     Popen.poll (multiprocessing/popen_fork.py:28)
#     Popen.wait (multiprocessing/popen_fork.py:44)
#     BaseProcess.join (multiprocessing/process.py:149)
#     <module> (closing_time.py:24)
# Thread 18635 (idle): "QueueFeederThread"
#     Condition.wait (threading.py:359)
#     Queue._feed (multiprocessing/queues.py:249)
#     ...
# ```

# %% [markdown]
# One process, two threads; `idle` means that the thread uses no core. The innermost call comes
# first, as above. The main thread is in `join`, called in line 24, so the answer is in a *child*,
# and this dump doesn't show it. With `--subprocesses` the same dump goes on:
#
# ```text
# $ py-spy dump --pid 18616 --subprocesses
# ...
# Process 18632: python3.13 -B -c from multiprocessing.spawn import spawn_main; ...
# Parent Process 18616: python3.13 closing_time.py
#
# Thread 18632 (idle): "MainThread"
#     Connection._recv (multiprocessing/connection.py:395)
#     Connection._recv_bytes (multiprocessing/connection.py:430)
#     _ConnectionBase.recv_bytes (multiprocessing/connection.py:216)
#     Queue.get (multiprocessing/queues.py:101)
#     work (closing_time.py:8)
#     ...
# Process 18631: python3.13 -B -c from multiprocessing.spawn import spawn_main; ...
# Thread 18631 (idle): "MainThread"
#     SemLock.__enter__ (multiprocessing/synchronize.py:95)
#     Queue.get (multiprocessing/queues.py:100)
#     work (closing_time.py:8)
#     ...
# ```

# %% [markdown]
# Each process says which one is its parent. Both workers are in `Queue.get`, called in line 8 of
# your file. In lines 100 and 101 of `queues.py` you can read what each one waits for: `with
# self._rlock:` takes the read lock, and `res = self._recv_bytes()` reads. So 18632 holds the lock
# and waits for an item, and 18631 waits for the lock. These are the arrows of the graph above. The
# dump also listed the resource tracker, which multiprocessing starts for itself under spawn. It
# always waits, so skip it.
#
# In two of our five recordings, this version of py-spy stopped in the middle of the list with
# `Failed to get process executable name`. In these two, and in no other, a worker had ended and was
# not joined yet: a zombie, which has no stack. Then dump each of the other processes by its own id.

# %% [markdown]
# > **Elsewhere.** Go's runtime ends a program in which all goroutines (its light threads) are
# > stuck, and databases look for circles in the wait-for graph of their locks. Python's
# > multiprocessing does neither. From Python 3.15 on, `python -m profiling.sampling dump -a PID`
# > reads the stacks of a process, with the rights that py-spy needs. (`python -m pdb -p PID` of
# > Python 3.14 is no help here: it waits until the process goes on.)

# %% [markdown]
# ### Guideline: join every process that you start
#
# On Linux and macOS, a child that has ended stays in the system's table until its parent asks for
# its exit code: a zombie. Here four children end, and the parent doesn't join them, but calls
# `kill()` for each. (They are spawned. Under forkserver the system knows the fork server as their
# parent, and it asks at once.) `connection.wait` waits for the end of a process and does not ask
# for the exit code; `process_states` asks the system for a state.

# %%
show(wait_for)

# %%
predict("museum-killed", "After kill() for all four: how many zombies (Linux, macOS)?", high=100)

# %%
spawn = multiprocessing.get_context("spawn")
may_end = spawn.Event()
four = [spawn.Process(target=wait_for, args=(may_end,)) for _ in range(4)]
for process in four:
    process.start()
may_end.set()
for process in four:
    connection.wait([process.sentinel])  # it has ended, and is not joined

# %%
unjoined = [process_states.state_after_end(process.pid) for process in four]
for process in four:
    process.kill()
killed = [process_states.state(process.pid) for process in four]
for process in four:
    process.join()
joined = [process_states.state(process.pid) for process in four]
compare("museum-killed", killed.count("zombie"))
print("exit codes:", [process.exitcode for process in four])

# %% tags=["claim"]
no_zombies = "Windows keeps no zombies" if sys.platform == "win32" else ""
claim("R4", unjoined == ["zombie"] * 4 and joined == ["gone"] * 4, unless=no_zombies)

# %% [markdown]
# Four: a process that has ended can't be killed, and its exit code stays 0. After `join`, there is
# none. There are seldom many: `multiprocessing` asks for the exit codes of all its children that
# have ended whenever it starts another one, and in `active_children()`. A zombie needs no core and
# hardly any memory. It is a sign of an exit code that your program hasn't read.

# %% [markdown]
# ### Guideline: importing the main file must start nothing
#
# Under spawn each child imports the file of the main program, to find its function there. Under
# forkserver each child does so, too; since Python 3.13.8 and 3.14.1, the fork server imports it
# once, for all children. In each case the code at the top level runs *again*, in another process.
# In this program, as in lesson 00, that code starts the child:

# %%
show("museum/no_guard.py")

# %%
show("museum/no_guard_cured.py")

# %%
no_guard = under_every_method("museum/no_guard.py")
guard = under_every_method("museum/no_guard_cured.py")
for method, outcome in no_guard.outcomes.items():
    print(f"{method:10}  without: {outcome:33}  with the guard: {guard.outcomes[method]}")

# %% tags=["claim"]
needs_it = [no_guard.outcomes[method] for method in no_guard.outcomes if method != "fork"]
all_fail = all(outcome.startswith("error") for outcome in needs_it)
claim("R12", all_fail and set(guard.outcomes.values()) == {"works"})

# %% [markdown]
# It works only under fork, which copies the process and imports nothing. That is how such programs
# come about: on Linux, with a Python before 3.14. From 3.14 on, the default on Linux is forkserver;
# on macOS and Windows it is spawn. A file is *safe to import* if its top level only defines things,
# and everything that *does* something is below `if __name__ == "__main__":`.

# %% [markdown]
# ### Guideline: each child closes standard input, whatever you have replaced it with
#
# Two processes must not read from the same keyboard. So multiprocessing calls `sys.stdin.close()`
# in each child, and opens an empty input instead. Tools for testing replace `sys.stdin` by an
# object of their own. A forked child has a copy of that object, and closes it. This one writes what
# was typed into a file when it is closed. (`StringIO`, its base class, is a file in memory.)

# %%
show("typed.py")

# %%
predict("museum-typed", "One line is typed; two children are forked. Lines in the file?", high=100)

# %%
written = {}
if "fork" in multiprocessing.get_all_start_methods():
    for kind in ("plain", "knows its process"):
        output = run_safely("typed.py", kind, method="fork").output
        written[kind] = int(output.split()[-1])
        tell(f"{kind}: {written[kind]} lines")
    compare("museum-typed", written["plain"])

# %% tags=["claim"]
no_fork = "" if written else "this system has no fork"
claim("R9", written == {"plain": 3, "knows its process": 1}, unless=no_fork)

# %% [markdown]
# Three lines: the parent's own, and one from each child, which had a copy of the line that was not
# written yet. Every object with a buffer (it keeps what it will write later) has this problem if a
# forked child flushes or closes it. The documentation gives the cure: the object remembers the id
# of the process that filled it, and in any other process it throws away what it holds.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
