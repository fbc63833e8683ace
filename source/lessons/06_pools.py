# %% [markdown]
# A **pool** is a fixed crew of processes. You hand it tasks; it deals them out, collects the
# results and keeps the crew for the next tasks. Much parallel Python in practice is a pool. This
# lesson is about what it does between the two, and above all about what it does when something
# goes wrong.
#
# **You will be able to**
#
# - deal tasks to workers in the way that fits: by the order in which results come in, and by how
#   many messages it takes;
# - keep all workers at work when tasks are uneven, and show it on a timeline;
# - get every failure back to the main process: a worker that raises, dies, or never answers.
#
# **You need** lessons 00 to 05.

# %%
import multiprocessing
import os
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import Event, Pool, Value
from threading import Timer
from time import perf_counter

# %%
from helpers.measure import machine
from helpers.claims import claim, tell
from helpers.diagnosis import diagnose
from helpers.measure import measure
from helpers.plots import plot_timeline
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.widgets import DistributionExplorer, ProgressBar, compare, predict
from helpers.workers import count_primes

# %%
from helpers.workers.pools import (
    Counted, count_start, die_on_three, fail_on_three, hold_first, keep, never_answer,
    pool_in_worker, read_badly, settled, square, who,
)  # fmt: skip
from helpers.workers.workloads import uneven_ranges

# %% [markdown]
# ## A pool keeps its workers
#
# Lesson 02 started a process for every job. A pool starts a few, and each does many tasks. Python
# has two pools. `multiprocessing.Pool` is the older one. `ProcessPoolExecutor` is newer; its twin
# for threads, `ThreadPoolExecutor`, has the same methods (lesson 07). A first look at both: a
# hundred tasks, each of which says which process did it.

# %%
with Pool(2) as pool:
    by_pool = pool.map(who, range(100))
with ProcessPoolExecutor(2) as executor:
    by_executor = list(executor.map(who, range(100)))

for name, ids in (("Pool", by_pool), ("ProcessPoolExecutor", by_executor)):
    print(f"{name}: {len(ids)} results from at most 2 processes:", len(set(ids)) <= 2)

# %% [markdown]
# ## An initializer runs once in each worker
#
# Some things are needed by every task and expensive to make or to send: a table, a model, a
# connection. An **initializer** is a function that each worker runs once, when it starts. It keeps
# what it made in a global of *its* process, where tasks find it. This one counts.

# %%
predict("pool-initializer", "2 workers, 100 tasks: how often does the initializer run?", "times")

# %%
starts = Value("i", 0)
with Pool(2, initializer=count_start, initargs=(starts,)) as pool:
    pool.map(square, range(100))
    pool.close()
    pool.join()
compare("pool-initializer", starts.value, "times")
print("starts:", starts.value)

# %% [markdown]
# Once for each worker. It is also the way to hand workers a lock, an event or a queue: those are
# inherited when a process starts, and a task that brings one along is refused (lesson 05 knows an
# exception, the manager). The next experiments need that. `keep` is an initializer that keeps two
# events: a *gate*, at which the task with number 0 waits until we open it, and *started*, which
# that task sets when it is there. (And `close()`, `join()` let the workers end by themselves; the
# end of `with Pool` alone terminates them.)

# %%
gate, started = Event(), Event()
kept = {"initializer": keep, "initargs": (gate, started)}

# %% [markdown]
# ## Seven ways to hand out tasks
#
# | | hands out | gives back | results come |
# | --- | --- | --- | --- |
# | `pool.map(f, inputs)` | all | a list, when all is done | in order |
# | `pool.starmap(f, pairs)` | all, `f(*pair)` | a list, when all is done | in order |
# | `pool.imap(f, inputs)` | all | an iterator, at once | in order |
# | `pool.imap_unordered(f, inputs)` | all | an iterator, at once | as they are done |
# | `pool.apply_async(f, args)` | one | an `AsyncResult`; `.get()` waits | |
# | `executor.map(f, inputs)` | all | an iterator, at once | in order |
# | `executor.submit(f, *args)` | one | a `Future`; `.result()` waits | see `as_completed` |
#
# A **future** stands for a result that is not there yet.

# %% [markdown]
# ## In order, or as they are done
#
# Two workers, six tasks, and number 0 waits at the gate. The other worker does the other five.

