# %% [markdown]
# Threads and processes have nearly the same methods in Python, and are good at different things. In
# this lesson you give both the same work, find out *why* they differ, and learn to choose.
#
# **You will be able to**
#
# - predict whether threads, processes or asyncio make a program faster, and by how much;
# - explain what the global interpreter lock does, and where it does not hold you back;
# - choose by the shape of the work, and prove the choice by a measurement.
#
# **You need** lessons 00 to 03, and executors from lesson 06.

# %%
import asyncio
import multiprocessing
import os
import sys
import threading
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import Barrier, Event, Process, SimpleQueue
from statistics import median
from threading import Thread
from time import perf_counter, sleep

# %%
from helpers.claims import claim, tell
from helpers.engines import executors
from helpers.engines.ratios import ratio_by_round
from helpers.local_servers import HttpServer
from helpers.measure import above, at_once, compare_waiting, in_turns, interpreter, judged
from helpers.measure import measure, measure_cuts, not_above, recorded_speedups, sweep
from helpers.plots import plot_engines, plot_speedup, plot_sweeps, print_in_words
from helpers.source_code import show
from helpers.widgets import Explorer, Placement, ProgressBar, compare, predict
from helpers.workers import beside, blur_image, count_primes, count_words, do_nothing
from helpers.workers import hash_buffer, network, sample_pi, wait
from helpers.workers.workloads import workload

# %% [markdown]
# ## Six workloads: guess first
#
# You will measure six kinds of work, each with two workers (fetching pages with twelve). Which is
# fastest: one loop, threads, processes, or asyncio, which is one thread that waits for many things
# at once? Choose now. (C is another language; parts of Python's library are written in it.)

# %%
works = {
    "primes": "count primes, in Python code",
    "pi": "simulate: draw random points, in Python code",
    "blur": "process images, in Python code",
    "words": "crunch data: count words with re and Counter, written in C",
    "hash": "compute a hash (a fingerprint) of many bytes with hashlib, written in C",
    "fetch": "fetch pages over HTTP",
}
placed = Placement("six-workloads", works, ("one loop", "threads", "processes", "asyncio"))
placed

# %% [markdown]
# ## Computing in Python code
#
# Work that computes and never waits is **CPU-bound**. Our example:

# %%
show(count_primes)

# %% [markdown]
# Three rivals do 24 tasks: one loop (Python's own `map`), an executor with two threads, and one
# with two processes. An executor's `map` takes the same arguments, so one stopwatch fits all:

# %%
tasks = [range(n, n + 1_500) for n in range(1_000_000, 1_036_000, 1_500)]


def seconds_of(some_map, function, inputs):
    began = perf_counter()
    list(some_map(function, inputs))
    return perf_counter() - began


# %% [markdown]
# A rival's **speedup** says how many times as fast as the loop it is: the loop's seconds, divided
# by the rival's.
#
# In each of seven rounds, the rivals take turns, so that a busy minute slows all of them.

# %%
gains = {"threads": [], "processes": []}
with ProcessPoolExecutor(2) as processes, ThreadPoolExecutor(2) as threads:
    seconds_of(processes.map, count_primes, tasks)  # now the workers have started
    for _ in range(7):
        loop = seconds_of(map, count_primes, tasks)
        gains["threads"].append(loop / seconds_of(threads.map, count_primes, tasks))
        gains["processes"].append(loop / seconds_of(processes.map, count_primes, tasks))
for name, speedups in gains.items():
    least, most = min(speedups), max(speedups)
    tell(f"2 {name}: median {median(speedups):.2f} ({least:.2f} to {most:.2f}) times as fast")

# %% [markdown]
# `sweep` does the same for several numbers of workers. It also measures the **ceiling** (lesson
# 00): the speed of as many independent programs as there are workers. (Lesson 00 counted your
# cores.)

# %%
predict("four-processes", "How many times as fast as one loop are 4 PROCESSES?", "times", high=100)

# %%
primes = sweep(count_primes, tasks, workers=(1, 2, 4), progress=ProgressBar("counting primes"))
compare("four-processes", primes.speedup("processes", 4), "times")
ax = plot_speedup(primes)
print_in_words(primes)

