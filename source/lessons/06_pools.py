# %% [markdown]
# Starting a process for every job is slow. A **pool** starts a few processes once, hands them task
# after task, and collects the results. Most parallel Python uses one. This lesson builds one, then
# uses the two that Python has, and then lets their workers fail in every way that we know.
#
# **You will be able to**
#
# - choose how to hand out tasks, by the order of the results and by the number of messages;
# - keep all workers busy when tasks are uneven, and show it on a timeline;
# - get every failure back to the main process: a worker that raises, dies, or never answers.
#
# **You need** lessons 00 to 05.

# %%
import multiprocessing
import os
import threading
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures import as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Event, Pool, Process, Queue
from threading import Timer
from time import perf_counter

# %%
from helpers.claims import claim, tell
from helpers.diagnosis import diagnose
from helpers.measure import cpu_contention, machine, measure_cuts
from helpers.plots import plot_timeline
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.widgets import DistributionExplorer, ProgressBar, compare, predict
from helpers.workers import count_primes
from helpers.workers.workloads import uneven_ranges

# %%
from helpers.workers.pools import (
    Counted, count_start, die_on_three, fail_on_three, hold_first, keep, nap, never_answer, own_id,
    pool_in_worker, raise_badly_made, raise_well_made, settled, square, square_until_none,
)  # fmt: skip

# %% [markdown]
# ## A pool is a few processes and two queues
#
# You can build one from what you know. The workers get tasks from one queue and put results into
# another. This is all that a worker does:

# %%
show(square_until_none)

# %%
tasks, results = Queue(), Queue()
workers = [Process(target=square_until_none, args=(tasks, results)) for _ in range(2)]
for worker in workers:
    worker.start()
for number in [0, 1, 2, 3, 4, 5, None, None]:  # six tasks, and a sentinel for each worker
    tasks.put(number)
answers = [results.get() for _ in range(6)]
for worker in workers:
    worker.join()
squares = {number: result for number, result, _ in answers}
print([squares[number] for number in range(6)])

# %% [markdown]
# Each worker takes a new task when it has finished the one before, so you don't have to plan which
# worker does what. The results arrive in any order; that is why each one comes with its task.
#
# What does this pool do if a task raises, or if a worker dies? It waits in `results.get()` forever,
# as in lesson 04. Failures are the difficult part of a pool; three sections below are about them.
# Python has two pools: `multiprocessing.Pool` is the older one, `ProcessPoolExecutor` the newer
# one.

# %%
show(square)

# %%
with Pool(2) as pool:
    print(pool.map(square, range(6)))
with ProcessPoolExecutor(2) as executor:
    print(list(executor.map(square, range(6))))

# %% [markdown]
# Tasks like these are **embarrassingly parallel**: no task needs the result of another one. Pools
# are made for them. Tasks that exchange data while they run need lessons 03 to 05.
#
# Seven ways to hand out tasks are enough:
#
# | | tasks | gives back |
# | --- | --- | --- |
# | `pool.map(f, inputs)` | all | a list, when all are done |
# | `pool.starmap(f, pairs)` | all, as `f(*pair)` | a list, when all are done |
# | `pool.imap(f, inputs)` | all | an iterator, at once |
# | `pool.imap_unordered(f, inputs)` | all | an iterator, at once |
# | `pool.apply_async(f, args)` | one | an `AsyncResult`; its `get()` waits for the result |
# | `executor.map(f, inputs)` | all | an iterator, when all are handed out |
# | `executor.submit(f, *args)` | one | a `Future`; its `result()` waits for the result |
#
# An iterator gives one item at a time: to `next(iterator)`, or to a loop, which asks for all. A
# **future** is an object that stands for a result that may not exist yet.

# %% [markdown]
# ## An initializer prepares a worker
#
# Often every task needs something that is expensive to create or to send: a table, a model, a
# connection. An **initializer** is a function that each worker calls when it starts. It stores what
# it creates in a global of the worker's process, and the tasks find it there. `initargs` holds its
# arguments. This is also the way to give workers a lock, an event or a queue. Such objects can be
# passed only while a process starts; as an argument of a task, they raise `RuntimeError`. (Those of
# a manager, lesson 05, can be passed at any time.) This initializer keeps two events in `_kept`, a
# dict of its module:

# %%
show(keep)

# %%
show(hold_first)

# %%
gate, started = Event(), Event()
events = (gate, started)

# %% [markdown]
# `started` tells us that task 0 has begun. Then task 0 waits until we open the gate by
# `gate.set()`, so it is exactly as slow as we want. `gate.clear()` shuts the gate again. The other
# tasks return at once.