# %%
predict("pool-order", "Five of six results are there. How many does imap give you?", high=100)

# %%
gate.clear()
with Pool(2, **kept) as pool:
    ordered, got = pool.imap(hold_first, range(6)), []
    try:
        got.append(ordered.next(timeout=0.5))
    except multiprocessing.TimeoutError:
        tell("nothing within half a second")
    compare("pool-order", len(got), "results")
    gate.set()
    in_order = list(ordered)

# %%
gate.clear()
with Pool(2, **kept) as pool:
    unordered = pool.imap_unordered(hold_first, range(6))
    as_done = [next(unordered) for _ in range(5)]
    gate.set()
    as_done.append(next(unordered))

print("imap:          ", in_order)
print("imap_unordered:", as_done)

# %% [markdown]
# One slow task at the front holds back everything behind it, though it is done. `executor.map` is
# like `imap` in that. With futures you choose: `future.result()` one after the other keeps the
# order, `as_completed(futures)` gives each as it is done.

# %%
gate.clear()
with ProcessPoolExecutor(2, **kept) as executor:
    futures = {executor.submit(hold_first, number): number for number in range(6)}
    came = []
    for future in as_completed(futures):
        came.append(futures[future])
        if len(came) == 5:
            gate.set()
print("the last to come was number", came[-1])

# %% [markdown]
# The dict from a future to its input is the usual way to know what a result belongs to.

# %% [markdown]
# ## Tasks travel in chunks
#
# Each message costs time: pickling, a pipe, unpickling, and the same for the result. So tasks can
# travel together, in a **chunk**. How many messages are sent? A function is pickled by its name,
# once in every message. `Counted` wraps ours and counts how often that happens.

# %%
predict("pool-messages", "Pool(2).map over 1,000 tasks: how many messages go out?", "messages")

# %%
counted, sent = Counted(square), {}
with Pool(2) as pool:
    pool.map(counted, range(1_000))
    sent["pool.map"] = counted.messages
    list(pool.imap(counted, range(1_000)))
    sent["pool.imap"] = counted.messages - sum(sent.values())
with ProcessPoolExecutor(2) as executor:
    list(executor.map(counted, range(1_000)))
    sent["executor.map"] = counted.messages - sum(sent.values())
    list(executor.map(counted, range(1_000), chunksize=100))
    sent["executor.map, chunksize=100"] = counted.messages - sum(sent.values())

# %%
compare("pool-messages", sent["pool.map"], "messages")
for how, messages in sent.items():
    print(f"{how:28} {messages:5} messages")

# %% [markdown]
# `pool.map` cuts its list into four chunks for each worker: 8 here. `imap` and `executor.map` have
# a `chunksize` of 1 unless you say otherwise: a message for each task. For large tasks that does
# not matter; for small ones it is nearly all there is. (Measured below the end.)
#
# Large chunks have a price, too. A chunk is dealt as a whole, to one worker. That is the next
# experiment.

# %% [markdown]
# ## Uneven tasks: deal them out one by one
#
# Here are 24 tasks. The first is the shortest, and the last takes 24 times as long: 1, 2, 3, … 24.
# There are two ways to deal them to two workers. **Static**: cut the list in two and give each a
# half; nobody talks until the end. **Dynamic**: give each one task, and another when it asks for
# more. In a pool, that is nothing but the size of the chunks:
#
# ```python
# executor.map(count_primes, tasks, chunksize=12)    # static: two chunks
# executor.map(count_primes, tasks, chunksize=1)     # dynamic
# ```
#
# The first half adds up to 78, the second to 222.

# %%
predict("pool-idle", "Static: for how much of the time is one worker idle?", "%", high=100)

# %% [markdown]
# `measure` of lesson 01 does it with a stopwatch. Other programs can keep a worker from its work,
# so it does all tasks 7 times, and shows the median round.

# %%
tasks = uneven_ranges(24, unevenness=24, total=240_000)
static = measure(count_primes, tasks, workers=2, chunksize=12, rounds=7)
dynamic = measure(count_primes, tasks, workers=2, chunksize=1, rounds=7)
compare("pool-idle", 100 * max(static.idle_by_worker()), "%")