# %% [markdown]
# Each mark is a median; its bar reaches from the lowest round to the highest. On a quiet machine,
# the threads' line is flat at 1, and the processes' line climbs until your cores are used up, near
# the ceiling. If your bars are long, close other programs and run the cell again. (Skip the lines
# about Amdahl's law until lesson 08.)
#
# CPU seconds (lesson 01) are a safer proof than a speedup. Under the GIL, two threads that run
# Python code use at most one CPU second in a second on the wall, on any machine. If two processes
# used more in some stretch of the run, two of their tasks ran in the same instant.
#
# (In the claim's code, `above(ratio, 1.2)` asks that the median is above 1.2 and no round was a
# loss, `not_above` that the median is not, `at_once` that two tasks ran in the same instant, and
# `in_turns` that none did. `judged` puts the parts together, and gives the reason for a dash.)

# %% tags=["claim"]
of_threads, of_processes = primes.speedup_range("threads", 2), primes.speedup_range("processes", 2)
claim("G1", **judged(primes, not_above(of_threads, 1.2), in_turns(primes, "threads")))
claim("G2", **judged(primes, above(of_processes, 1.2)))
claim("T3", **judged(primes, at_once(primes, "processes"), in_turns(primes, "threads")))
for engine in ("threads", "processes"):
    tell(f"2 {engine} kept {primes.run(engine, 2).cores_busy_range()} cores busy")

# %% [markdown]
# ## The cause: one lock for each interpreter
#
# In standard CPython, a thread must hold its interpreter's GIL (lesson 01) to run Python code, so
# only one thread of an interpreter runs it at a time. The lock protects the interpreter's data.
# Another process has another interpreter and lock. If the lock is the cause, three things follow:
#
# 1. Code that releases the lock runs in parallel in threads.
# 2. A thread that holds the lock makes the other threads wait.
# 3. Without a shared lock, threads run in parallel.

# %% [markdown]
# ## C code may release the lock
#
# C code is compiled: the interpreter doesn't run it. It may release the lock while it works on raw
# bytes, not on Python objects. Two functions spend nearly all their time in it. The first one
# computes a hash called SHA-256. (`_fields` and `whole_number` check the argument.)

# %%
show(hash_buffer)

# %% [markdown]
# The second one: `re` finds words by the pattern `_WORD`, and `Counter` counts them, in C code:

# %%
show(count_words)

# %% [markdown]
# Each does 24 tasks. `workload(name).tasks(24, size)` makes them: with 4,000 thousand bytes each to
# hash, and with 6 copies of a text each to count.

# %%
predict("hash-threads", "HASHING: how many times as fast are 2 threads?", "times", high=100)

# %%
predict("words-threads", "COUNTING WORDS: how many times as fast are 2 threads?", "times", high=100)

# %%
hashing = sweep(hash_buffer, workload("hash").tasks(24, 4_000), workers=(2,))
words = sweep(count_words, workload("words").tasks(24, 6), workers=(2,))
compare("hash-threads", hashing.speedup("threads", 2), "times")
compare("words-threads", words.speedup("threads", 2), "times")


# %%
def tell_speedups(sweeps):
    for name, one in sweeps.items():
        threads, processes = one.speedup_range("threads", 2), one.speedup_range("processes", 2)
        tell(f"{name}: threads {threads}, processes {processes}, ceiling {one.ceilings[2]}")
        tell(*one.disturbed())


three = {"primes": primes, "words": words, "hash": hashing}
ax = plot_sweeps(three)
tell_speedups(three)

# %% [markdown]
# So there are three kinds of computing: Python code, C code that keeps the lock, and C code that
# releases it. In threads, only the third kind is parallel. `hashlib` and `zlib` release the lock
# for large data, and so does most of NumPy's work on large arrays. `re`, `Counter`, `json` and
# `sorted` work on Python objects, and keep it.
#
# **What goes wrong.** "Threads are useless for computing" is false, and so is "C code is parallel".
# You can't see the kind from outside: measure two threads.