# %% [markdown]
# ## Results come in order, or as they are done
#
# Two workers and six tasks. One worker waits at the gate with task 0, and the other one does the
# other five. Meanwhile we ask `imap` for one result after another, until `next(timeout=0.5)` has
# waited for half a second in vain.

# %%
predict("pool-order", "Five of six tasks can end. How many results does imap give?", high=100)

# %%
gate.clear()
with Pool(2, initializer=keep, initargs=events) as pool:
    ordered = pool.imap(hold_first, range(6))
    got = []
    try:
        while True:
            got.append(ordered.next(timeout=0.5))
    except multiprocessing.TimeoutError:
        tell("no more results within half a second")
    compare("pool-order", len(got), "results")
    gate.set()
    print("imap:          ", got + list(ordered))

# %%
gate.clear()
with Pool(2, initializer=keep, initargs=events) as pool:
    unordered = pool.imap_unordered(hold_first, range(6))
    as_done = [next(unordered) for _ in range(5)]
    gate.set()
    as_done.append(next(unordered))
print("imap_unordered:", as_done)

# %% [markdown]
# `imap` gives nothing: one slow task at the front holds back all results behind it. `executor.map`
# does the same, and the lists of `map` and `starmap` are in order, too. `imap_unordered` gives each
# result when it is done, so the slow one comes last.
#
# With futures, you choose. Call `future.result()` in the order in which you submitted, or let
# `as_completed(futures)` give you each future when it is done. A dict from each future to its input
# tells which task a result belongs to:

# %%
gate.clear()
with ProcessPoolExecutor(2, initializer=keep, initargs=events) as executor:
    futures = {executor.submit(hold_first, number): number for number in range(6)}
    came = []
    for future in as_completed(futures):
        came.append(futures[future])
        if len(came) == 5:
            gate.set()
print("the last result was that of task", came[-1])

# %% [markdown]
# ## Tasks travel in chunks
#
# A message costs time: the task is pickled, written to a pipe, read and unpickled, and so is the
# result. So a pool can send several tasks in one message, a **chunk**. Their results come back in
# one message, too, when the whole chunk is done. `pool.map`, which gives you nothing before all
# tasks are done, makes at most four chunks for each worker: 8 messages for two workers. `imap` and
# `executor.map` give you results one by one. All three take a `chunksize`.
#
# To count messages, we pass an object in place of the function: a call runs its `__call__`. A pool
# pickles the object once for each message, and `__getstate__` counts that:

# %%
show(Counted)

# %%
predict("pool-executor-map", "2 workers, 1,000 tasks: how many messages does executor.map send?")

# %%
with Pool(2) as pool:
    by_map, by_imap = Counted(square), Counted(square)
    pool.map(by_map, range(1_000))
    list(pool.imap(by_imap, range(1_000)))
with ProcessPoolExecutor(2) as executor:
    by_executor, in_hundreds = Counted(square), Counted(square)
    list(executor.map(by_executor, range(1_000)))
    list(executor.map(in_hundreds, range(1_000), chunksize=100))
compare("pool-executor-map", by_executor.messages, "messages")
print("pool.map:    ", by_map.messages, "  pool.imap:", by_imap.messages)
print("executor.map:", by_executor.messages, "  with chunksize=100:", in_hundreds.messages)

# %% [markdown]
# `executor.map` and `imap` make chunks of one task, unless you pass a `chunksize`: 1,000 messages.
# What do these cost?


# %%
def seconds(function, inputs, chunksize):
    began = perf_counter()
    list(executor.map(function, inputs, chunksize=chunksize))
    return perf_counter() - began


with ProcessPoolExecutor(2) as executor:
    seconds(square, range(100), 1)  # this starts the workers
    for size in (1, 100):
        took = seconds(square, range(1_000), size)
        tell(f"1,000 tiny tasks, chunksize={size}: {1000 * took:.0f} ms")

# %% [markdown]
# The work is the same; the difference is messages. How much work one message carries is the
# **granularity** of a parallel program. If it is too fine, the program is busy with messages. If it
# is too coarse, some workers are idle while others still work, as in the next section.

# %% [markdown]
# ## Uneven tasks: hand them out one at a time
#
# Here are 24 tasks, ranges of numbers for `count_primes`. The last one takes 24 times as long as
# the first: 1, 2, 3, … 24. **Static** distribution cuts the list in two and gives each worker a
# half. **Dynamic** distribution gives each worker one task, and the next one when it is done. With
# an executor that is only a matter of the chunk size: 12 or 1. The first half of the tasks adds up
# to 78, the second half to 222.

