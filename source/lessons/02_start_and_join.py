# %% [markdown]
# Starting a process takes one line. Ending it well takes more: wait for it, find out how it went,
# stop it if it hangs, and leave nothing behind.
#
# **You will be able to**
#
# - start processes so that they run at the same time, and wait for them;
# - read from an exit code how a process ended;
# - stop a process, and say what each way of stopping skips;
# - end a whole program cleanly, whatever its workers do.
#
# **You need** lessons 00 and 01.

# %%
import multiprocessing
import os
import queue
import threading
from collections.abc import Callable
from multiprocessing import Barrier, Event, Lock, Process, SimpleQueue, Value, connection
from time import perf_counter

import matplotlib.pyplot as plt

# %%
from helpers.capture import CapturedStderr
from helpers.claims import claim, tell
from helpers.diagnosis import diagnose, under_every_method
from helpers.plots import plot_spans
from helpers.runner import process_states, run_safely
from helpers.source_code import show
from helpers.widgets import LifeCycle, compare, predict
from helpers.workers import children, lifecycle

# %% [markdown]
# ## `Process` makes an object, `start` makes a process
#
# `Process(target=…, args=…)` stores what to run. `start()` asks the operating system for a new
# process that runs it. `join()` waits until that process has ended. This child waits for an event,
# so that you decide when it ends.

# %%
show(children.wait_for)


# %%
def state(process: Process) -> tuple:
    return (process.pid is not None, process.is_alive(), process.exitcode)


may_end = Event()
process = Process(target=children.wait_for, args=(may_end,))
states = [state(process)]
process.start()
states.append(state(process))
may_end.set()
process.join()
states.append(state(process))

# %%
print("(has a pid, is alive, exit code)")
for after, what in zip(("Process(…)", "start()", "join()"), states, strict=True):
    print(f"after {after:11}", what)


# %% tags=["claim"]
def goes_through_its_life(states: list[tuple]) -> bool:
    return states == [(False, False, None), (True, True, None), (True, False, 0)]


claim("S1", goes_through_its_life(states))

# %% [markdown]
# While the child runs, its **exit code** is `None`. After its end it is a number, and `0` means
# success. You can start a `Process` only once, and join it only after that.

# %% [markdown]
# ## Read a result right after `start`
#
# This child stores 42 in a `Value`, a number that processes share (lesson 03), and does nothing
# else. (`Synchronized` is the type of a `Value`; `"i"` below stands for an integer.)

# %%
show(lifecycle.write_42)

# %% [markdown]
# The parent reads the number twice: right after `start()`, and after `join()`. It repeats that with
# ten children.

# %%
predict("too-early", "How many of the ten reads right after start() give 42?", "of 10", high=10)

# %%
before_join, after_join = [], []
for _ in range(10):
    box = Value("i", 0)
    process = Process(target=lifecycle.write_42, args=(box,))
    process.start()
    before_join.append(box.value)
    process.join()
    after_join.append(box.value)
compare("too-early", before_join.count(42), "of 10")
print("reads of 42 after join:", after_join.count(42), "of 10")


# %% tags=["claim"]
def some_read_too_early(values: list[int]) -> bool:
    return values.count(42) < len(values)


claim("S4", some_read_too_early(before_join))
claim("S3", not some_read_too_early(after_join))

# %% [markdown]
# `start()` doesn't wait until the child has run its function. The two race, and usually the parent
# wins: it reads microseconds later, and the child needs longer until its first line runs. On a busy
# machine you may see a few 42s. A parent that does other work in between may read 42 nearly every
# time. Such a program passes its tests, and fails now and then in real use.
#
# > **In practice.** Read a child's results after you have joined it, or take them from a queue,
# > which waits for them (lesson 04).

# %% [markdown]
# ## One loop or two?
#
# Three children sleep for 0.3 seconds each. Sleeping needs no core, so one core is enough.

# %%
show(lifecycle.sleep_a_while)