# %% [markdown]
# ## A computing thread makes other threads wait
#
# While one thread holds the lock, another one waits. After the **switch interval** (5 ms;
# `sys.setswitchinterval` sets it), the second asks the first to release it. Here one thread
# computes. Another one sleeps for 1 ms, four times in a row. While it sleeps, it doesn't hold the
# lock; to go on, it needs it. All four sleeps should take 4 ms. How late does the last one end?


# %%
def late_after_four_sleeps():
    began = perf_counter()
    for _ in range(4):
        sleep(0.001)
    return 1_000 * (perf_counter() - began) - 4  # in ms


# %%
show(beside.begin_and_do)


# %%
def late_beside(kind, switch_interval=0.005):
    begun, numbers = Event(), range(1_000_000, 1_075_000)
    sys.setswitchinterval(switch_interval)
    computing = kind(target=beside.begin_and_do, args=(begun, count_primes, numbers))
    computing.start()
    begun.wait()
    late = late_after_four_sleeps()
    computing.join()
    sys.setswitchinterval(0.005)
    return late


# %%
predict("four-sleeps-late", "Four sleeps beside a computing THREAD: how late?", "ms", high=1e4)

# %%
alone, beside_thread, at_20_ms, beside_process = [], [], [], []
for _ in range(5):
    alone.append(late_after_four_sleeps())
    beside_thread.append(late_beside(Thread))
    at_20_ms.append(late_beside(Thread, switch_interval=0.020))
    beside_process.append(late_beside(Process))
compare("four-sleeps-late", median(beside_thread), "ms")
tell(f"alone: late by {median(alone):.2f} ms; beside a process: {median(beside_process):.2f} ms")
tell(f"beside a thread, with a switch interval of 20 ms: {median(at_20_ms):.1f} ms")

# %% [markdown]
# About four times the switch interval (on Windows more: its clock has coarse ticks). The sleeper
# waits for the lock after *each* sleep. A computing *process* has another lock.
#
# **What goes wrong.** One computing thread makes a web server or a window sluggish, however many
# cores the machine has. Give the computation to a process.

# %% [markdown]
# ## Without a shared lock, threads run in parallel
#
# A **free-threaded** build of CPython usually runs without a GIL. It is a separate program, such as
# `python3.14t`: experimental in Python 3.13, supported since 3.14. You may not have it (see
# *Deeper*), so this result is *recorded*, with two interpreters. The one without a GIL is an early
# one, from the proposal to make the GIL optional (PEP 703). It shows the principle, not today's
# speed. (`mandelbrot` draws pictures in Python code.)

# %%
for line in recorded_speedups("free_threading"):
    print(line)

# %% [markdown]
# By the medians: with a GIL, two threads were about as fast as one loop, or slower. Without it,
# they were about as fast as two processes, or faster.

# %% tags=["claim"]
by_lock = at_once(hashing, "threads"), in_turns(words, "threads")
by_interval = above(ratio_by_round(at_20_ms, beside_thread), 1.5)
by_own_lock = above(ratio_by_round(beside_thread, beside_process), 2)
claim("G3", **judged([hashing, words], *by_lock, by_interval, by_own_lock))

# %% [markdown]
# > **In practice.** Before you add threads to a computation, find out in which of the three kinds
# > of code its time goes.
# >
# > **In an interview.** "What is the GIL, and when does it not matter?" A weak answer says that
# > Python has no real threads. A strong one says what the lock protects (the interpreter's data,
# > not yours), when it is released (while waiting, in some C code, after the switch interval), and
# > how to see it.

# %% [markdown]
# ## Waiting: one core is enough
#
# Work that waits for a disk, a network or another program is **I/O-bound** (input, output).
# Python's functions release the lock meanwhile, so other threads go on. Our example sleeps:

# %%
show(wait)

# %%
predict("waiting-threads", "24 waits of 0.05 s with 12 threads: how many seconds?", "seconds")

# %%
with ThreadPoolExecutor(12) as executor:
    took = seconds_of(executor.map, wait, [0.05] * 24)
compare("waiting-threads", took, "seconds")