# %%
predict("pool-idle", "Static: for what part of the whole time is one worker idle?", "%", high=100)

# %% [markdown]
# To see what each worker did, `measure_cuts` runs both ways in turns, 7 rounds of each, and keeps
# the times of every task. It returns a dict; its keys are pairs such as `("processes", "static")`.
# `idle_by_worker()` gives the part of the time in which each worker was idle. The idle times and
# the pictures are those of the round with the median time.

# %%
tasks = uneven_ranges(24, unevenness=24, total=240_000)  # 240,000 numbers in all
both = measure_cuts(count_primes, {"static": (tasks, 12), "dynamic": (tasks, 1)}, rounds=7)
static, dynamic = both["processes", "static"], both["processes", "dynamic"]
compare("pool-idle", 100 * max(static.idle_by_worker()), "%")

# %%
ax = plot_timeline(static)
tell("static: " + "; ".join(static.idle_in_words()))

# %%
ax = plot_timeline(dynamic)
tell("dynamic: " + "; ".join(dynamic.idle_in_words()))
tell(f"static takes {dynamic.speedup_range(static)} times as long as dynamic")

# %% [markdown]
# Hatched means idle. In the first picture, each worker got twelve tasks: fair by number, unfair by
# work. That is **load imbalance**. On two free cores, one worker is done after about a third of the
# time, 78 / 222, and has nothing left to do, because its half was fixed before the start. (If other
# programs need the cores, too, the pictures differ less.) In the second picture, the worker that is
# free takes the next task, and the work evens out by itself.
#
# Dynamic distribution can still end unevenly. A task that runs when all others are done is a
# **straggler**, and every other worker waits for it. So hand out the long tasks first, as far as
# you know them.

# %% tags=["claim"]
two_workers = len(static.processes) == len(dynamic.processes) == 2
same_results = static.results == dynamic.results
right = two_workers and same_results
held = right and dynamic.idle_share < static.idle_share / 2
claim("A3", held, unless=cpu_contention(static) if right and not held else "")

# %% [markdown]
# > **In practice.** Make tasks much longer than the sending of a message: tens of milliseconds.
# > Have several tasks for each worker. If you need large chunks, shuffle the tasks first.
# >
# > **In an interview.** "Eight workers are only three times as fast as one. Where do you look?" A
# > weak answer blames Python. A strong one asks for a timeline: idle workers at the end mean a
# > straggler or load imbalance, gaps between all tasks mean granularity that is too fine.

# %% [markdown]
# ## A worker that raises
#
# An exception in a task travels back, and is raised in the parent when you ask for that result.

# %%
show(fail_on_three)

# %%
predict("pool-map-error", "Six tasks: how many results does a loop over executor.map get?")

# %%
by_map = []
with ProcessPoolExecutor(2) as executor:
    try:
        for result in executor.map(fail_on_three, range(6)):
            by_map.append(result)
    except ValueError as error:
        print("ValueError:", error)
compare("pool-map-error", len(by_map), "results")
print("executor.map:", by_map)

# %%
with ProcessPoolExecutor(2) as executor:
    futures = [executor.submit(fail_on_three, number) for number in range(6)]
by_submit = []
for future in futures:
    try:
        by_submit.append(future.result())
    except ValueError:
        by_submit.append("ValueError")
print("submit:      ", by_submit)

# %% [markdown]
# `pool.map` would give you nothing, although five tasks went well. `executor.map` gives what came
# before the error, then its iterator ends, and it cancels what it can of the remaining tasks. With
# a `chunksize`, the other results of the same chunk are lost, too. `submit` and `apply_async` have
# an answer for each task. If one failure must not cost you the other results, use one of these.
# (`imap` without a `chunksize` goes on after an error, too, if you call `next()` again.)
#
# `exception()` returns a future's exception, or `None`. The worker's traceback comes along: it is
# the text of the exception's `__cause__`.
#
# **What goes wrong.** The exception is raised *where you ask*. If you never ask (`submit` without
# `result`, `apply_async` without `get`, `executor.map` without a loop), you never learn of it.

# %% [markdown]
# ## A worker that dies
#
# The system may kill a worker because memory is short, or C code may crash. Then there is no
# exception to send, and no process left to send it. Here is the same death in both pools (as in
# lesson 00):

# %%
show("worker_dies.py")