# %%
ax = plot_timeline(static)
tell(*static.idle_in_words())

# %%
ax = plot_timeline(dynamic)
tell(*dynamic.idle_in_words())

# %% [markdown]
# Hatched means idle. In the first picture both workers got twelve tasks: fair by number, unfair by
# work. One was done after about a third of the time, 78 / 222, and then there was nothing left for
# it: its half was dealt before anybody knew. In the second nobody planned anything. Whoever is free
# takes the next, so the work evens out by itself.

# %%
claim(
    "A3",
    all(len(run.processes) == 2 for run in (static, dynamic))
    and static.results == dynamic.results
    and dynamic.idle_share < static.idle_share / 2,
)

# %% [markdown]
# Three more things follow.
#
# - **The tail.** Dynamic dealing is only as even as its last task. If the longest comes last, the
#   others wait for it. So hand out the long ones first, if you know them.
# - **One giant.** If one task is half of all the work, no way of dealing helps: cut it up.
# - **Shuffling** makes static dealing fair on average, at no cost in messages.
#
# Between 1 and 12 there are more sizes, and four chunks a worker, as `pool.map` does it, is a fair
# compromise. Try it. Every press of *Run* does the real work; each point on the left is a run.

# %%
DistributionExplorer()

# %% [markdown]
# ## A worker that raises
#
# An exception in a task travels back and is raised again in the parent, where you ask for the
# result. Here number 3 of the tasks 0 to 5 raises `ValueError`. What happens to the others depends
# on how you ask.

# %%
predict("pool-map-error", "for result in executor.map(…): how many results, before the error?")


# %%
def collect(results) -> list:
    """What a loop over the results gets, up to the first error."""
    got = []
    try:
        for result in results():
            got.append(result)
    except ValueError:
        got.append("ValueError")
    return got


# %%
with ProcessPoolExecutor(2) as executor, Pool(2) as pool:
    by_map = collect(lambda: executor.map(fail_on_three, range(6)))
    by_pool_map = collect(lambda: pool.map(fail_on_three, range(6)))
    futures = [executor.submit(fail_on_three, number) for number in range(6)]
    by_submit = [
        type(f.exception()).__name__ if f.exception() else f.result() for f in futures
    ]  # fmt: skip
compare("pool-map-error", len(by_map) - 1, "results")
print("executor.map:", by_map)
print("pool.map:    ", by_pool_map)
print("submit:      ", by_submit)

# %% [markdown]
# There was nothing wrong with the other five, each time. `pool.map` gives all or nothing.
# `executor.map` gives what came before the error; then its iterator is at its end, and cancels what
# nobody has begun. Only `submit` has an answer for each (and `imap`, if you call `next` again after
# the error). Where a failed task must not cost you the others, use `submit`.
#
# And the exception is raised *where you ask*. If nobody asks (`apply_async` without `get`, `submit`
# without `result`, `executor.map` without a loop), nobody learns of it.

# %%
raises = by_submit == [0, 1, 2, "ValueError", 4, 5]
traceback = str(futures[3].exception().__cause__)
print("it brings the worker's own traceback:", "in fail_on_three" in traceback)

# %% [markdown]
# ## A worker that dies
#
# A worker can be killed because memory is short, or crash in C code. Then there is no exception to
# send, and nobody to send it. One worker, ten tasks; at number 3 its process ends. (Number 0 waits
# at the gate until all ten are handed in.)

# %%
predict("pool-died", "An executor, 1 worker, 10 tasks, it dies at number 3: how many results?")

# %%
gate.clear()
with ProcessPoolExecutor(1, **kept) as executor:
    futures = [executor.submit(hold_first, 0)]
    futures += [executor.submit(die_on_three, number) for number in range(1, 10)]
    gate.set()
    wait(futures)
errors = [type(future.exception()) for future in futures if future.exception()]
compare("pool-died", len(futures) - len(errors), "results")
print("results:", 10 - len(errors), "  BrokenProcessPool:", errors.count(BrokenProcessPool))

# %% [markdown]
# What was done is safe. All others fail at once, those too that had not even begun: the executor is
# **broken**, and takes no more tasks. It does not know which task was to blame (from Python 3.15 on
# the error at least names the dead process and its exit code). To find out, start over with what is
# missing, one task to an executor:

