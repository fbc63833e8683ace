# %% [markdown]
# Threads and processes look alike in Python and do different things well. This lesson puts the same
# work under each of them, finds out *why* they differ, and ends with six workloads that you place
# yourself, before measuring them.
#
# **You will be able to**
#
# - predict whether threads, processes or asyncio will make a given program faster, and by how much;
# - explain the global interpreter lock by what it does, and say where it does not hold you back;
# - choose by the shape of the work, and prove the choice.
#
# **You need** lessons 00 to 02, and executors from lesson 06.

# %%
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

# %%
from helpers.workers import children
from helpers.measure import interpreter, machine
from helpers.engines import executors
from helpers.claims import claim, tell
from helpers.local_servers import HttpServer
from helpers.measure import compare_waiting, cpu_contention, measure, measure_cuts, sweep
from helpers.plots import plot_engines, plot_parts, plot_speedup, plot_sweeps, plot_timeline
from helpers.plots import print_in_words
from helpers.widgets import Explorer, Placement, ProgressBar, compare, predict
from helpers.workers import count_primes, do_nothing, hash_buffer, wait
from helpers.workers.network import fetch, fetch_async
from helpers.workers.workloads import WORKLOADS, workload

# %% [markdown]
# ## Computing: threads do not help, processes do
#
# The work is **CPU-bound**: it counts primes and waits for nothing. It is cut into 32 equal tasks,
# and done by 1, 2 and 4 workers. `sweep` lets every engine do all of it in turns, on workers that
# stand ready, and beside them lets independent interpreters do the same: that is the machine's
# ceiling. What do you expect?

# %%
predict("two-threads", "How many times as fast as one loop are 2 THREADS?", "times", high=100)

# %%
predict("two-processes", "How many times as fast as one loop are 2 PROCESSES?", "times", high=100)

# %%
one_core = "" if machine.usable_cores() > 1 else "this process may use one core only"
no_gil = "" if machine.has_gil() else "this Python runs without a GIL"


def processes_win(measured) -> bool:
    threads, processes = measured.run("threads", 2), measured.run("processes", 2)
    # Round by round, so that a busy moment of the machine counts for both.
    return processes.speedup(threads) > 1.2


# %%
primes = sweep(
    count_primes, workload("primes").tasks(32, 1_500), workers=(1, 2, 4),
    progress=ProgressBar("counting primes"),
)  # fmt: skip
compare("two-threads", primes.speedup("threads", 2), "times")
compare("two-processes", primes.speedup("processes", 2), "times")

# %%
ax = plot_speedup(primes)
print_in_words(primes)

# %% [markdown]
# The height is the **speedup**: how many times as fast as one loop. The line of the threads is
# flat at 1: more threads, same time. The line of the processes climbs until your cores are used up,
# and stays close to the ceiling; more workers than cores add nothing. The thin lines are Amdahl's
# law: fitted to the points up to your number of cores, they say how large a share of the work
# behaves as if it could not be divided, and what more cores would bring. Lesson 08 is about that
# share.
#
# Seconds can mislead on a busy machine; CPU time can't. As in lesson 01, the claims look at the
# best stretch of each run: more than one core's CPU time in it proves that two tasks ran in one
# instant.


# %%
def parallel(measured, engine: str) -> bool:
    """Whether two workers of the engine kept more than one core busy at once."""
    return measured.run(engine, 2).cores_in_best_stretch() > 1.25


busy = cpu_contention(primes.baseline)  # others may have had the cores
claim("G1", not parallel(primes, "threads"), unless=no_gil)
wins = processes_win(primes)
claim("G2", wins, unless="" if wins else primes.no_room(2) or busy)
only_processes = parallel(primes, "processes") and not parallel(primes, "threads")
claim("T3", only_processes, unless=one_core or no_gil or ("" if only_processes else busy))

# %% [markdown]
# ## The cause: one lock for each interpreter
#
# Standard CPython has a **global interpreter lock**, the GIL. A thread must hold it to run Python
# code, so one thread at a time does. Each process has an interpreter of its own, with a lock of its
# own. If that is the cause, three things must follow, and each can be tried.
#
# **First: code that lets go of the lock runs in parallel in threads.** The hash functions of
# `hashlib` are written in C and let go of it while they hash a large buffer.

# %%
predict(
    "hash-threads",
    "How many times as fast as one loop do 2 threads hash large buffers?",
    "times",
    high=100,
)


# %%
def threads_help(measured) -> bool:
    return parallel(measured, "threads")