# %% [markdown]
# A loop would need 24 × 0.05 = 1.2 seconds. Twelve threads need two turns of 0.05 s.
#
# **asyncio** needs only one thread. A call of a function that starts with `async def` runs nothing
# yet: it returns a **coroutine**. The **event loop** runs coroutines: where one has to wait, at an
# `await`, another one goes on. (A notebook has an event loop, so a cell may use `await`. A program
# calls `asyncio.run`.) Here the second function calls the ordinary `wait`:


# %%
async def wait_politely(seconds):
    await asyncio.sleep(seconds)


async def wait_rudely(seconds):
    wait(seconds)


async def seconds_for_all(coroutine_function):
    began = perf_counter()
    await asyncio.gather(*[coroutine_function(0.05) for _ in range(24)])
    return perf_counter() - began


# %% [markdown]
# `gather` gives all 24 to the event loop and waits. With `wait_politely`, they take about 0.05 s.

# %%
predict("waiting-rudely", "With wait_rudely: how many seconds do the 24 take?", "seconds")

# %%
tell(f"wait_politely: {await seconds_for_all(wait_politely):.3f} s")
compare("waiting-rudely", await seconds_for_all(wait_rudely), "seconds")

# %% [markdown]
# **What goes wrong.** One call that waits without `await`, or computes, stops *everything* in the
# event loop. No error tells you. Give a wait to a thread, `await asyncio.to_thread(wait, 0.05)`,
# and a computation to a process (see *Deeper*).
#
# Now real requests, to an HTTP server on this machine that answers after 20 ms. The first function
# is for the loop, threads and processes. In the second one, for asyncio, read only the `await`s:

# %%
show(network.fetch)

# %%
show(network.fetch_async)

# %% [markdown]
# There are 24 requests. The loop has one under way at a time, and each rival has 12.
# `compare_waiting` measures all four in turns, and returns a dict with a result for each.

# %%
with HttpServer(delay=0.02) as server:
    pages = [server.url] * 24
    fetches = await compare_waiting(network.fetch, network.fetch_async, pages, at_once=12)
ax = plot_engines(list(fetches.values()))
print_in_words(*fetches.values())
for name, run in fetches.items():
    tell(f"{name}: processes {len(run.processes)}, threads {len(run.threads)}")

# %% [markdown]
# Once started, all three are far faster than the loop (*serial*), and keep far less than one core
# busy. They differ in what they need: twelve processes, twelve threads, or one thread.
#
# > **In practice.** For up to a few hundred waits, take threads: they work with ordinary libraries.
# > For thousands, take asyncio: its libraries must be written for it. Processes that only wait are
# > a waste.
# >
# > **In an interview.** "You download 1,000 pages. Threads, processes or asyncio?" A weak answer
# > says processes, because of the GIL. A strong one says that a waiting thread doesn't hold the
# > GIL, and asks how much is computed for each page.

# %% [markdown]
# ## The rest of the comparison
#
# | | threads | processes |
# | --- | --- | --- |
# | unit of execution | a thread inside a process | a process |
# | memory | shared | separate |
# | communication | easy: shared state | explicit: messages |
# | computing in Python code | one at a time, under the GIL | parallel |
# | typical fit | waiting | computing |
#
# You have seen the last two rows. The first row: two workers of each kind meet, and tell their ids.

# %%
show(beside.meet_and_tell_ids)


# %%
def ids_of_two(kind):
    both_here, answers = Barrier(2), SimpleQueue()
    given = (both_here, answers)
    workers = [kind(target=beside.meet_and_tell_ids, args=given) for _ in range(2)]
    for worker in workers:
        worker.start()
    ids = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    return ids


# %%
thread_ids, process_ids = ids_of_two(Thread), ids_of_two(Process)
thread_pids = {process for process, _ in thread_ids}
process_pids = {process for process, _ in process_ids}
print("two threads: process ids:", len(thread_pids), " all ours:", thread_pids == {os.getpid()})
print("two processes: process ids:", len(process_pids), " ours:", os.getpid() in process_pids)

# %% [markdown]
# The second row: a list's `append`, called in an executor of each kind.

# %%
given_to_thread, given_to_process = [1, 2, 3], [1, 2, 3]
with ThreadPoolExecutor(1) as executor:
    executor.submit(given_to_thread.append, 4).result()