# %%
done = {number: f.result() for number, f in enumerate(futures) if not f.exception()}
deadly = []
for number in set(range(10)) - set(done):
    with ProcessPoolExecutor(1) as executor:
        try:
            done[number] = executor.submit(die_on_three, number).result()
        except BrokenProcessPool:
            deadly.append(number)
dies = len(done) == 9 and deadly == [3]
print("results:", len(done), "  deadly:", deadly)

# %% [markdown]
# And a `Pool`? The same death, with each of the two:

# %%
show("worker_dies.py")


# %%
def let_it_hang(program: str):
    """What became of a program with a Pool; on a busy machine it gets more time."""
    for limit in (6, 40):
        report = run_safely(program, "pool", limit=limit, output=10_000, still=1)
        if diagnose(report).known:
            break
    return report


# %%
with_executor = run_safely("worker_dies.py", "executor", limit=40)
with_pool = let_it_hang("worker_dies.py")
print("executor:", with_executor.verdict)
print("Pool: ended by itself:", with_pool.exit_code is not None)
print(diagnose(with_pool))

# %% [markdown]
# The `Pool` noticed the death and put a new worker in the place of the old one. The task was lost
# with the old one, nobody handed it out again, and `map` waits for its result forever. That is the
# largest difference between the two, and the reason to take `ProcessPoolExecutor` unless you need
# something that only `Pool` has.

# %% [markdown]
# ## A worker that never answers
#
# `result(timeout=…)` waits no longer than that. What becomes of the task? Number 0 waits at the
# gate, and a timer opens the gate after one second. We lose patience after 0.3.

# %%
predict(
    "pool-timeout",
    "result(timeout=0.3): how long after this call is the with block at its end?",
    "s",
)

# %%
gate.clear(), started.clear()
with ProcessPoolExecutor(1, **kept) as executor:
    future = executor.submit(hold_first, 0)
    started.wait()
    began = perf_counter()
    Timer(1, gate.set).start()
    try:
        future.result(timeout=0.3)
    except TimeoutError:
        after = future.running(), future.cancel()
compare("pool-timeout", perf_counter() - began, "s")

# %%
print("after the time-out, still running:", after[0], "  could be cancelled:", after[1])
print("and in the end its result:", future.result())

# %% [markdown]
# A timeout ends the waiting, not the task; and `cancel()` refuses a task that has begun. The end
# of the `with` block waited for it, and had the gate stayed shut, it would still wait. To be rid of
# such a task, end its **process**. From Python 3.14 on, an executor has `terminate_workers()` and
# `kill_workers()`. Before, its workers are found among `active_children()`, and a program with
# other children has to tell them apart.


# %%
def end_workers(executor) -> None:
    if hasattr(executor, "kill_workers"):
        executor.kill_workers()
    else:
        for worker in multiprocessing.active_children():
            worker.kill()


# %%
started.clear()
with ProcessPoolExecutor(1, **kept) as executor:
    future = executor.submit(never_answer, 0)
    started.wait()
    try:
        future.result(timeout=0.3)
    except TimeoutError:
        end_workers(executor)
    never = type(future.exception())

print("the caller learns of it:", never.__name__)

# %% [markdown]
# With `Pool` this is easier, and it is one of the things that only `Pool` has: its `with` block
# ends by `terminate()`. (Its timeout is `multiprocessing.TimeoutError`, which is no built-in
# `TimeoutError`. `except TimeoutError` misses it.)

# %%
with Pool(1, **kept) as pool:
    try:
        pool.apply_async(never_answer, (0,)).get(timeout=0.3)
    except multiprocessing.TimeoutError as error:
        missed = not isinstance(error, TimeoutError)
print("not a built-in TimeoutError:", missed)
print("workers that are left:", len(multiprocessing.active_children()))

# %% [markdown]
# The three failures of a worker, and for each of them a path back to the caller:

# %%
answers = never is BrokenProcessPool and missed
claim("A5", raises and dies and with_pool.exit_code is None and answers)