# %%
with_executor = run_safely("worker_dies.py", "executor", limit=20)
with_pool = run_safely("worker_dies.py", "pool", limit=10, still=1)
print("executor ended:", with_executor.exit_code is not None)
tell(with_executor.output.strip().splitlines()[-1])
print("Pool ended:", with_pool.exit_code is not None)

# %% [markdown]
# With `Pool`, `map` waits forever. Now we hand out six tasks by `imap`, from 5 down to 0, and wait
# for each result for a second at most.

# %%
show(die_on_three)

# %%
predict("pool-imap-death", "The worker of task 3 dies. How many of the six results come?")

# %%
came = []
with Pool(2) as pool:
    pool.map(square, range(10))  # now a worker is ready
    ordered = pool.imap(die_on_three, [5, 4, 3, 2, 1, 0])
    try:
        while True:
            came.append(ordered.next(timeout=1))
    except multiprocessing.TimeoutError:
        tell("no more results within a second")
compare("pool-imap-death", len(came), "results")
print(diagnose(with_pool))

# %% [markdown]
# Two. `Pool` started a new worker, but the task was lost with the old one. Nothing hands it out
# again, and `imap` holds back the results behind it. And the executor, which raises
# `BrokenProcessPool`? One worker, ten tasks, and the process dies at number 3. (Task 0 waits until
# all ten are submitted. `wait(futures)` waits until all futures are done, well or not.)

# %%
predict("pool-died", "An executor, 1 worker, 10 tasks, it dies at number 3: how many results?")

# %%
gate.clear()
with ProcessPoolExecutor(1, initializer=keep, initargs=events) as executor:
    futures = [executor.submit(hold_first, 0)]
    futures += [executor.submit(die_on_three, number) for number in range(1, 10)]
    gate.set()
    wait(futures)
errors = [type(future.exception()).__name__ for future in futures if future.exception()]
compare("pool-died", 10 - len(errors), "results")
print("results:", 10 - len(errors), "  BrokenProcessPool:", errors.count("BrokenProcessPool"))

# %% [markdown]
# The three finished results are safe. All other tasks fail at once, including those that had not
# begun: the executor is **broken**, and takes no more tasks. It doesn't say which task was to
# blame.

# %% [markdown]
# ## A worker that never answers
#
# `result(timeout=0.3)` waits no longer than that. But what becomes of the task? Here task 0 waits
# at the gate, and `Timer(1, gate.set)`, a thread, opens it a second after we begin to wait.

# %%
predict("pool-timeout", "From calling result(timeout=0.3): when is the with block left?", "seconds")

# %%
gate.clear()
started.clear()
with ProcessPoolExecutor(1, initializer=keep, initargs=events) as executor:
    future = executor.submit(hold_first, 0)
    started.wait()
    began = perf_counter()
    Timer(1, gate.set).start()
    try:
        future.result(timeout=0.3)
    except TimeoutError:
        print("running:", future.running(), "  could be cancelled:", future.cancel())
compare("pool-timeout", perf_counter() - began, "seconds")

# %%
print("its result in the end:", future.result())

# %% [markdown]
# A timeout ends your waiting, not the task. `cancel()` works only before a task is sent to the
# workers; **a running task can't be cancelled**. And the end of the `with` block waits for it,
# forever if necessary. To get rid of the task, kill its *process*. From Python 3.14 on, an executor
# has `kill_workers()`. Before, look for its workers among `active_children()`.

# %%
show(never_answer)


# %%
def kill_workers(executor):
    if hasattr(executor, "kill_workers"):  # from Python 3.14 on
        executor.kill_workers()
    else:
        for child in multiprocessing.active_children():  # all children of this process!
            child.kill()


# %%
started.clear()
with ProcessPoolExecutor(1, initializer=keep, initargs=events) as executor:
    future = executor.submit(never_answer, 0)
    started.wait()
    try:
        future.result(timeout=0.3)
    except TimeoutError:
        kill_workers(executor)
    stopped = type(future.exception()).__name__
print("the parent learns of it:", stopped)

# %% tags=["claim"]
raised = by_submit == [0, 1, 2, "ValueError", 4, 5]
died = errors == ["BrokenProcessPool"] * 7 and with_executor.exit_code == 1
claim("A5", raised and died and with_pool.exit_code is None and stopped == "BrokenProcessPool")