# %%
def make_three(spans: SimpleQueue) -> list[Process]:
    return [Process(target=lifecycle.sleep_a_while, args=(name, spans)) for name in "ABC"]


# %% [markdown]
# The first program has one loop, which calls `start()` and `join()` for each child. The second has
# two: one loop starts the three, and then another joins them.

# %%
predict("one-or-two-loops", "How many times as long does the program with ONE loop take?", "times")

# %%
spans, began = SimpleQueue(), perf_counter()
for process in make_three(spans):
    process.start()
    process.join()
one_loop = perf_counter() - began
one_by_one = [spans.get() for _ in range(3)]

# %%
processes, began = make_three(spans), perf_counter()
for process in processes:
    process.start()
for process in processes:
    process.join()
two_loops = perf_counter() - began
compare("one-or-two-loops", one_loop / two_loops, "times")
tell(f"one loop took {one_loop:.2f} s, two loops took {two_loops:.2f} s")
together = sorted(spans.get() for _ in range(3))

# %%
figure, (above, below) = plt.subplots(2, sharex=True, layout="constrained")
plot_spans(one_by_one, "one loop: start, join, start, join, start, join", above)
plot_spans(together, "two loops: start all, then join all", below)

# %% [markdown]
# In the upper picture B starts after A has ended, because `join()` stops the loop. In the lower
# one all three sleep at the same time, also while the second loop waits for A. So **start all, then
# join all.**
#
# A proof without a stopwatch is a **barrier**: `Barrier(3)` opens only when three processes wait at
# it at the same time. If they have not come after a second, `wait(timeout=1)` raises
# `BrokenBarrierError` and breaks the barrier: later calls raise at once.

# %%
show(lifecycle.meet)

# %%
barrier, answers = Barrier(3), SimpleQueue()
processes = [Process(target=lifecycle.meet, args=(barrier, answers)) for _ in range(3)]
for process in processes:
    process.start()
for process in processes:
    process.join()
print("start all, then join all:", [answers.get() for _ in range(3)])

# %%
barrier = Barrier(3)
for _ in range(3):
    process = Process(target=lifecycle.meet, args=(barrier, answers))
    process.start()
    process.join()
print("start, join, start, join:", [answers.get() for _ in range(3)])

# %% [markdown]
# One by one, no process ever meets another. The results are right, so the mistake stays unnoticed.

# %% [markdown]
# ## The exit code tells how a child ended
#
# When a child ends, its parent gets one number: the exit code. This function ends in five ways.
# (`sys.exit(3)` raises `SystemExit`, which ends a process with exit code 3.)

# %%
show(lifecycle.end)

# %% [markdown]
# The children here are started by spawn: `get_context("spawn")` gives a **context**, an object with
# the same `Process`, `Lock` and `Queue` for that start method. This lets us capture what they write
# to standard error.

# %%
predict("returns-4", "What is the exit code after `return 4`?", low=-300, high=300)

# %%
ways = ("return 4", "raise ValueError", "sys.exit(3)", "sys.exit('bad input')", "os._exit(7)")
spawn, codes = multiprocessing.get_context("spawn"), {}
with CapturedStderr() as captured:
    for how in ways:
        process = spawn.Process(target=lifecycle.end, args=(how,))
        process.start()
        process.join()
        codes[how] = process.exitcode
for how, code in codes.items():
    print(f"{how:22} → {code}")
compare("returns-4", codes["return 4"])
print("the last line of the traceback on standard error:", *captured.errors())

# %% [markdown]
# What a target returns is lost: a process whose target returns has succeeded, with 0. An uncaught
# exception gives 1, and so does `sys.exit` with a text. The traceback appears only on the child's
# standard error. This program ignores the exit code:

# %%
show("nobody_looks.py")

# %% [markdown]
# `run_safely` runs a program that may hang or leave processes behind. It sets limits, reports what
# happened, and cleans up. `diagnose` reads the report and names the failure. (`Process-1` is the
# name of the first child.)