# %% [markdown]
# > **In practice.** Begin with `with ProcessPoolExecutor() as executor`, `submit`, `as_completed`,
# > and a dict from future to input. Ask each future for its result, inside `try`. Take `map` with a
# > `chunksize` for many small, even tasks that can't fail. Take `Pool` for recycling on older
# > Pythons, for `imap_unordered`, or where everything must be terminated at once; and then give
# > every `get` a timeout.
# >
# > **In an interview.** "A worker of your pool is killed because memory is short. What happens?" A
# > weak answer says that the task is tried again. A strong one tells `Pool` (replaced, task lost,
# > waits forever) from the executor (`BrokenProcessPool` for all that is not done), and says how
# > it would find the task to blame and go on.
# >
# > **Elsewhere.** `joblib` and `loky` reuse one pool, and send functions of notebooks by value;
# > Dask deals tasks to many machines (lesson 11). The questions stay the same: what is read when,
# > in what order, in what chunks, and who learns of a failure.

# %% [markdown]
# **You can now**
#
# - choose between `map`, `imap`, `imap_unordered`, `submit` and `as_completed` by what they give
#   back, in which order, and by what they send;
# - deal uneven tasks so that nobody is idle: small chunks, long ones first;
# - get a failure back whether a worker raises, dies or never answers, and name what a `Pool` does
#   instead.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### When a pool starts its workers
#
# Four are asked for here, and nothing is given to them to do.

# %%
predict("pool-started", "ProcessPoolExecutor(4) was just made. How many processes run?", high=100)

# %%
with Pool(4):
    of_pool = len(multiprocessing.active_children())
with ProcessPoolExecutor(4) as executor:
    of_executor = len(multiprocessing.active_children())
    executor.submit(square, 2).result()
    after_one = len(multiprocessing.active_children())
compare("pool-started", of_executor, "processes")
print("Pool(4):", of_pool, "  ProcessPoolExecutor(4):", of_executor)
tell(f"after its first task, the executor has {after_one}")

# %% [markdown]
# A `Pool` starts all of its workers at once, before there is a task. An executor waits for the
# first task. Then, under fork, it starts all; under spawn and forkserver one at a time, as long as
# nobody is free. So the first task pays for the start, and a stopwatch around it measures the wrong
# thing.
#
# Under fork the moment matters for another reason: the workers are copies of the program as it was
# then. A function that your program defines after `Pool()` they don't have, and can't find. So make
# the pool after the definitions.

# %% [markdown]
# ### How many workers?
#
# For computing, as many as there are cores *to use*. The default is
# `os.cpu_count()`, from Python 3.13 on `os.process_cpu_count()`. In a container both can be too
# many: neither knows of its CPU limit. Windows allows an executor 61 at the most.

# %%
tell(f"cores in this machine: {os.cpu_count()}, to use: {machine.usable_cores()}")

# %% [markdown]
# ### More than one argument, or one call
#
# `starmap` spreads out its arguments, and `apply_async` hands out one call:

# %%
with Pool(2) as pool:
    print(pool.starmap(pow, [(2, 3), (3, 2), (10, 2)]))
    print(pool.apply_async(pow, (2, 10)).get(timeout=60))

# %% [markdown]
# ### A thousand tiny tasks, in chunks of 1 and of 100
#
# The tasks and the workers are the same. What differs is the number of messages.

# %%
for chunksize in (1, 100):
    run = measure(square, range(1_000), workers=2, chunksize=chunksize, rounds=7)
    tell(f"1,000 tiny tasks in chunks of {chunksize}: {run.wall:.3f} s")

# %% [markdown]
# ### Uneven tasks in CPU seconds
#
# A clock can mislead on a busy machine, so here are the two runs in CPU seconds, those of the
# busiest worker in each. By the lengths it should be 222 / 150 = 1.48 times as much under static.

# %%
busiest = {name: run.cpu_by_worker()[0] for name, run in (("static", static), ("dynamic", dynamic))}
tell(
    f"the busiest worker's CPU seconds: {busiest['static']:.3f} static, {busiest['dynamic']:.3f} "
    f"dynamic: {busiest['static'] / busiest['dynamic']:.2f} times"
)

# %% [markdown]
# ### What is read when
#
# Python's own `map` is lazy: it reads an input when a result is wanted. Are these? `Inputs` counts
# how many were read. The gate is shut, so that not one result can be there.


# %%
class Inputs:
    """The numbers 0 to 39, and how many of them were read."""

    def __init__(self) -> None:
        self.read = 0

    def __iter__(self):
        for number in range(40):
            self.read += 1
            yield number


