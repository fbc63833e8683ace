# %% [markdown]
# Starting a process is one line. Ending well is the rest: waiting for it, learning how it went,
# stopping it when it hangs, and leaving nothing behind. This lesson takes a child through its whole
# life, and then looks at every way in which that can go wrong.
#
# **You will be able to**
#
# - start processes, wait for them in the right order, and read how they ended;
# - stop one that hangs, first politely, then not;
# - say what becomes of children whose parent does not join them, and who cleans up.
#
# **You need** lessons 00 and 01.

# %%
import multiprocessing
import os
import sys
import tempfile
import threading
from multiprocessing import Barrier, Event, Process, SimpleQueue, Value, connection
from pathlib import Path
from time import perf_counter

# %%
from helpers.workers import children
from helpers.runner import process_states
from helpers.claims import claim, tell
from helpers.capture import CapturedStderr
from helpers.plots import plot_spans
from helpers.diagnosis import diagnose
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.widgets import Explorer, LifeCycle, compare, predict

# %% [markdown]
# ## The life of a process
#
# `Process(target=…, args=…)` makes an object, and no process. `start()` makes the process. `join()`
# waits until it has ended. Three things tell where in its life it is: `pid`, `is_alive()` and
# `exitcode`. The child here waits for an event, so that we decide when it ends.

# %%
may_end = Event()
process = Process(target=children.wait_for, args=(may_end,))
states = [(process.pid is not None, process.is_alive(), process.exitcode)]

process.start()
states.append((process.pid is not None, process.is_alive(), process.exitcode))

may_end.set()
process.join()
states.append((process.pid is not None, process.is_alive(), process.exitcode))

# %%
for when, (has_pid, alive, code) in zip(("made", "started", "joined"), states):
    print(f"{when:8} has a pid: {has_pid!s:6} alive: {alive!s:6} exit code: {code}")
claim("S1", states == [(False, False, None), (True, True, None), (True, False, 0)])

# %% [markdown]
# Read the last column. While the child lives, its **exit code** is `None`; after it has ended, a
# number. `0` says that all went well. A process can be started once; for another turn, make another
# one.
#
# Here is a real child with buttons. Press them in any order, wrong ones too, and read what comes.

# %%
LifeCycle()

# %% [markdown]
# ## The same words as for threads, another thing
#
# `threading.Thread` has the same `target`, `args`, `start` and `join`. What differs is what they
# make. Each reports its process id and its thread id:

# %%
answers = SimpleQueue()
for kind in (threading.Thread, Process):
    worker = kind(target=children.tell_ids, args=(answers,))
    worker.start()
    worker.join()
thread_ids, process_ids = answers.get(), answers.get()

# %%
print("the thread: our process", thread_ids[0] == os.getpid())
print("            our thread ", thread_ids[1] == threading.get_native_id())
print("the process: our process", process_ids[0] == os.getpid())
claim("S2", thread_ids[0] == os.getpid() != process_ids[0] and thread_ids[1] != process_ids[1])

# %% [markdown]
# Because the words are the same, a program can be moved from threads to processes by one import,
# and it will run. Whether it still does what it did is another matter: everything that the threads
# shared is shared no more.

# %% [markdown]
# ## Without join, the parent goes on
#
# `start()` returns as soon as the child is on its way. Nothing waits by itself. Here the child
# fills a shared box (`Value`, a number that processes do share; more in lesson 03), once it is told
# to go: it writes 42 into it.

# %%
box, go = Value("i", 0), Event()
process = Process(target=children.fill_when_told, args=(go, box))
process.start()
too_early = box.value

go.set()
process.join()
in_time = box.value
print("read before join:", too_early, "   read after join:", in_time)

# %%
claim("S4", too_early == 0)
claim("S3", in_time == 42 and not process.is_alive())

# %% [markdown]
# We held the child back here, so that it fails every time. In a real program it fails now and then:
# the parent reads a result that is only *almost always* there.

# %% [markdown]
# ## Start all, then join all
#
# Three children, each busy for 0.3 seconds (they only wait, so cores don't matter). There are two
# ways to write the loop, and one of them is not parallel at all.

# %%
predict("start-join", "start, join, start, join, start, join: how many seconds in all?", "seconds")


# %%
def run_three(join_at_once: bool) -> list[tuple]:
    processes = [Process(target=children.work_a_while, args=(name, 0.3, answers)) for name in "ABC"]
    for process in processes:
        process.start()
        if join_at_once:
            process.join()
    spans = sorted(answers.get() for _ in processes)
    for process in processes:
        process.join()
    return spans


# %%
began = perf_counter()
one_by_one = run_three(join_at_once=True)
compare("start-join", perf_counter() - began, "seconds")
began = perf_counter()
together = run_three(join_at_once=False)
tell(f"start all, then join all: {perf_counter() - began:.2f} seconds")