with ProcessPoolExecutor(1) as executor:
    executor.submit(given_to_process.append, 4).result()
print("thread:", given_to_thread, "  process:", given_to_process)

# %% [markdown]
# The third row: count the words of eight texts in one table. Threads can write into **our** table.
# They need a lock, because two of them may update the same word at once.

# %%
texts = workload("words").tasks(8, 1)
shared, lock = {}, threading.Lock()


def add_to_shared(text):
    counts = count_words(text)
    with lock:
        for word, count in counts.items():
            shared[word] = shared.get(word, 0) + count


with ThreadPoolExecutor(2) as executor:
    list(executor.map(add_to_shared, texts))

# %% [markdown]
# Processes can't reach our table. Each one **sends** its own counts, and we merge them: no lock,
# because only we write, but a message for each text and each result.

# %%
merged = {}
with ProcessPoolExecutor(2) as executor:
    for counts in executor.map(count_words, texts):
        for word, count in counts.items():
            merged[word] = merged.get(word, 0) + count
print("the same table:", merged == shared, "  'process' occurs", merged["process"], "times")

# %% tags=["claim"]
inside = thread_pids == {os.getpid()} and len(set(thread_ids)) == 2
apart = len(process_pids) == 2 and os.getpid() not in process_pids
claim("T1", inside and apart)
claim("T2", given_to_thread == [1, 2, 3, 4] and given_to_process == [1, 2, 3])
claim("T4", merged == shared and merged["process"] > 0)

# %% [markdown]
# With threads, you must use the lock everywhere. With processes, you need a function with a result,
# which is easier to test.

# %% [markdown]
# ## Six workloads: measured
#
# Two of the six are left: `sample_pi` draws random points and counts those inside a circle, and
# `blur_image` makes each pixel the mean of its neighborhood. Both are Python code, in
# `helpers/workers/compute.py`. A task has 10,000 points, or a picture of 100 × 100 pixels.

# %%
pi = sweep(sample_pi, workload("pi").tasks(24, 10_000), workers=(2,))
blur = sweep(blur_image, workload("blur").tasks(24, 100), workers=(2,))
five = {"primes": primes, "pi": pi, "blur": blur, "words": words, "hash": hashing}
ax = plot_sweeps(five)
tell_speedups(five)

# %%
best = {}
for name, one in five.items():
    times = {engine: one.speedup(engine, 2) for engine in ("threads", "processes")}
    times["one loop"] = 1
    best[name] = max(times, key=times.get)
best["fetch"] = min(fetches, key=lambda engine: fetches[engine].wall)
placed.compare(best)

# %% [markdown]
# Primes, pi and blur are Python code, words is C code that keeps the lock: for all four, processes
# are the right choice if two cores are free. For hashing, threads are about as fast, and cheaper.
# For requests, take threads or asyncio. (Where two are close, chance decides which is fastest.)

# %% tags=["claim"]
crunching = [primes, pi, blur, words]
faster = [above(one.speedup_range("processes", 2), 1.2) for one in crunching]
turns = [in_turns(one, "threads") for one in crunching]
claim("G4", **judged(crunching, *faster, *turns))

# %% tags=["claim"]
loop, threads, processes, coroutines = fetches.values()
waiting = [above(run.speedup_range(loop), 3) for run in (threads, coroutines)]
no_better = not_above(processes.speedup_range(threads), 2)
cheaper = len(coroutines.threads) == len(threads.processes) == 1
claim("T5", **judged(crunching, *waiting, no_better, cheaper, *faster, *turns))

# %% [markdown]
# ## The shape of the work decides
#
# For the same kind of work, processes can be right or wrong. What decides is its **shape**: how
# much there is to do between two messages. This is the smallest task. (Lesson 06 timed 1,000 tiny
# ones; a loop needs less than a microsecond for each. `ratio_by_round` divides the seconds of each
# round.)

# %%
show(do_nothing)

# %%
predict("tiny", "3,000 empty tasks: how many times as LONG as a loop do 2 processes take?", "times")