# %%
predict(
    "pool-read", "pool.imap over 40 inputs, no result yet: how many inputs were read?", high=100
)


# %%
def read_early(hand_out) -> int:
    """How many inputs are read before there is a result."""
    gate.clear()
    inputs = Inputs()
    results = hand_out(inputs)
    early = settled(lambda: inputs.read)
    gate.set()
    list(results)
    return early


# %%
early = {"map": read_early(lambda inputs: map(square, inputs))}
with Pool(1, **kept) as pool:
    early["pool.imap"] = read_early(lambda inputs: pool.imap(hold_first, inputs))
with ProcessPoolExecutor(1, **kept) as executor:
    early["executor.map"] = read_early(lambda inputs: executor.map(hold_first, inputs))
    try:
        small = read_early(lambda inputs: executor.map(hold_first, inputs, buffersize=3))
        tell(f"executor.map with buffersize=3: {small} inputs read")
    except TypeError:
        tell("this Python's executor.map has no buffersize; Python 3.14 and newer have")

# %%
compare("pool-read", early["pool.imap"], "inputs")
print(early)

# %% [markdown]
# All of them. `imap` is lazy about *results*, not about inputs. A thread of the pool reads on as
# fast as the pipe to the workers takes tasks (64 KiB of them on Linux), whether or not you ask for
# a result; and if you are slower than the workers, their results pile up in memory.
#
# `executor.map` makes a future of every input before it returns, so ten million lines of a file are
# ten million futures. From Python 3.14 on, `executor.map(…, buffersize=n)` reads `n` inputs ahead
# of the results and no more. Before that, submit a few, and another one whenever one is done.
#
# `pool.map` makes a list of its inputs first. An endless generator gets past neither of the two.

# %% [markdown]
# ### New workers now and then
#
# Code that leaks memory leaks it in the worker, for as long as the worker lives. Both pools can
# **recycle** their workers: `Pool(maxtasksperchild=n)` replaces each after `n` tasks. Or so it
# says.

# %%
predict("pool-recycled", "Pool(1, maxtasksperchild=2).map over 12 tasks: how many processes?")

# %%
processes = {}
for chunksize in (None, 1):
    with Pool(1, maxtasksperchild=2) as pool:
        processes[chunksize] = len(set(pool.map(who, range(12), chunksize=chunksize)))
compare("pool-recycled", processes[None], "processes")
print("default chunks:", processes[None], "  chunksize=1:", processes[1])

# %% [markdown]
# Two, not six: what is counted is *messages*, and the default chunk here holds 3 tasks. With
# `chunksize=1` a task is a message.
#
# The executor has `max_tasks_per_child`, and two traps. It does not work with fork: where you chose
# fork, you get a `ValueError`; where you chose nothing, it takes spawn. And with tasks still queued
# it could wait forever, once a worker had retired: a bug of CPython, gh-115634, mended in 3.14.7
# and 3.15.0 (read in the changelog; the hang was seen on 3.11 to 3.13). On older versions, recycle
# with `Pool`.

# %% [markdown]
# ### Three more ways to make a Pool wait forever
#
# An initializer that raises. A callback that raises, a function that the pool calls with each
# result: it runs in the parent, in the very thread that takes in the results. An exception that
# can't be made anew in the parent, because its class wants two arguments and keeps one. Which of
# these programs end?

# %%
show("callback_raises.py")

# %%
predict("pool-three-hang", "Of the three, with Pool: how many end by themselves?", high=100)

# %%
programs = ("initializer_fails.py", "callback_raises.py", "exception_lost.py")
with ThreadPoolExecutor() as together:  # each of them only waits here
    reports = list(together.map(let_it_hang, programs))
compare("pool-three-hang", sum(report.exit_code is not None for report in reports))
for name, report in zip(programs, reports):
    print(f"{name}: {diagnose(report).name}")
tell(f"with the bad initializer, {reports[0].started} workers in {reports[0].seconds:.1f} s")

# %% [markdown]
# None of them. The initializer is the worst: each worker dies of it and is replaced, forever, at
# the full speed of a core. The executor has an answer in all three cases: an initializer that fails
# breaks it, an exception in `add_done_callback` is logged and no more, and an exception that can't
# be rebuilt breaks it, although nobody died:

# %%
ends = []
for well_made in (True, False):
    with ProcessPoolExecutor(1) as executor:
        ends.append(type(executor.submit(read_badly, well_made).exception()).__name__)
print("made well:", ends[0], "  made badly:", ends[1])

# %% [markdown]
# Results have less to fear: one that can't be pickled comes back as an error, from both pools.
#
# The cure for the exception: pass **all** arguments on, `super().__init__(line, text)`. An
# exception is rebuilt from its `args`. Many packages get that wrong, so catch theirs in the worker,
# and raise or return something plain.

# %% [markdown]
# ### Cancel and stop
#
# A future can be cancelled as long as nobody has begun on it. One worker, ten tasks; the first is
# under way and waits at the gate. `shutdown(cancel_futures=True)` cancels whatever it can.

# %%
predict("pool-cancelled", "1 worker, 10 tasks, the first under way: how many can be cancelled?")

# %%
gate.clear(), started.clear()
with ProcessPoolExecutor(1, **kept) as executor:
    futures = [executor.submit(hold_first, 0)]
    started.wait()
    futures += [executor.submit(hold_first, number) for number in range(1, 10)]
    settled(lambda: sum(future.running() for future in futures))
    executor.shutdown(wait=False, cancel_futures=True)
    cancelled = settled(lambda: sum(future.cancelled() for future in futures))
    gate.set()
compare("pool-cancelled", cancelled, "tasks")
print("cancelled:", cancelled, "  done:", sum(not future.cancelled() for future in futures))

# %% [markdown]
# Seven, not nine. An executor sends tasks ahead, so that no worker has to wait for its next one:
# one more than it has workers, here two, besides the one under way. What was sent counts as
# running.
#
# **Stop in a notebook, Ctrl-C in a terminal** raise `KeyboardInterrupt` in the main process. Here
# that happens in the middle of a `with` block, right after six tasks were submitted.

# %%
predict("pool-interrupted", "Interrupted right after submitting 6 tasks: how many are still done?")

# %%
try:
    with ProcessPoolExecutor(1) as executor:
        futures = [executor.submit(square, number) for number in range(6)]
        raise KeyboardInterrupt  # what the interrupt does
except KeyboardInterrupt:
    still_done = sum(future.done() and not future.cancelled() for future in futures)
compare("pool-interrupted", still_done, "tasks")
print("done after the interrupt:", still_done)

# %% [markdown]
# All of them. Before the exception leaves the `with` block, the block's end waits for everything
# that was submitted. That is why the first press of *Stop* seems to do nothing. A real interrupt
# reaches the workers, too: each hands the `KeyboardInterrupt` back as the result of its task, and
# takes the next task (seen on 3.12 and 3.13 under fork). So catch it *inside* the block:
#
# ```python
# except KeyboardInterrupt:
#     executor.shutdown(wait=False, cancel_futures=True)
#     raise
# ```
#
# The tasks under way are still waited for; `kill_workers()` does not do that.

# %% [markdown]
# ### A pool in a pool
#
# May a worker have a pool of its own? The task here makes a `Pool(1)` and asks it for its process
# id.

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
# A `Pool`'s workers are daemons, and lesson 02 said what that means: nobody waits for them at the
# exit. So they may not have children, who would be left over. An executor's workers are no daemons,
# and may. That it is allowed does not make it good: 8 workers with 8 workers each are 72 processes
# for 8 cores. One flat pool that is handed all the small tasks is nearly always better.

# %% [markdown]
# ### Progress, told by the parent
#
# Workers don't print. The parent knows best how far things are: it sees every result come in. So
# the bar moves in the loop over `as_completed`.

# %%
bar, found = ProgressBar("counting primes"), 0
with ProcessPoolExecutor(2) as executor:
    futures = [executor.submit(count_primes, task) for task in reversed(tasks)]
    for number, future in enumerate(as_completed(futures), 1):
        found += future.result()
        bar(number, len(futures))
print("the same primes as before:", found == sum(static.results))

# %% [markdown]
# `reversed`, since the long ones should go first. With `executor.map` the bar would wait for the
# slowest at the front, as `imap` did above.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