hashing = sweep(
    hash_buffer, workload("hash").tasks(24, 8), workers=(1, 2), progress=ProgressBar("hashing"),
)  # fmt: skip
compare("hash-threads", hashing.speedup("threads", 2), "times")

# %%
ax = plot_speedup(hashing)
print_in_words(hashing)

# %% [markdown]
# Now threads climb as processes do, at a fraction of the cost. NumPy, compression, image and
# database libraries often let go of the lock in the same way. "Threads are useless for computing"
# is false: they are useless for computing *in Python code*, under the GIL.
#
# **Second: a thread that computes keeps other threads waiting.** A thread that holds the lock is
# asked to let go of it after the **switch interval**, 5 ms unless you change it. Here one thread
# only wants to sleep for 1 ms, again and again, while another computes. How late is it?

# %%
predict(
    "late", "By how many ms is a 1 ms sleep late, beside a computing thread?", "ms", high=10_000
)


# %%
def late_beside_work(switch_interval: float) -> float:
    """By how many milliseconds a short sleep is late while another thread computes."""
    before = sys.getswitchinterval()
    sys.setswitchinterval(switch_interval)
    busy = threading.Thread(target=count_primes, args=(range(1_000_000, 1_150_000),))
    busy.start()
    late = children.late_by(12)
    busy.join()
    sys.setswitchinterval(before)
    return late * 1_000


# %%
alone = children.late_by(12) * 1_000
usual, patient = late_beside_work(0.005), late_beside_work(0.020)
compare("late", usual, "ms")
tell(
    f"late by {alone:.2f} ms with nobody else at work",
    f"late by {usual:.1f} ms at a switch interval of 5 ms, {patient:.1f} ms at 20 ms",
)

# %% [markdown]
# The delay follows the switch interval, so it is the lock that is waited for. This is how one
# computing thread makes a web server or a window sluggish. Move the computation to a process, and
# the delay is gone, because that process has another lock.
#
# **Third: without the shared lock, threads are parallel.** From Python 3.14 on, the standard
# library can run several *interpreters* in one process, each with a lock of its own. And there are
# **free-threaded** builds of Python, from 3.13 on, that have no GIL. If this machine has them, they
# are measured here.

# %%
tasks = workload("primes").tasks(32, 3_000)
missing = executors.why_missing("interpreters")
if missing:
    tell(missing)
else:
    engines = ("serial", "interpreters")
    alone_run, together = measure_cuts(count_primes, {"primes": (tasks, 1)}, engines).values()
    tell(f"2 interpreters: {together.speedup_range(alone_run)} times as fast as one loop")

# %%
free = interpreter.find_free_threaded()
if free is None:
    tell("no free-threaded Python found here")
else:
    alone_run = measure(count_primes, tasks, "serial", rounds=7, python=free)
    together = measure(count_primes, tasks, "threads", workers=2, rounds=7, python=free)
    times = together.speedup_range(alone_run)
    tell(f"2 threads of Python {together.python}: {times} times as fast")

# %% [markdown]
# To get one: `uv python install 3.14t`, or the *free-threaded* option of the installers from
# python.org on Windows and macOS. Then run the cell again; it is found by its name, `python3.14t`,
# or where pyenv and uv keep theirs. A free-threaded build is somewhat slower with one thread, and
# not every library supports it yet.

# %%
shown_by_delay = patient > 1.5 * usual > 3 * alone
held = threads_help(hashing) and shown_by_delay
busy = "" if held else hashing.no_room(2) or cpu_contention(hashing.baseline)
claim("G3", held, unless=one_core or no_gil or busy)

# %% [markdown]
# ## Waiting: one core is plenty
#
# Work that waits for a disk, a network or another machine is **I/O-bound**. A thread that waits
# does not hold the GIL, so others go on. Each of 24 tasks waits for 50 ms: 1.2 seconds in one loop.

# %%
predict("waiting-threads", "24 waits of 0.05 s with 12 threads: how many seconds?", "seconds")

# %%
waits = workload("waiting").tasks(24, 50)
loop = measure(wait, waits, "serial")
by_threads = measure(wait, waits, "threads", workers=12, rounds=7)
by_processes = measure(wait, waits, "processes", workers=12, rounds=7)
compare("waiting-threads", by_threads.wall, "seconds")

# %%
ax = plot_parts([loop, by_threads, by_processes])
print_in_words(loop, by_threads, by_processes)