# %%
report = run_safely("nobody_looks.py")
print("the program", report.verdict)
print("its last line:", report.output.splitlines()[-1])
print(diagnose(report))

# %% [markdown]
# The child failed, results are missing, and the program ends with exit code 0: success.
#
# > **In practice.** After every `join`, look at `exitcode`, and raise an error or retry if it is
# > not 0.

# %% [markdown]
# ## Stop a process that hangs
#
# This child never ends by itself. `join(0.2)` waits for it, but at most 0.2 seconds.

# %%
show(lifecycle.never_end)

# %%
predict("after-the-timeout", "After join(0.2): is the child alive (1) or not (0)?", high=1)

# %%
started = Event()
stuck = Process(target=lifecycle.never_end, args=(started,))
stuck.start()
started.wait()
stuck.join(0.2)
hangs = stuck.is_alive()
compare("after-the-timeout", int(hangs))

# %% [markdown]
# The timeout ends the *wait*, and does nothing to the child. `join` returns `None` in any case, so
# ask `is_alive()`. If the child hangs, `terminate()` sends it a **signal**, a message that is only
# a number: on Linux and macOS SIGTERM, which is 15. By default, the system then ends the process.
#
# On Linux and macOS, a process that ends by itself has an exit code from 0 to 255. If a signal
# ended it, `exitcode` must show that, and which signal it was.

# %%
predict("terminated", "What is the exit code after terminate()?", low=-300, high=300)

# %%
stuck.terminate()
stuck.join()
print("alive after terminate() and join():", stuck.is_alive())
compare("terminated", stuck.exitcode)

# %% [markdown]
# A negative exit code names the signal that ended the process: `-15` is SIGTERM. `-9` is
# SIGKILL, which Linux also sends when memory runs out; `-11` is a memory fault in C code.
#
# SIGTERM is a request, and a process can ignore it. `signal.signal` sets what happens when a signal
# comes, and `SIG_IGN` stands for "ignore it":

# %%
show(lifecycle.ignore_sigterm)

# %% [markdown]
# `terminate()` and then `join()` would wait for hours for this child. `kill()` sends SIGKILL, which
# can't be ignored. So use three steps, and wait after each:


# %%
def stop(process: Process, patience: float) -> str:
    """Stop the process, and return the last call that was needed."""
    process.join(patience)
    if not process.is_alive():
        return "join"
    process.terminate()
    process.join(patience)
    if not process.is_alive():
        return "terminate"
    process.kill()
    process.join()
    return "kill"


# %%
for target in (lifecycle.never_end, lifecycle.ignore_sigterm):
    started = Event()
    process = Process(target=target, args=(started,))
    process.start()
    started.wait()
    last_call = stop(process, patience=0.3)
    tell(f"{target.__name__}: needed {last_call}, exit code {process.exitcode}")

# %% [markdown]
# > **Elsewhere.** Windows has no such signals. There `kill()` does the same as `terminate()`:
# > either ends the process at once, no child can ignore or handle it, and the exit code is -15.

# %% [markdown]
# ## Does a terminated process clean up?
#
# A process can choose what it does on SIGTERM: it sets a **signal handler**, a function that Python
# calls when the signal comes. (Python passes it the signal's number, and a frame: where the process
# was.) The first child below sets none: the system ends it. The second one has the handler `leave`,
# which raises `SystemExit`. (`atexit.register` names a function that a child's ordinary exit calls;
# before Python 3.13, only under spawn. A *shell* runs what you type in a terminal.)

# %%
show(lifecycle.tidy_up)

# %%
show(lifecycle.tidy_up_on_sigterm)


# %%
def tidied_up(target: Callable, how: str) -> bool:
    started, please_end, notes = Event(), Event(), SimpleQueue()
    process = Process(target=target, args=(started, please_end, notes))
    process.start()
    started.wait()
    if how == "ask":
        please_end.set()
    else:
        process.terminate()
    process.join()
    return not notes.empty()