# %%
ax = plot_spans(one_by_one, "join right after start: one at a time")

# %%
ax = plot_spans(together, "start all, then join all: together")

# %% [markdown]
# In the first picture, B starts when A has ended: `join()` stood in the loop, so the loop stood
# still. In the second, all three lie above one another. A clock can mislead on a busy machine, so
# here is a proof without one: a **barrier** opens only when three are there at the same time.


# %%
def meet(join_at_once: bool) -> list[bool]:
    barrier = Barrier(3)
    processes = [Process(target=children.meet, args=(barrier, answers)) for _ in "ABC"]
    for process in processes:
        process.start()
        if join_at_once:
            process.join()
    for process in processes:
        process.join()
    return [answers.get() for _ in processes]


print("join at once:", meet(join_at_once=True))
print("join at the end:", meet(join_at_once=False))

# %% [markdown]
# One by one, nobody ever met anybody. That is the most common way to write a parallel program that
# is none, and it gives right results, so nobody notices.

# %% [markdown]
# ## How a child ended: the exit code
#
# A child's result does not come back by itself, and neither do its exceptions. What comes back is
# one number. Predict what a child leaves that raises an exception, then run them all. (They are
# started by spawn, so that we can overhear their standard error.)

# %%
predict(
    "exit-code", "Which exit code does a child leave that raises a ValueError?", low=-300, high=300
)

# %%
ends = {
    "returns": (children.nothing, ()),
    "raises ValueError": (children.fail, ()),
    "sys.exit(3)": (children.exit_with, (3,)),
    "sys.exit('text')": (children.exit_with, ("bad input",)),
    "os._exit(7)": (children.end_abruptly, (7,)),
}

# %%
spawn, codes = multiprocessing.get_context("spawn"), {}
with CapturedStderr() as captured:
    for how, (target, args) in ends.items():
        process = spawn.Process(target=target, args=args)
        process.start()
        process.join()
        codes[how] = process.exitcode

# %%
for how, code in codes.items():
    print(f"{how:18} → {code}")
compare("exit-code", codes["raises ValueError"])
print("on standard error:", captured.kinds())

# %% [markdown]
# `1` for an exception, and the exception itself only on the child's standard error. A parent that
# does not look at `exitcode` reports success. Here is a whole program that does just that:

# %%
show("nobody_looks.py")

# %%
report = run_safely("nobody_looks.py")
print("the program", report.verdict)
print("last line:", report.output.splitlines()[-1])

# %% [markdown]
# Exit code 0, "all done", and half of the results are missing. **After `join`, look at
# `exitcode`.** (`run_safely` runs a program in a process tree of its own, within limits, and tells
# what happened. This course uses it wherever something may hang or be left behind.)
#
# From such a report, `diagnose` names the failure, if it knows it. The labs' checks use it too, on
# your own code.

# %%
print(diagnose(report))

# %% [markdown]
# ## Stopping one that hangs
#
# `join(timeout)` waits no longer than that. It does not say whether the child has ended: it returns
# `None` in both cases, so ask `is_alive()`. The child here says that it has started, and hangs.

# %%
started = Event()
process = Process(target=children.never_end, args=(started,))
process.start()
started.wait()

process.join(0.2)
hangs = process.is_alive()
process.terminate()
process.join()
print("alive after join(0.2):", hangs, "   after terminate and join:", process.is_alive())
print("exit code:", process.exitcode)

# %% [markdown]
# A negative exit code is the number of the **signal** that ended it: `-15` is SIGTERM. But that is
# a request, and a program may refuse it. `kill()` can't be refused, and that is also what is wrong
# with it: the child can't put anything in order. So ask in three steps, and wait after each.


# %%
def stop(process: multiprocessing.Process, patience: float) -> str:
    """How the process was made to end: by itself, by terminate or by kill."""
    process.join(patience)
    if process.is_alive():
        process.terminate()
        process.join(patience)
    if process.is_alive():
        process.kill()
        process.join()
        return "kill"
    return "terminate" if process.exitcode < 0 else "by itself"


# %%
how = []
for target in (children.never_end, children.refuse_to_end):
    started = Event()
    process = Process(target=target, args=(started,))
    process.start()
    started.wait()
    how.append(stop(process, patience=0.3))

tell(f"the one that hangs: {how[0]}; the one that refuses: {how[1]}")
print("both have ended")

# %% [markdown]
# On Linux and macOS the second one needed `kill`, exit code `-9`. On Windows there are no such
# signals: `terminate` and `kill` are the same there, and neither can be refused.

# %% [markdown]
# ## Terminate is not an exit
#
# A child that is terminated runs no `finally`, no `with` ends, nothing is flushed. This child would
# leave a note in its `finally` clause. One is terminated; the other is *asked*, by an event that it
# waits for.