# %% [markdown]
# Twelve threads and twelve processes wait equally well: 24 tasks in two turns of 50 ms. What
# differs is what they cost. Twelve processes had to be started, and each of them is a whole
# interpreter in memory, to do nothing but wait.
#
# **asyncio** goes one step further: one thread, one core, and as many waits at once as you like.
# Now with real requests, to a small HTTP server on this machine that answers after 20 ms. Each
# rival has 12 requests under way at once. What goes
# from one wait to the next is asyncio's *event loop*; `await` says: here I wait, go on with others.
# A notebook has such a loop running, so that `await` works right in the cell.

# %%
with HttpServer(delay=0.02) as server:
    pages = [server.url] * 24
    by_engine = await compare_waiting(fetch, fetch_async, pages, at_once=12, rounds=7)
fetches = list(by_engine.values())

# %%
ax = plot_engines(fetches)
print_in_words(*fetches)

# %% [markdown]
# All three had 12 requests under way at once; asyncio had them in one thread. The
# limit of threads is their number, hundreds rather than ten thousands; the limit of asyncio is that
# everything in it must be written for it, and that one computation in it stops everything else.

# %%
ax = plot_timeline(fetches[-1])

# %% [markdown]
# ## The table, row by row
#
# | | threads | processes |
# | --- | --- | --- |
# | unit of execution | a thread inside a process | a process |
# | memory | shared | separate |
# | computing in Python code | one at a time, under the GIL | truly parallel |
# | communication | easy: shared state | explicit: messages |
# | typical fit | waiting | computing |
#
# The third row was the first experiment, the last comes at the end. The first row, by counting ids:

# %%
ids = {engine: primes.run(engine, 2) for engine in ("threads", "processes")}
for engine, run in ids.items():
    ours = len(run.processes & {os.getpid()})
    print(f"{engine:9} processes: {len(run.processes)}, of them our own: {ours}")
claim(
    "T1",
    ids["threads"].processes == {os.getpid()} and len(ids["threads"].threads) == 2
    and len(ids["processes"].processes) == 2 and os.getpid() not in ids["processes"].processes,
)  # fmt: skip

# %% [markdown]
# The second row: the same function appends to the same list, in an executor of each kind.

# %%
lists = {}
for engine, kind in (("threads", ThreadPoolExecutor), ("processes", ProcessPoolExecutor)):
    lists[engine] = [1, 2, 3]
    with kind(1) as executor:
        executor.submit(lists[engine].append, 4).result()

print(lists)
claim("T2", lists == {"threads": [1, 2, 3, 4], "processes": [1, 2, 3]})

# %% [markdown]
# The fourth row: count the words of eight texts into one table. Threads can write into **our**
# table. That is easy, and it needs a lock, since two of them may update a word at once.

# %%
texts = workload("words").tasks(8, 1)
shared, lock = {}, threading.Lock()


def add_to_shared(text: str) -> None:
    counts = WORKLOADS["words"].worker(text)
    with lock:
        for word, count in counts.items():
            shared[word] = shared.get(word, 0) + count


with ThreadPoolExecutor(2) as executor:
    list(executor.map(add_to_shared, texts))

# %% [markdown]
# Processes can't reach our table. Each **sends** its own, and we merge them. No lock, since only
# one writes; and a message for each result.

# %%
merged = {}
with ProcessPoolExecutor(2) as executor:
    for counts in executor.map(WORKLOADS["words"].worker, texts):
        for word, count in counts.items():
            merged[word] = merged.get(word, 0) + count

print("the same table:", merged == shared, "   times 'process' occurs:", merged["process"])
claim("T4", merged == shared and merged["process"] > 0)

# %% [markdown]
# Look at what each needed. The threads: a lock, and the discipline to use it everywhere. The
# processes: a function that takes its input and returns its output. The second is easier to test,
# and to get right.

# %% [markdown]
# ## Six workloads: place them, then measure
#
# For each of these, say which would make it fastest on your machine. There are no tricks; each
# answer follows from what you have seen. Two workers each; for the requests, twelve.

# %%
works = {
    "primes": "count primes in Python code",
    "pi": "simulate: draw random points",
    "words": "crunch data: count words of texts",
    "blur": "process images, in Python code",
    "hash": "hash large buffers, in C",
    "fetch": "fetch pages over HTTP",
}
placed = Placement("six-workloads", works, ("one loop", "threads", "processes", "asyncio"))
placed

# %%
sizes = {"primes": 1_500, "pi": 10_000, "words": 8, "blur": 100, "hash": 4}
measured, bar = {}, ProgressBar("six workloads")
for name, size in sizes.items():
    work = workload(name)
    measured[name] = sweep(work.worker, work.tasks(24, size), workers=(2,))
    bar(len(measured), len(sizes))