# %% [markdown]
# Three children are stopped: one is asked by the event that it waits for, one is terminated, and
# one with the handler is terminated.

# %%
predict("notes", "How many of the three run their finally clause?", "of 3", high=3)

# %%
asked = tidied_up(lifecycle.tidy_up, "ask")
terminated = tidied_up(lifecycle.tidy_up, "terminate")
handled = tidied_up(lifecycle.tidy_up_on_sigterm, "terminate")
print("asked by the event:         ", asked)
print("terminated, without handler:", terminated)
compare("notes", [asked, terminated, handled].count(True), "of 3")


# %% tags=["claim"]
def each_end_is_under_control(hangs: bool, raised: int, asked: bool, terminated: bool) -> bool:
    return hangs and raised == 1 and asked and not terminated


claim("S6", each_end_is_under_control(hangs, codes["raise ValueError"], asked, terminated))

# %% [markdown]
# SIGTERM's default ends a process at once, between any two instructions. So the child without a
# handler left no note: neither its `finally` ran nor its `atexit` function. Text that `print` still
# keeps is lost. The handler turns SIGTERM into an exception, so `finally` runs (not on Windows).
# SIGKILL can't be handled: `kill()` skips all this.
#
# > **In practice.** Ask by an event or a message where you can. Keep a handler as short as this
# > one: it can run almost anywhere, even inside a `finally`.

# %% [markdown]
# ## A process is terminated while it holds a lock
#
# `with lock:` takes the lock, and releases it at the end of its block. `acquire(timeout=0.2)` takes
# it too, if it is free within 0.2 seconds, and returns whether it did.

# %%
show(lifecycle.hold_lock)

# %%
predict("lock", "The child is terminated. How many of three tries get the lock?", "of 3", high=3)

# %%
lock, started = Lock(), Event()
process = Process(target=lifecycle.hold_lock, args=(lock, started))
process.start()
started.wait()
process.terminate()
process.join()
tries = [lock.acquire(timeout=0.2) for _ in range(3)]
compare("lock", tries.count(True), "of 3")
print("the child has ended, and the lock is free:", any(tries))

# %% [markdown]
# The end of the `with` was skipped, as a `finally` is, and the system does not release such a lock.
# Without the timeout, `acquire` would wait forever. Queues, events and barriers have locks inside,
# too: *Deeper* terminates processes that use them, and one that has children.
#
# > **In practice.** Terminate a process only as the last resort, and use nothing again that it
# > shared with you.

# %% [markdown]
# ## What happens to children that are not joined
#
# Four things can happen. In the first two, the main program reaches its last line while its child
# still works. Python then waits for the child, unless it is a **daemon**: a child that was made
# with `daemon=True`. Does a daemon finish its work alone, or does its parent's exit cut it off?
# (The program finds in `sys.argv` what we pass to `run_safely` after its name.)

# %%
show("ends_without_join.py")

# %%
predict("daemon-lines", "With daemon=True, how many lines does this program print?", "lines")

# %%
plain = run_safely("ends_without_join.py", "plain").output.splitlines()
daemon = run_safely("ends_without_join.py", "daemon").output.splitlines()
print("plain: ", plain)
print("daemon:", daemon)
compare("daemon-lines", len(daemon), "lines")

# %% [markdown]
# At its exit, Python joins every child that is not a daemon. That is why a program may seem to hang
# after its last line. It terminates the daemons, in the middle of their work: don't use one for
# work whose result you need.
#
# Third, the main program never reaches its exit, because a signal ends it. (`os.kill` sends a
# signal, here to the program itself; on Windows it ends the program at once. The barrier opens when
# it and its three workers wait there.)

# %%
show("parent_dies.py")

# %%
predict("left", "SIGTERM ends the main program. How many processes are left?", "processes", high=9)

# %%
report = run_safely("parent_dies.py")
compare("left", len(report.left), "processes")