# %% [markdown]
# > **In practice.** Start with `with ProcessPoolExecutor() as executor`, `submit`, `as_completed`,
# > and a dict from future to input. Ask each future for its result, inside `try`. Use `map` with a
# > `chunksize` for many small, even tasks that can't fail. Use `Pool` for `imap_unordered`, or to
# > replace workers now and then on an older Python; and then give every `get` a timeout.
# >
# > **In an interview.** "A worker of your pool is killed because memory is short. What happens?" A
# > weak answer says that the task is tried again. A strong one describes both: `Pool` starts a new
# > worker, loses the task and waits forever; the executor raises `BrokenProcessPool` for all that
# > is not done. Then it says how to find the deadly task and go on.
# >
# > **Elsewhere.** The pools of the libraries `joblib` and `loky` also take functions from a
# > notebook's cells. Dask hands out tasks to many machines (lesson 11).

# %% [markdown]
# **You can now**
#
# - choose between `map`, `imap`, `imap_unordered`, `submit` and `as_completed` by the order of the
#   results, by the messages, and by what an error costs;
# - distribute uneven tasks so that no worker is idle: small chunks, long tasks first;
# - get a failure back whether a worker raises, dies or never answers, and say where `Pool` hangs.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Try it: chunks of every size
#
# Between 1 and 12 there are more sizes. Find the smallest chunk size at which the workers are idle
# for more than 10 % of their time, first with *short ones first*, then with *long ones first*, then
# *shuffled*. Each press of *Run* does the real work, and adds a point.

# %%
DistributionExplorer()

# %% [markdown]
# ### One giant task
#
# Dynamic distribution is simple enough to compute. The worker that is free first takes the next
# task:


# %%
def finished_at(lengths, workers):
    free_at = [0] * workers
    for length in lengths:
        free_at.sort()
        free_at[0] += length
    return max(free_at)


print("our 24 tasks, 2 workers:", finished_at(range(1, 25), 2), "instead of", sum(range(1, 25)))

# %% [markdown]
# Now take one giant task of length 12 and twelve tasks of length 1. The giant is half of all work.
# (The *speedup* is how many times as fast as one worker they are.)

# %%
predict("pool-giant", "4 workers, the giant comes last: what is the speedup?", "times", high=100)

# %%
giant_last, giant_first = [1] * 12 + [12], [12] + [1] * 12
for workers in (2, 4):
    last = 24 / finished_at(giant_last, workers)
    first = 24 / finished_at(giant_first, workers)
    print(f"{workers} workers: giant last {last:.2f}, giant first {first:.2f}")
compare("pool-giant", last, "times")

# %% [markdown]
# With two workers, the giant is exactly one worker's share: handed out first, it costs nothing, and
# the speedup is 2. With four workers the best is 2 as well, because the giant alone takes 12. No
# distribution is faster than the longest task. The cure is to cut that task.

# %% [markdown]
# ### Leaving a `with` block before the results are there
#
# Six tasks of 0.2 seconds for one worker. We leave the block right after handing them out. You can
# end a `Pool` in two ways: after `close()` (no more tasks come), `join()` waits until all tasks are
# done; `terminate()` terminates the workers at once. The end of a `with` block does one of the two.

# %%
show(nap)

# %%
predict("pool-left", "With Pool: how many of the six tasks will be done?", "tasks", high=100)

# %%
with Pool(1) as pool:
    handed_out = [pool.apply_async(nap, (number,)) for number in range(6)]
with ProcessPoolExecutor(1) as executor:
    futures = [executor.submit(nap, number) for number in range(6)]
compare("pool-left", sum(result.ready() for result in handed_out), "tasks")
print("executor:", sum(future.done() for future in futures), "of 6 done")
try:
    handed_out[5].get(timeout=0.3)
except multiprocessing.TimeoutError as error:
    print("Pool: no result; a built-in TimeoutError:", isinstance(error, TimeoutError))

# %% [markdown]
# The end of `with Pool` calls `terminate()`: tasks under way are cut off, the others are dropped,
# and a `get()` without a timeout waits forever. So ask for all results inside the block. One
# advantage: this block doesn't wait for a task that never ends.
#
# A second trap: `multiprocessing.TimeoutError` is not the built-in `TimeoutError`, and `except
# TimeoutError` misses it. A future raises the built-in one.

# %% [markdown]
# ### When a pool starts its workers
#
# A `Pool` starts all of its workers at once. An executor waits for the first task; that is why a
# comment above says *this starts the workers*. Does it then start all of them, or one for this
# task? A spawned worker is slow to start (lesson 00). This initializer counts how often it is
# called:

# %%
show(count_start)

# %%
predict(
    "pool-first", "By spawn: ProcessPoolExecutor(4), one task. How often is it called?", "times"
)