# %%
tiny_loop, tiny_processes = [], []
with ProcessPoolExecutor(2) as executor:
    seconds_of(executor.map, do_nothing, range(10))  # now the workers have started
    for _ in range(3):
        tiny_loop.append(seconds_of(map, do_nothing, range(3_000)))
        tiny_processes.append(seconds_of(executor.map, do_nothing, range(3_000)))

# %%
compare("tiny", ratio_by_round(tiny_processes, tiny_loop).median, "times")
tell(f"3,000 empty tasks: loop {median(tiny_loop):.5f} s, processes {median(tiny_processes):.3f} s")
tell(f"24 large tasks: processes are {primes.speedup('processes', 2):.2f} times as FAST")

# %% [markdown]
# Every task and every result is a message, and for empty tasks there is nothing else to do. (Lesson
# 08 finds the size that pays.) So ask three questions, in this order:
#
# 1. Does the work **wait** or **compute**? If it waits: threads or asyncio.
# 2. If it computes: in C code that **releases the lock**? Then threads will do.
# 3. If not: is there **enough work between two messages**? Then processes; otherwise a loop.

# %% tags=["claim"]
large = above(primes.speedup_range("processes", 2), 1.2)
tiny = above(ratio_by_round(tiny_processes, tiny_loop), 2)
wait_for_answers = above(threads.speedup_range(loop), 3)
claim("T6", **judged(primes, large, tiny, wait_for_answers))

# %% [markdown]
# > **In practice.** Measure one task alone. If it takes less than a millisecond, make it larger
# > before you make it parallel. A program that waits *and* computes mixes its tools: asyncio or
# > threads for the requests, and a `ProcessPoolExecutor` for the computing.
# >
# > **In an interview.** "When do you use processes instead of threads?" A weak answer says *because
# > of the GIL*. A strong one asks the three questions, and ends with what it would measure, and
# > with what it would compare that.
# >
# > **Elsewhere.** PyPy (another interpreter) has a GIL. Without a GIL, threads may suit all six.

# %% [markdown]
# **You can now**
#
# - predict what threads, processes and asyncio do for a program, and by how much at most;
# - explain the GIL by three consequences: no speedup in threads, parallel C code, late sleepers;
# - choose by three questions: wait or compute, lock released or not, large tasks or tiny ones.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Try it: other sizes
#
# Hashing with threads was parallel. Is it still, when there are few bytes? Choose threads, then
# smaller and smaller sizes. Handing out tasks costs time. And up to 2,047 bytes, `hashlib` keeps
# the lock.

# %%
Explorer("hash")

# %% [markdown]
# ### A long call of a C function
#
# After the switch interval, a thread is *asked* to release the lock. It looks for such requests at
# certain instructions of Python code. A C function that keeps the lock doesn't look. Here another
# thread splits a text into over 480,000 words; `split` is a single call. First, how long does that
# take alone?

# %%
text, splits = workload("words").tasks(1, 300)[0], []
for _ in range(5):
    began = perf_counter()
    words_of_text = text.split()
    splits.append(perf_counter() - began)
    del words_of_text  # freeing so many words takes time, too, and is not part of the call
tell(f"splitting the text: {1_000 * median(splits):.0f} ms")

# %%
predict("late-in-c", "By how many ms is the 1 ms sleep late, beside this thread?", "ms", high=1e5)

# %%
with ThreadPoolExecutor(1) as executor:
    executor.submit(do_nothing, None).result()  # now the thread has started
    executor.submit(text.split)
    began = perf_counter()
    sleep(0.001)
    late = perf_counter() - began - 0.001
compare("late-in-c", 1_000 * late, "ms")

# %% [markdown]
# Not 5 ms, but at least about as long as `split` took alone: the sleeper can't have the lock before
# the call is done. The switch interval is the time until a request, not a limit.

# %% [markdown]
# ### Two threads in one worker
#
# Is one process with two threads as good as two workers for a computation?

# %%
show(beside.count_in_two_threads)

# %%
predict("threads-inside", "1 process, 2 threads in it: how many times as fast?", "times", high=100)

# %%
one_thread, two_threads = [], []
with ProcessPoolExecutor(1) as executor:
    seconds_of(executor.map, count_primes, tasks)  # now the worker has started
    for _ in range(7):
        one_thread.append(seconds_of(executor.map, count_primes, tasks))
        two_threads.append(seconds_of(executor.map, beside.count_in_two_threads, tasks))