# %% [markdown]
# All three are **orphans**: they run, and the process that started them and could join them has
# ended. (`run_safely` has ended these.) `daemon=True` would not help: this parent never came to the
# exit at which it terminates its daemons.


# %% tags=["claim"]
def ends_are_not_managed(plain: list, daemon: list, orphans: int) -> bool:
    return len(plain) == 2 and len(daemon) == 1 and orphans == 3


claim("S5", ends_are_not_managed(plain, daemon, len(report.left)))

# %% [markdown]
# Fourth, the child ends first, and the parent does not ask for its exit code. Linux and macOS keep
# the exit code, and a child of fork or spawn is a **zombie** until the parent asks: it runs nothing
# and holds no memory, only a row in the system's process table. *Deeper* shows one.
#
# > **In an interview.** "What happens if you don't join a process?" A weak answer: "it becomes a
# > zombie". A strong one: the parent continues too early, and reads no exit code. When it exits, it
# > joins plain children and terminates daemons. If it is killed, its children are orphans. A child
# > that ends first may be a zombie until its parent asks.

# %% [markdown]
# ## Stop a whole program: ask all, join all, kill all
#
# On Ctrl-C or SIGTERM a service must end in order and within seconds. This is a
# **graceful shutdown**. Here one worker listens, one hangs, and one ignores SIGTERM.

# %%
show("stops_cleanly.py")

# %% [markdown]
# Read it from the end:
#
# - The handler turns SIGTERM into `SystemExit`. Ctrl-C (SIGINT) raises `KeyboardInterrupt`. So
#   `finally` runs on both, and on any error. It first ignores both signals, as people press Ctrl-C
#   twice. Then it stops the started workers: only those have a `pid`.
# - `stop_all` takes each step for *all* workers, and `join_all` has one deadline, by the clock
#   `time.monotonic()`. So ten workers that hang take no longer than one.
# - A terminal sends Ctrl-C to the workers, too. `begin` ignores it, and sets SIGTERM back to its
#   default, `SIG_DFL`: only the main program decides.

# %%
report = run_safely("stops_cleanly.py")
print("the program", report.verdict)
print("processes left:", len(report.left))
tell(report.output.strip())

# %% [markdown]
# The program leaves nothing, and ends with 143, the exit code that shells use for SIGTERM: 128 +
# 15. The worker that listens ended by itself (0), the one that hangs needed SIGTERM (-15), and the
# last one SIGKILL (-9; Windows shows -15 for both).
#
# > **In practice.** Put `try … finally` around starting and joining.
# >
# > **In an interview.** "Stop eight workers within five seconds." A weak answer joins one after the
# > other with five seconds each. A strong one has one deadline for all: ask all, join all, kill all
# > that are left, and read the exit codes.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()

# %% [markdown]
# **You can now**
#
# - start all processes and then join all, and read how each ended from its exit code;
# - stop a process: ask, `join` with a timeout, `terminate`, `kill`;
# - say what SIGTERM skips, and write the handler that lets `finally` run;
# - say what becomes of a child that is not joined: joined at exit, cut off, orphan or zombie;
# - end a whole program with one deadline for all of its workers.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Try every order
#
# A real child, with a button for each call. Press them in any order, wrong ones too, and read what
# Python answers.

# %%
LifeCycle()

# %% [markdown]
# ### It looks like a thread, and is not
#
# `threading.Thread` has the same `target`, `args`, `start` and `join`. Here both run the same
# function, which puts its process id and its thread id into a queue:

# %%
show(children.tell_ids)

# %%
for kind in (threading.Thread, Process):
    worker = kind(target=children.tell_ids, args=(answers,))
    worker.start()
    worker.join()
of_thread, of_process = answers.get(), answers.get()
print("the thread runs in our process: ", of_thread[0] == os.getpid())
print("the process runs in our process:", of_process[0] == os.getpid())


# %% tags=["claim"]
def only_the_process_is_new(here: int, of_thread: tuple, of_process: tuple) -> bool:
    return of_thread[0] == here and of_process[0] != here