# %%
spawn = multiprocessing.get_context("spawn")
starts = spawn.Value("i", 0)
with Pool(4):
    of_pool = len(multiprocessing.active_children())
with ProcessPoolExecutor(
    4, mp_context=spawn, initializer=count_start, initargs=(starts,)
) as executor:
    of_executor = len(multiprocessing.active_children())
    executor.submit(square, 2).result()
compare("pool-first", starts.value, "times")
print("workers at once: Pool(4):", of_pool, "  ProcessPoolExecutor(4):", of_executor)
print("starts for one task:", starts.value)

# %% [markdown]
# Once. Under spawn and forkserver, an executor starts a worker for each task that finds no free
# one, and each worker calls the initializer once. Under fork, it starts all of them for the first
# task. So the first tasks pay for the start; leave them out when you measure.
#
# Under fork the moment matters for another reason: the workers are copies of the program as it was
# when they started. They can't find a function that you define later.

# %% [markdown]
# ### How many workers?
#
# For computing, as many as there are cores that you may *use*. The default is `os.cpu_count()`,
# from Python 3.13 on `os.process_cpu_count()`. In a container both can be too many, because neither
# knows of its CPU limit. On Windows an executor can have 61 workers at most.

# %%
tell(f"cores in this machine: {os.cpu_count()}, to use: {machine.usable_cores()}")

# %% [markdown]
# ### Several arguments, or one call
#
# `starmap` spreads out its arguments; `executor.map` takes several lists; `apply_async` and
# `submit` hand out one call.

# %%
with Pool(2) as pool:
    print(pool.starmap(pow, [(2, 3), (3, 2), (10, 2)]))
    print(pool.apply_async(pow, (2, 10)).get(timeout=60))
with ProcessPoolExecutor(2) as executor:
    print(list(executor.map(pow, [2, 3, 10], [3, 2, 2])))

# %% [markdown]
# `ThreadPoolExecutor` has the same methods. It accepts `chunksize`, too, and ignores it: threads
# need no messages. Here are ten tasks and `chunksize=10`. Each task waits until another one has
# begun, so if they all return, two threads have shared them:

# %%
with ThreadPoolExecutor(2) as threads:
    meeting = threading.Barrier(2)
    met = threads.map(lambda _: meeting.wait(timeout=10), range(10), chunksize=10)
    print("tasks that met another one:", len(list(met)))

# %% [markdown]
# ### How far a pool reads ahead
#
# Python's own `map` reads an input when you want a result. Does `imap`? This generator (a function
# with `yield`, which gives one value each time that it is asked) notes each number that is read.
# The gate is shut, so there can't be a single result. A thread of the pool reads the inputs, and
# writes them as tasks into the pipe to the workers. There, each of these takes fewer than 100
# bytes; lesson 04 measured how many fit into a pipe (on Windows it is 8,192).

# %%
read = []


def forty_numbers():
    for number in range(40):
        read.append(number)
        yield number


# %%
show(settled)

# %%
predict("pool-read", "pool.imap over 40 inputs, no result yet: how many were read?", high=100)

# %%
gate.clear()
with Pool(1, initializer=keep, initargs=events) as pool:
    read.clear()
    results = pool.imap(hold_first, forty_numbers())
    early = settled(lambda: len(read))
    gate.set()
    list(results)
compare("pool-read", early, "inputs")
print("pool.imap reads ahead:", early)

# %% [markdown]
# All of them: `imap` is lazy about results, not about inputs. The thread reads on as long as the
# pipe has room. If you are slower than the workers, results pile up in memory. `executor.map`
# creates a future for every input, or every chunk, before it returns: ten million lines of a file
# are ten million futures. `pool.map` first makes a list of its inputs if they have no length. With
# an endless generator, neither of these two ever returns.
#
# From Python 3.14 on, `executor.map(…, buffersize=n)` reads only `n` inputs, or chunks, ahead.
# Before that, write it yourself: keep at most `size` futures, and submit another one when one is
# done. `wait` returns two sets of futures: those that are done and those that are not. This is
# **windowed submission**.


# %%
def in_a_window(executor, function, inputs, size):
    waiting = set()
    for one in inputs:
        waiting.add(executor.submit(function, one))
        if len(waiting) == size:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    for future in as_completed(waiting):
        yield future.result()


# %%
read.clear()
with ProcessPoolExecutor(2) as executor:
    results = in_a_window(executor, square, forty_numbers(), size=4)
    first = next(results)
    print("read when the first result is there:", len(read))
    print("all results:", sorted([first, *results]) == [n * n for n in range(40)])