# %%
def leaves_note(ask_politely: bool) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        note = Path(folder) / "note"
        started, please_end = Event(), Event()
        process = Process(target=children.clean_up_if_asked, args=(started, please_end, str(note)))
        process.start()
        started.wait()
        please_end.set() if ask_politely else process.terminate()
        process.join()
        return note.exists()


polite, terminated = leaves_note(ask_politely=True), leaves_note(ask_politely=False)
print("cleaned up when asked:", polite, "   when terminated:", terminated)

# %%
claim(
    "S6",
    hangs and codes["raises ValueError"] == 1 and how[0] == "terminate" and polite > terminated,
)

# %% [markdown]
# So the order of means is: an event or a message that the child looks for, then `join` with a
# timeout, then `terminate`, then `kill`. A child that held a lock when it was killed never gives
# it back; lesson 09 shows what happens then.

# %% [markdown]
# ## What becomes of children that nobody joins
#
# First, a program whose main process just reaches its last line while its child works.

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
# The plain child was waited for: at its exit, Python joins every child that is not a daemon. That
# is why a program may seem to hang after its last line. The **daemon** child was terminated in the
# middle of its work, at that same exit. Daemon means: *not worth waiting for*. Don't use it for
# work whose result you want.
#
# Second, the main process does not reach its exit at all. It dies, as if it had been killed.

# %%
report = run_safely("parent_dies.py")
print("the program", report.verdict)

# %% [markdown]
# An **orphan**: its parent is gone, it still runs, and nobody will ever join it. This one was ended
# by `run_safely`. On a server it would hold its memory until it ends by itself, which this one
# never does, or until somebody finds it. Being a daemon would not have saved it: that rule is
# carried out by the parent, at its exit.
#
# Third, a child that has ended and that nobody has asked about. On Linux and macOS the system keeps
# its exit code for the parent: a **zombie**. It runs no code and holds no memory, only a row in the
# process table. To see one we must know that the child has ended *without* asking for its exit
# code: `process.sentinel` is something that the system marks as ready at a process's end, and
# `connection.wait` waits for that.

# %%
process = spawn.Process(target=children.nothing)
process.start()
connection.wait([process.sentinel])  # it has ended, and nobody has joined it

before_join = process_states.state_after_end(process.pid)
process.join()
after_join = process_states.state(process.pid)
tell(f"the system's word before join: {before_join}, after join: {after_join}")

# %%
no_zombies = "Windows keeps no zombies" if sys.platform == "win32" else ""
cut_off, orphaned = len(daemon) == 1, len(report.left) == 1
claim(
    "S5",
    cut_off and orphaned and (before_join, after_join) == ("zombie", "gone"),
    unless=no_zombies,
)

# %% [markdown]
# Zombies are harmless in small numbers, and Python clears them away when it next starts a process
# or is asked for `active_children()`. They are a sign, though: somebody starts children and never
# asks how they did.

# %% [markdown]
# ## How much starting costs, once more
#
# Every process in this lesson was started for one small job, and that is the expensive way. Move
# *tasks* and *thousandths of a second* down and see when processes stop being worth it. Lesson 06
# keeps processes and reuses them: a pool.

# %%
Explorer("waiting", tasks=8, workers=4)

# %% [markdown]
# One word on the start methods of lesson 00. A program chooses by a **context**:
# `ctx = multiprocessing.get_context("spawn")`, and takes everything from it, `ctx.Process` and
# `ctx.Lock` alike, since a lock of the fork context is refused by a process of the spawn context.
# `set_start_method("spawn")` chooses for the whole program, and can be called once only, before
# anything is made: a lock or a queue made without a context sets the method, too. (Fork servers,
# and the managers of lesson 05, listen on a file in the temporary folder. Where the path of that
# folder is long, about 90 letters, they can't start; `TMPDIR` names a shorter one.)

# %% [markdown]
# > **In practice.** Write the end before the start: who joins, with what timeout, and who looks at
# > the exit code? `with` does most of it for pools and executors. Where you start processes
# > yourself, put the joining into a `finally` clause.
# >
# > **In an interview.** "What happens if you forget to join a process?" A weak answer says that it
# > becomes a zombie. A strong one takes the cases apart: the parent goes on too early; at exit,
# > plain children are waited for and daemons are terminated; if the parent dies, they are orphans;
# > if they die first, zombies; and in each case an exit code that nobody read.
# >
# > **Elsewhere.** Python 3.14 adds `Process.interrupt()`, which sends SIGINT on Linux and macOS, so
# > that `finally` clauses do run. With forkserver the children belong to the fork server as far as
# > the system is concerned; `join` and `exitcode` work as they do here.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()

# %% [markdown]
# **You can now**
#
# - start processes, join them in the right order, and read their exit codes;
# - stop a child that hangs: ask, `join` with a timeout, `terminate`, `kill`;
# - say what becomes of a child that nobody joins, in each of the cases, and who cleans up.