claim("S2", only_the_process_is_new(os.getpid(), of_thread, of_process))

# %% [markdown]
# So it is tempting to change one import and call it multiprocessing. That can fail:
#
# - What the threads shared, processes don't share (lesson 03).
# - Spawn and forkserver need the main guard (lesson 00), and refuse some targets and arguments that
#   a thread accepts (lesson 03).

# %% [markdown]
# ### A child that ended and was not joined is a zombie
#
# `join`, `is_alive` and `exitcode` all ask the system for the exit code. So we wait for the child's
# end in another way: the system marks `process.sentinel` as ready at that moment. The child runs
# `children.nothing`, which returns at once.

# %%
show(children.nothing)

# %%
process = spawn.Process(target=children.nothing)
process.start()
connection.wait([process.sentinel])
before = process_states.state_after_end(process.pid)
process.join()
after = process_states.state(process.pid)
tell(f"according to the system: {before} before join, {after} after join")

# %% [markdown]
# On Linux and macOS a child of spawn or fork is a zombie until `join` asks for its exit code. A
# fork server asks at once, and Windows keeps no zombies. Python also asks for the exit codes when
# it starts the next process or runs `active_children()`, so a few zombies are harmless. They are a
# sign, though: this program never learns how its children ended.
#
# On Linux and macOS, when a child of fork or spawn ends, its parent gets the signal SIGCHLD. Some
# programs ignore it to avoid zombies. Then the system throws the exit codes away: `is_alive()`
# stays `True` forever, and `exitcode` stays `None`.

# %% [markdown]
# ### Terminate a process that reads from a queue
#
# `get` holds a lock of the queue while it waits for an item. This child is terminated while it
# waits. Then the parent puts an item into the queue and tries to get it back.

# %%
show(lifecycle.take_one)

# %%
predict("items", "How many items does the parent's get(timeout=1) return?", "items", high=1)

# %%
tasks, started = multiprocessing.Queue(), Event()
process = Process(target=lifecycle.take_one, args=(started, tasks))
process.start()
started.wait()
process.join(0.3)  # by now the child waits in get()
process.terminate()
process.join()

# %%
tasks.put("a task")
try:
    got = [tasks.get(timeout=1)]
except queue.Empty:
    got = []
compare("items", len(got), "items")
print("the item came back:", bool(got))

# %% [markdown]
# The item is in the queue, and the lock that `get` needs belongs to a process that has ended. A
# process that is killed while its items are written can leave half an item in the queue as well.
# After you have terminated a process that used a queue, make a new queue.

# %% [markdown]
# ### A terminated waiter blocks `Event.set`
#
# `set()` wakes every process that waits, and then waits until each of them has confirmed it.
# (`run_safely` stops this program after 5 seconds. On Linux it does so earlier, when all of its
# processes have been blocked for one second.)

# %%
show("event_set_hangs.py")

# %%
report = run_safely("event_set_hangs.py", still=1, limit=5)
print("the program ended:", report.exit_code == 0)
print("its last line:", report.output.splitlines()[-1])

# %% [markdown]
# The terminated child can't confirm. So set the event *before* you terminate anything, as
# `stop_all` does, and don't use it again. `Barrier` and `Condition`, which is another object of
# this kind, have the same weakness. This is what the documentation of `terminate` warns of: it may
# damage a queue, and others may wait forever.

# %% [markdown]
# ### Terminate a child that has children
#
# Here a child starts a child of its own:

# %%
show("child_of_a_child.py")

# %%
predict("grandchild", "How many processes does this program leave?", "processes", high=9)

# %%
report = run_safely("child_of_a_child.py")
compare("grandchild", len(report.left), "processes")