# %% [markdown]
# ### Start over after `BrokenProcessPool`
#
# A broken executor doesn't say which task was deadly. (From Python 3.15 on, the traceback at least
# names the dead process and its exit code.) Keep what is done, and try what is missing one task at
# a time, each in a new executor. Here are the ten tasks of the executor that broke above:

# %%
done = {0: 0, 1: 1, 2: 2}
deadly = []
for number in range(3, 10):
    with ProcessPoolExecutor(1) as executor:
        try:
            done[number] = executor.submit(die_on_three, number).result()
        except BrokenProcessPool:
            deadly.append(number)
print("results:", len(done), "  deadly:", deadly)

# %% [markdown]
# A task that failed with `BrokenProcessPool` may be innocent: it ran beside the deadly one, or had
# not begun. So retry, but count the tries, and give up a task after two or three. A task that is
# tried again may run twice, at least in part, so it must do no harm the second time.

# %% [markdown]
# ### New workers now and then
#
# If a task leaks memory (takes it and never gives it back), the worker keeps it for as long as it
# lives. Both pools can replace their workers. `Pool(maxtasksperchild=n)` is said to do so after `n`
# tasks. Here, `map` makes the chunks.

# %%
show(own_id)

# %%
predict("pool-recycled", "Pool(1, maxtasksperchild=2).map over 12 tasks: how many processes?")

# %%
with Pool(1, maxtasksperchild=2) as pool:
    in_chunks = len(set(pool.map(own_id, range(12))))
with Pool(1, maxtasksperchild=2) as pool:
    one_by_one = len(set(pool.map(own_id, range(12), chunksize=1)))
compare("pool-recycled", in_chunks, "processes")
print("default chunks:", in_chunks, "  chunksize=1:", one_by_one)

# %% [markdown]
# Two, not six: the pool counts *messages*, and the default chunk here holds 3 tasks.
#
# The executor has `max_tasks_per_child`, and two traps. It does not work with fork: it raises
# `ValueError` if its `mp_context` (the argument for the start method) is fork, and uses spawn if
# you pass none. And with tasks still queued it could wait forever after a worker had retired
# (CPython issue 115634). That is fixed in 3.15.0, in 3.14.7 and in releases of 3.13 from July 2026
# on; Python 3.11 and 3.12 have the bug. There, use `Pool` for this.

# %% [markdown]
# ### Three more places where an error can arise
#
# An initializer that raises:

# %%
show("initializer_fails.py")

# %% [markdown]
# A **callback** that raises. That is a function which the pool calls with each result, in the
# parent, in the very thread that receives the results:

# %%
show("callback_raises.py")

# %% [markdown]
# And an exception that can't be unpickled (rebuilt) in the parent, because its class wants two
# arguments and keeps only one:

# %%
show("exception_lost.py")

# %%
predict("pool-three-errors", "Of the three, with Pool: how many end by themselves?", high=100)

# %%
endings = []
for program in ("initializer_fails.py", "callback_raises.py", "exception_lost.py"):
    report = run_safely(program, "pool", limit=5, still=1, output=10_000)  # bytes at most
    endings.append(report.exit_code)
    tell(f"{program}: {diagnose(report).name}; {report.started} processes started")
compare("pool-three-errors", 3 - endings.count(None), "programs")
print("ended:", 3 - endings.count(None))

# %% [markdown]
# None: these are three more ways to make a `Pool` wait forever. The initializer is the worst: each
# worker dies of it and is replaced, as fast as the machine can. The executor has an answer in all
# three cases. An initializer that fails breaks it; an exception in a callback
# (`future.add_done_callback`) is only logged; and an exception that can't be rebuilt breaks it,
# although no process died:

# %%
show(raise_well_made)

# %%
show(raise_badly_made)

# %%
for function in (raise_well_made, raise_badly_made):
    with ProcessPoolExecutor(1) as executor:
        error = executor.submit(function, 0).exception()
    print(f"{function.__name__}: {type(error).__name__}")

# %% [markdown]
# The cure: pass **all** arguments on, `super().__init__(line, text)`, because an exception is
# rebuilt from its `args`. Many packages get that wrong, so catch their exceptions in the worker,
# and raise or return something plain. A *result* that can't be pickled does no such harm: both
# pools send an error back in its place. (A result that can't be *rebuilt* does the same harm.)