# %%
best = {}
for name, one in measured.items():
    times = {engine: one.speedup(engine, 2) for engine in ("threads", "processes")}
    best[name] = max(times, key=times.get)
    said = ", ".join(f"{engine} {one.speedup_range(engine, 2)}" for engine in times)
    tell(f"{name}: {said}, ceiling {one.ceilings[2]}", *one.disturbed())
best["fetch"] = min(fetches, key=lambda run: run.wall).engine
placed.compare(best)

# %%
ax = plot_sweeps(measured)

# %% [markdown]
# Each row is a work. The dotted line is one loop; the black mark is what independent interpreters
# got out of this machine. The four that compute in Python code belong to processes, each of another
# trade: computation, simulation, data, pictures. Hashing computes too, but in C without the lock:
# threads do as well there, and cost less. And for requests, whatever waits best with the least is
# best.

# %%
crunching = [measured[name] for name in ("primes", "pi", "words", "blur")]
by_processes_only = all(
    parallel(one, "processes") and not parallel(one, "threads") for one in crunching
)
busy = (
    ""
    if by_processes_only
    else next(filter(None, (cpu_contention(one.baseline) for one in crunching)), "")
)
claim("G4", by_processes_only, unless=one_core or no_gil or busy)

# %%
one_loop, threads, processes, asynchronous = fetches
as_fast = max(threads.wall, asynchronous.wall) < 2 * processes.wall
cheaper = threads.startup < processes.startup
claim("T5", by_processes_only and as_fast and cheaper, unless=one_core or no_gil or busy)

# %% [markdown]
# Try others, with other sizes. Does the answer change when tasks get small?

# %%
Explorer("hash")

# %% [markdown]
# ## The shape of the work decides
#
# The same engine can be right and wrong for the same program, and what changes it is the **shape**
# of the work: how much there is to do between two messages. Here are 3,000 tasks that do nothing at
# all, and 24 that compute. You decide: loop or processes, for each?

# %%
predict("tiny", "3,000 empty tasks: how many times as LONG as a loop do 2 processes take?", "times")

# %%
tiny_loop, tiny_processes = measure_cuts(
    do_nothing, {"empty": (range(3_000), 1)}, ("plain loop", "processes")
).values()
compare("tiny", tiny_loop.speedup(tiny_processes), "times")
large = measured["primes"]
tell(f"24 large tasks: 2 processes are {large.speedup('processes', 2):.2f} times as fast as a loop")

# %%
ax = plot_parts([tiny_loop, tiny_processes])
print_in_words(tiny_loop, tiny_processes)

# %% [markdown]
# Every task and every result is a message, and the messages are all there is to see in the second
# bar. So the choice has three questions, in this order. Does the work **compute** or **wait**? If
# it computes: in Python code or in C that lets go of the lock? And is there **enough work between
# two messages**?

# %%
waiting = min(fetches, key=lambda run: run.wall).engine
chosen = {
    "computes, large tasks": "processes" if large.speedup("processes", 2) > 1 else "serial",
    "computes, tiny tasks": "processes" if tiny_processes.wall < tiny_loop.wall else "serial",
    "waits": "threads or asyncio" if waiting in ("threads", "asyncio") else waiting,
}
tell(*(f"{shape}: {engine}" for shape, engine in chosen.items()))
claim("T6", len(set(chosen.values())) == 3, unless=large.no_room(2))

# %% [markdown]
# > **In practice.** Measure one task alone first. If it takes less than a millisecond, make it
# > larger before you make it parallel. Mixed programs mix their tools: asyncio or threads for the
# > requests, with a `ProcessPoolExecutor` behind them for the computing (`loop.run_in_executor`).
# >
# > **In an interview.** "When do you use processes instead of threads?" A weak answer says *because
# > of the GIL*. A strong one asks what the work does, names the lock and when it is let go of, and
# > ends with what it would measure, against which baseline.
# >
# > **Elsewhere.** The GIL is CPython's. Its free-threaded build is experimental in 3.13 and
# > officially supported, as an option, from 3.14 on; there, threads may be the better choice for
# > all six.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()

# %% [markdown]
# **You can now**
#
# - predict what threads, processes and asyncio do for a program, and by how much at the most;
# - explain the GIL by its three consequences: flat threads, freed C code, late sleepers;
# - choose by the shape of the work: computing or waiting, Python or C, large tasks or tiny.