# %% [markdown]
# The grandchild is an orphan: `terminate()` ends one process, not that process's children. By
# default nothing tells a process that its parent has died; it must look. Under spawn and forkserver
# it can wait for `multiprocessing.parent_process().sentinel`, as you did for a child's: it is ready
# when the parent has ended, however it ended. Under fork that can come too late: children that were
# forked later hold a copy of what is behind the sentinel, so it is not ready until they have ended,
# too. There, check now and then whether `os.getppid()` has changed. A daemon is not allowed to have
# children, because they would be left.
#
# A container's main process is its process 1, and Linux passes it only signals that it handles, and
# from outside SIGKILL and SIGSTOP, which pauses a process. So without a handler, `docker stop`
# sends SIGTERM in vain, and SIGKILL after 10 seconds. (`docker run --init` makes another program
# process 1.) No orphans stay: when process 1 has ended, the system kills the others.

# %% [markdown]
# ### Which signal handlers does a child have?
#
# In this program only the main process sets a handler, before it starts the child.
# `under_every_method` runs the program once under each start method that your system has (lesson
# 03), and keeps a report on each.

# %%
show("inherits_handler.py")

# %%
predict("by-forkserver", "By FORKSERVER: what is the child's exit code?", low=-300, high=300)

# %%
lens = under_every_method("inherits_handler.py")
for method, report in lens.reports.items():
    tell(f"{method}: {report.output.strip()}")
if "forkserver" in lens.reports:
    compare("by-forkserver", int(lens.reports["forkserver"].output.split()[-1]))

# %% [markdown]
# Fork copies the parent's handlers, too, so the child ends by the parent's `leave`: 3. A fork
# server copies *itself*, and its interpreter never ran the line that sets the handler. So its
# children have the default, as under spawn: -15. A handler that saves files or stops workers would
# do so in every forked child. Reset it first thing in a worker, as `begin` in `stops_cleanly.py`
# does. A signal that the parent *ignores* is different: on Linux and macOS, children ignore it
# under spawn, too.
#
# Since Python 3.14, `Process.interrupt()` sends SIGINT on Linux and macOS. It raises
# `KeyboardInterrupt`, so `finally` runs, unless the child ignores SIGINT. Before Python 3.13, a
# child of fork or forkserver never runs `atexit` functions.

# %% [markdown]
# ### A queue in a local variable
#
# Here the queue is a local variable of a function that returns the child.

# %%
show("queue_not_kept.py")

# %% [markdown]
# On Linux and macOS, under spawn and forkserver, a queue's locks have names. The child opens them
# by name, usually a little after `start()` has returned. When Python deletes the queue, it deletes
# these names.

# %%
predict("kept", "By spawn: what is the child's exit code?", low=-300, high=300)

# %%
lens = under_every_method("queue_not_kept.py")
for method, report in lens.reports.items():
    tell(f"{method}: {report.output.splitlines()[-1]}")
compare("kept", int(lens.reports["spawn"].output.split()[-1]))

# %% [markdown]
# When `start_worker` returns, nothing in the parent refers to the queue. Python deletes it, and
# with it the names. On Linux and macOS, the child usually finds nothing: `FileNotFoundError`, exit
# code 1. A child of the fork server opens the locks by name, too. This is a race, and such a child,
# which starts fast, can win it. A forked child has the locks already. So keep a reference to every
# queue, lock and event until you have joined the children that use them.

# %% [markdown]
# ### Choose the start method by a context
#
# `get_context("fork")` and `get_context("forkserver")` exist as well, except on Windows. Take
# everything from one context: a lock of the fork context is refused by a process of the spawn
# context. `set_start_method("spawn")` chooses for the whole program. Call it once, before anything
# else: starting a process sets the method, and so does making a lock or a queue.
#
# Fork servers and managers (lesson 05) listen on a socket file in the temporary folder (not on
# Windows). If the folder's path is longer than about 70 characters, they can't start: set `TMPDIR`
# to a shorter one. (Since Python 3.14, they use `/tmp` then.)
#
# In a notebook, join every child in the cell that starts it. Otherwise its output appears below
# whichever cell runs at that time, or below an earlier one.