inside = ratio_by_round(one_thread, two_threads)
compare("threads-inside", inside.median, "times")
tell(f"2 threads in one worker: {inside} times as fast as one")

# %% [markdown]
# No: in a worker, too, all threads share one lock. They help only if its tasks wait, or run C code
# that releases the lock.

# %% [markdown]
# ### asyncio with processes behind it
#
# A computation in a coroutine stops the event loop; in a thread, it makes the loop late again and
# again. `run_in_executor` gives it to an executor, here of processes. Meanwhile a coroutine sleeps
# for 1 ms again and again, a *tick* each time, and notes how late it is at worst. (`ensure_future`
# starts a coroutine and doesn't wait for it.)


# %%
async def latest_tick(computation):
    latest = 0
    while not computation.done():
        began = perf_counter()
        await asyncio.sleep(0.001)
        latest = max(latest, perf_counter() - began - 0.001)
    return 1_000 * latest


async def in_the_loop(numbers):
    return count_primes(numbers)


# %%
event_loop, numbers = asyncio.get_running_loop(), range(1_000_000, 1_060_000)
late_in_loop = await latest_tick(asyncio.ensure_future(in_the_loop(numbers)))
with ProcessPoolExecutor(1) as executor:
    await event_loop.run_in_executor(executor, do_nothing, None)  # now the worker has started
    in_process = await latest_tick(event_loop.run_in_executor(executor, count_primes, numbers))
tell(f"computed in the event loop: a tick is late by {late_in_loop:.1f} ms at worst")
tell(f"computed in a process: {in_process:.1f} ms")

# %% [markdown]
# ### Several interpreters in one process
#
# From Python 3.14 on, `InterpreterPoolExecutor` runs each worker in an *interpreter of its own*, as
# a thread of this process. Each interpreter has its own modules, globals and GIL. So the workers
# are parallel, and have separate objects: tasks and results are copied. But a crash in one ends the
# whole process. On a Linux machine with 2 cores we recorded 11 ms to create and close an
# interpreter in Python 3.14.10. There, a forked process took 2 ms, a spawned one 53 ms, and a
# thread less than 0.1 ms. On such a machine we recorded three workloads:

# %%
for line in recorded_speedups("interpreters"):
    print(line)

# %% [markdown]
# By the medians, two interpreters were as fast as two processes, and two threads no faster than one
# loop. If you have Python 3.14, measure it yourself:

# %%
missing = executors.why_missing("interpreters")
if missing:
    tell(missing)
else:
    runs = measure_cuts(count_primes, {"primes": (tasks, 1)}, ("serial", "interpreters"))
    alone_run, together = runs.values()
    tell(f"2 interpreters: {together.speedup_range(alone_run)} times as fast as one loop")

# %% [markdown]
# **What goes wrong.** Give it functions from a module, and plain data. A lock, or a function that
# uses an outer function's variables, raises `NotShareableError`. Importing an extension module
# (compiled code) that doesn't support several interpreters, such as NumPy, raises `ImportError`.

# %% [markdown]
# ### Get a free-threaded build
#
# Type `uv python install 3.14t`, or choose *free-threaded* in an installer from python.org. The
# next cell looks on the search path, and where pyenv and uv keep their Pythons.

# %%
free = interpreter.find_free_threaded()
if free is None:
    tell("no free-threaded Python found here")
else:
    loop_seconds, thread_seconds = [], []
    for _ in range(7):
        loop_seconds.append(measure(count_primes, tasks, "serial", python=free).wall)
        thread_seconds.append(measure(count_primes, tasks, "threads", workers=2, python=free).wall)
    times = ratio_by_round(loop_seconds, thread_seconds)
    tell(f"2 threads of {free}: {times} times as fast as one loop")

# %% [markdown]
# Code in a single thread is somewhat slower: Python's documentation says about 5 to 10 % for 3.14.
# And when you import an extension module that is not ready for it, Python turns the GIL back on,
# with a warning. `sys._is_gil_enabled()` tells you.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