# %% [markdown]
# ### Cancel what has not begun
#
# One worker and ten tasks; the first is under way and waits at the gate. So that no worker has to
# wait for its next task, an executor sends tasks ahead, into a queue that has room for one more
# than there are workers. `shutdown(cancel_futures=True)` cancels all that can be canceled, and
# then waits for the rest. (`settled` waits until the executor sends no more.)

# %%
predict("pool-cancelled", "1 worker, 10 tasks, the first under way: how many can be cancelled?")

# %%
gate.clear()
started.clear()
with ProcessPoolExecutor(1, initializer=keep, initargs=events) as executor:
    futures = [executor.submit(hold_first, 0)]
    started.wait()
    futures += [executor.submit(hold_first, number) for number in range(1, 10)]
    settled(lambda: sum(future.running() for future in futures))
    Timer(1, gate.set).start()
    executor.shutdown(cancel_futures=True)

# %%
cancelled = sum(future.cancelled() for future in futures)
compare("pool-cancelled", cancelled, "tasks")
print("cancelled:", cancelled, "  done:", 10 - cancelled)

# %% [markdown]
# Seven, not nine: besides the task under way, two were sent ahead. A task that was sent counts as
# running, and a running task can't be cancelled.

# %% [markdown]
# ### Stop and Ctrl-C
#
# *Stop* and Ctrl-C both raise `KeyboardInterrupt` in the main process. Here that happens inside a
# `with` block, right after six tasks were submitted.

# %%
predict("pool-interrupted", "Interrupted right after submitting 6 tasks: how many are still done?")

# %%
try:
    with ProcessPoolExecutor(1) as executor:
        futures = [executor.submit(nap, number) for number in range(6)]
        raise KeyboardInterrupt  # what the interrupt does
except KeyboardInterrupt:
    still_done = sum(future.done() and not future.cancelled() for future in futures)
compare("pool-interrupted", still_done, "tasks")
print("done after the interrupt:", still_done)

# %% [markdown]
# All of them: before the exception leaves the `with` block, the end of the block waits for
# everything that was submitted. That is why the first press of *Stop* seems to do nothing. So catch
# the interrupt *inside* the block, and cancel:

# %%
try:
    with ProcessPoolExecutor(1) as executor:
        futures = [executor.submit(nap, number) for number in range(6)]
        try:
            raise KeyboardInterrupt
        except KeyboardInterrupt:
            executor.shutdown(cancel_futures=True)
            raise
except KeyboardInterrupt:
    print("some were cancelled:", any(future.cancelled() for future in futures))

# %% [markdown]
# **What goes wrong.** Don't write `shutdown(wait=False, cancel_futures=True)` there. It sets a flag
# for a thread of the executor, and returns. Then the end of the `with` block calls `shutdown()`
# again, without `cancel_futures`. That resets the flag before the thread has read it, and in most
# runs nothing is cancelled.
#
# A real Ctrl-C also reaches the workers, and on Linux and macOS so does *Stop*: the signal goes to
# the *process group*, to which a child belongs as its parent does. A worker inside a task sends the
# `KeyboardInterrupt` back as that task's exception, and takes the next task. A worker that waits
# for a task dies of it, and the executor is broken: `BrokenProcessPool`.

# %% [markdown]
# ### A pool in a pool
#
# May a worker have a pool of its own?

# %%
show(pool_in_worker)

# %%
with Pool(1) as pool:
    try:
        pool.apply(pool_in_worker)
    except AssertionError as error:
        print("in a Pool:", error)
with ProcessPoolExecutor(1) as executor:
    worker, below = executor.submit(pool_in_worker).result()
print("in an executor, different processes:", len({os.getpid(), worker, below}))

# %% [markdown]
# The workers of a `Pool` are daemons (lesson 02): they are terminated when the program exits, and
# so they may not have children, which would be left over. An executor's workers are no daemons.
# That it is allowed doesn't make it good: 8 workers with 8 workers each are 72 processes on 8
# cores. One pool that gets all the small tasks is nearly always better.

# %% [markdown]
# ### The parent reports progress
#
# The parent knows best how far things are, because every result comes to it. So move the bar in the
# loop over `as_completed`: `bar(number, of_how_many)`.

# %%
bar, found = ProgressBar("counting primes"), 0
with ProcessPoolExecutor(2) as executor:
    futures = [executor.submit(count_primes, task) for task in reversed(tasks)]
    for number, future in enumerate(as_completed(futures), 1):
        found += future.result()
        bar(number, len(futures))
print("the same primes as before:", found == sum(static.results))

# %% [markdown]
# `reversed`, because the long tasks go first. With `executor.map`, the bar would wait for the
# slowest task at the front, as `imap` did above.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
