# %% [markdown]
# Processes aren't free. Each takes time to start, and needs memory. Messages take time, and so does
# waiting for one another. This lesson measures each cost on your machine, combines starting and
# messages in one formula, and decides by it whether processes pay off.
#
# **You will be able to**
#
# - say what a process, a message and each kind of object cost on your machine;
# - compute the smallest task that pays off, and check the formula by measuring;
# - compare a speedup with Amdahl's law and with the machine's ceiling, and say which one limits it;
# - choose between a loop, threads and processes by numbers.
#
# **You need** lessons 00 to 07.

# %%
import multiprocessing
import pickle
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Barrier, Pipe, Process, Value
from statistics import median
from threading import Thread
from time import perf_counter, sleep

import matplotlib.pyplot as plt
import psutil

# %%
from helpers.claims import claim, tell
from helpers.engines.ratios import Ratio
from helpers.measure import above, below, best_number, compare_libraries, cpu_contention, decided
from helpers.measure import find_break_even, gustafson, machine, measure_cuts, measure_pickling
from helpers.measure import not_above, scale, sweep, weigh_workers
from helpers.plots import costs as plots
from helpers.plots import plot_starts, plot_sweeps, plot_timeline, print_in_words
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.widgets import BreakEvenCalculator, ProgressBar, compare, predict

# %%
from helpers.workers import blur_image, count_primes, do_nothing, wait
from helpers.workers.children import echo, nothing, wait_here
from helpers.workers.payloads import Pixel, move_memory, pieces, same_numbers
from helpers.workers.payloads import tally_alone, tally_together
from helpers.workers.workloads import workload

# %% [markdown]
# ## A process takes longer to start than a thread
#
# We start and join one process, then one thread. Both run this function:

# %%
show(nothing)


# %%
def seconds_to_start(kind):
    began = perf_counter()
    worker = kind(target=nothing)
    worker.start()
    worker.join()
    return perf_counter() - began


def ratio(pairs):
    rounds = [first / second for first, second in pairs]
    return Ratio(median(rounds), min(rounds), max(rounds))


# %%
pairs = [(seconds_to_start(Process), seconds_to_start(Thread)) for _ in range(7)]
heavier = ratio(pairs)
tell(f"a process takes {heavier:.0f} times as long as a thread")

# %% [markdown]
# Process and thread took turns for seven rounds, and each round gives one ratio. A `Ratio` prints
# the median, and in brackets the lowest and the highest.
#
# The start method matters, too. This is the **profile** of your machine, which lesson 00 stored.
# (If it did not, it is measured now.)

# %%
profile = machine.known() or machine.profile()
ax = plot_starts(profile)
tell(*profile.in_words())

# %% [markdown]
# Spawn starts a new interpreter, which imports what the child needs. Forkserver forks a small
# interpreter, its server, and the child imports what the server lacks. Fork copies this notebook's
# interpreter, with all that it has imported. None is as quick as a thread.
#
# (In a claim's code, `decided` puts parts together as lesson 07's `judged` does, and `below` asks
# that no round was above. `unless=` is why a part may have failed, such as other programs.)

# %% tags=["claim"]
claim("C1", **decided(above(heavier, 2)))

# %% [markdown]
# > **In practice.** Don't start a process for each small task: use a pool, which pays for each
# > worker once. Run it once before you measure.

# %% [markdown]
# ## A process needs more memory than a thread
#
# Processes can share pages, pieces of memory of a few KiB (lesson 03). So there are three ways to
# count how much memory a process needs:
#
# - RSS counts every page that the process has in memory, including shared ones.
# - USS counts only the pages that no other process shares. They would become free if this one
#   ended.
# - **PSS**, the *proportional* set size, also counts a part of each shared page: a quarter if four
#   processes share it. Only PSS can be added up over processes, and only Linux reports it.
#
# First this notebook's RSS, then the function of a process that only waits. (A semaphore is a
# counter: `release` adds 1, and `acquire` waits until it can subtract 1.)

# %%
tell(f"this notebook's RSS: {psutil.Process().memory_info().rss / 1e6:.0f} MB")
show(wait_here)

# %%
predict("waiting-memory", "A spawned process only waits. How large is its RSS?", "MB")

# %%
context = multiprocessing.get_context("spawn")
here, leave = context.Semaphore(0), context.Event()
child = context.Process(target=wait_here, args=(here, leave))
child.start()
here.acquire()  # now the child runs
rss = psutil.Process(child.pid).memory_info().rss
leave.set()
child.join()
compare("waiting-memory", rss / 1e6, "MB")

# %% [markdown]
# Now three threads, and three processes of each start method. All are alive when measured.

# %%
weights = weigh_workers(3)
ax = plots.plot_weights(weights)
tell(*plots.weights_in_words(weights))

# %% [markdown]
# A waiting thread needs only kilobytes. A spawned process is a whole interpreter. A **forked**
# process *sees* everything that this notebook has in memory, so its RSS is large. Its USS is small,
# because the system copies a shared page only when one of the processes writes to it: copy-on-write
# (lesson 03).
#
# Don't rely on this for long. Using a Python object usually writes to its reference count (lesson
# 03). So a forked child that only *reads* objects gets, page by page, its own copies of them. The
# one large block of an array stays shared.

# %% tags=["claim"]
own = {kind: weight.uss for kind, weight in weights.items()}
unseen = "" if None not in own.values() else "this system does not report USS to this user"
thread = own.pop("thread")
claim("C2", not unseen and min(own.values()) > 2 * thread, unless=unseen)

# %% [markdown]
# > **In an interview.** "Each of your 16 workers has 2 GB of RSS. Do you need 32 GB?" A weak answer
# > says yes. A strong one asks what is shared, looks at PSS or USS, and knows why shared pages of
# > forked Python processes don't stay shared.

# %% [markdown]
# ## The number of objects decides what pickling costs
#
# What you send to another process is **serialized** (turned into bytes) with `pickle`, copied
# through a pipe, and **rebuilt** as a new object. We pickle and rebuild the same 20,000 numbers in
# five forms: bytes, a NumPy array, a list, a dict, and a list of 20,000 objects of this class
# (`@dataclass` writes its `__init__`):

# %%
show(Pixel)


# %%
def seconds_both_ways(value):
    began = perf_counter()
    pickle.loads(pickle.dumps(value))
    return perf_counter() - began


numbers = same_numbers(20_000)
objects, array = numbers["list of objects"], numbers["NumPy array"]
of_array = seconds_both_ways(array)
of_some = median(seconds_both_ways(objects[:200]) for _ in range(7))
tell(f"both ways: the array {1e3 * of_array:.2f} ms, 200 of the objects {1e3 * of_some:.2f} ms")
for name in ("NumPy array", "list of objects"):
    tell(f"the pickle of the {name}: {len(pickle.dumps(numbers[name])) / 1e3:.0f} kB")

# %%
predict("objects-or-array", "How many times as long does the list of objects take?", "times")

# %%
costlier = ratio((seconds_both_ways(objects), seconds_both_ways(array)) for _ in range(7))
compare("objects-or-array", costlier.median, "times")

# %%
sent = measure_pickling(numbers)
ax = plots.plot_pickling(sent)
tell(*plots.pickling_in_words(sent))

# %% [markdown]
# The text at each bar is the size of the pickle. It does not explain the time: *list of int* is
# smaller than the array, as pickle has a short form for small numbers, yet it takes longer. What
# costs is the **number of objects**: pickle must look at each one, write it, read it, and create it
# again. Objects of your own classes cost most. An array is one object.
#
# Does the other process get the same object, or a copy? This child sends back what it gets (`:=`
# assigns inside an expression):

# %%
show(echo)

# %%
here, there = Pipe()
child = Process(target=echo, args=(there,))
child.start()
here.send(array)
returned = here.recv()
here.send(None)
child.join()
same_values = bool((returned == array).all())
print("the same values:", same_values, "  the same object:", returned is array)

# %% tags=["claim"]
rebuilt = same_values and returned is not array
claim("C3", **decided(rebuilt, above(costlier, 3)))

# %% [markdown]
# > **In practice.** Send what a worker needs to *find* the data (a path, a range, a key) instead
# > of the data. If data must travel, send few large blocks, such as bytes and arrays, or share
# > memory (lesson 05). Return small results.

# %% [markdown]
# ## Workers wait for messages, and for one another
#
# A worker that waits for its next task is **idle**. A pool can send several tasks in one message, a
# chunk. Here, `pieces` cuts 8,000 numbers into 400 short tasks for two workers.


# %%
def seconds_in_loop(tasks):
    began = perf_counter()
    list(map(count_primes, tasks))
    return perf_counter() - began


tasks = pieces(8_000, 400)
of_all = median(seconds_in_loop(tasks) for _ in range(7))
tell(f"in a loop, a task takes {of_all / 400 * 1e6:.0f} µs")

# %% [markdown]
# `measure_cuts` (lesson 06) sends 1 to 400 of them in a message, in turns, to the same running
# workers. This process sends all messages, one by one. (Lesson 07 timed 3,000 empty tasks.)

# %%
predict("idle-one-by-one", "One task in each message: how long are the workers idle?", "%")

# %%
cuts = {str(size): (tasks, size) for size in (1, 4, 20, 100, 200, 400)}
runs = measure_cuts(count_primes, cuts, progress=ProgressBar("chunks"))
by_size = {int(size): run for (engine, size), run in runs.items()}
compare("idle-one-by-one", 100 * by_size[1].idle_share, "%")

# %%
ax = plots.plot_idle(by_size)
tell(*plots.idle_in_words(by_size))

# %% [markdown]
# Both ends of the line are bad, for different reasons. To see why, we draw 20 longer tasks: above
# with one task in each message, below with all 20 in one. Hatched means idle.

# %%
few = pieces(2_000, 20)
drawn = measure_cuts(count_primes, {"one by one": (few, 1), "all in one": (few, 20)})
figure, axes = plt.subplots(2, 1, sharex=True, figsize=(6.6, 4.6), layout="constrained")
one_by_one, all_in_one = drawn.values()
ax = plot_timeline(one_by_one, axes[0])
ax = plot_timeline(all_in_one, axes[1])
ax = axes[0].set(xlabel="", xlim=(0, max(one_by_one.wall, all_in_one.wall)))
tell("one by one: " + "; ".join(one_by_one.idle_in_words()))
tell("all in one: " + "; ".join(all_in_one.idle_in_words()))

# %% [markdown]
# Above, the workers wait for **messages**: after each task there is a gap. Below, there are no
# gaps, but one worker has all the tasks. The other one is idle until **that worker** has finished.
# The best sizes are between the two. With equal tasks, one message for each worker can be enough.

# %%
gain = by_size[20].speedup_range(by_size[1])
tell(f"20 tasks in a message are {gain} times as fast as one task in a message")
print("all tasks in one message: processes that worked:", len(by_size[400].processes))

# %% tags=["claim"]
one_worked = len(by_size[400].processes) == 1
claim("C4", **decided(one_worked, above(gain, 1.5)))

# %% [markdown]
# > **In practice.** `Pool.map` makes at most four chunks for each worker. `executor.map` sends one
# > task in each message unless you pass `chunksize`. Let a message carry at least some milliseconds
# > of work. Uneven tasks need smaller chunks, so that no worker is left alone with the long ones.

# %% [markdown]
# ## Below a certain size, a task does not pay off
#
# A loop over *m* tasks of *t* seconds takes *m × t*. A pool of *n* workers takes
#
# *n × start + m × message + m × t / n*
#
# The **break-even** is the task size at which both take the same time. If the workers are already
# running, *start* is 0. Set both times equal, and solve for *t*:
#
# *t = message × n / (n − 1)*
#
# So with two workers, a task has to be twice as long as a message. How long is that? (The profile
# above has the time of a short message and its answer.)

# %%
predict("break-even", "Tasks are sent one by one to 2 workers. Which size breaks even?", "µs")

# %% [markdown]
# Here, a message is everything that an executor does for one task. Measure it with tasks that do
# nothing:


# %%
def seconds_for_a_task(executor):
    began = perf_counter()
    list(executor.map(do_nothing, range(300)))
    return (perf_counter() - began) / 300


with ProcessPoolExecutor(2) as executor:
    seconds_for_a_task(executor)  # the first call also starts the workers
    message = median(seconds_for_a_task(executor) for _ in range(7))
tell(f"a message takes {message * 1e6:.0f} µs: break-even at {2 * message * 1e6:.0f} µs")

# %% [markdown]
# Now the experiment: a loop and two processes do tasks of eight sizes, in turns.

# %%
found = find_break_even(progress=ProgressBar("task sizes"))
by_pipe = 2 * profile.round_trip
ax = plots.plot_break_even(found, {"by the executor": 2 * message, "by a pipe": by_pipe})
tell(*plots.break_even_in_words(found))
if found.at is not None:
    compare("break-even", found.at * 1e6, "µs")

# %% [markdown]
# Left of where the line crosses 1, two processes are slower than a loop. Larger tasks, or more
# tasks in a message, help. (If the line never reaches 1, they did not have two free cores.)
#
# A formula is as good as its numbers. The profile's message only goes through a pipe, so with its
# time the break-even is too small. An executor does more for each task: one thread takes it, a
# second one pickles and sends it, and the first one receives the result. Each measured task also
# sends back its times. The formula adds up starting, sending and computing. In fact they overlap if
# a core is free, and if none is, the main process takes time away from the workers.

# %% tags=["claim"]
reason = found.contention or found.undecided()
if machine.usable_cores() == 1:
    reason = "this process may use one core only"
claim("C5", found.crosses, unless="" if found.crosses else reason)

# %% [markdown]
# ## The serial part limits the speedup
#
# Most programs have a part that can't be divided: reading a file, merging results. Call its share
# *s*. Only the rest is divided among *n* workers. **Amdahl's law** gives the speedup:


# %%
def amdahl(workers, serial):
    return 1 / (serial + (1 - serial) / workers)


# %%
predict("amdahl", "A quarter is serial. What is the speedup of 1,000 workers?", "times", high=1_000)

# %%
compare("amdahl", amdahl(1_000, 0.25), "times")
for serial in (0.05, 0.25, 0.5):
    print(f"{serial:4.0%} serial, 1,000 workers: {amdahl(1_000, serial):4.1f} times as fast")

# %% [markdown]
# The limit is 1 / *s*: a quarter serial allows a speedup of 4, with any number of workers. You can
# test the law with a program whose *s* is known. Of 32 equal tasks, this process does the first *k*
# in a loop, and then the workers do the others: *s* is *k* / 32. We take *k* = 0, 8 and 16, and in
# the same rounds measure the machine's **ceiling** (lesson 07). `scaled.walls[8, 2]` has the
# seconds of all rounds with *k* = 8 and 2 workers.

# %%
predict("quarter-serial", "A quarter is serial: how many times as fast are 2 workers?", "times")

# %%
bar = ProgressBar("serial shares")
scaled = scale(count_primes, pieces(19_200, 32), serial=(0, 8, 16), workers=(2, 4), progress=bar)
quarter = ratio(zip(scaled.walls[8, 2], scaled.walls[0, 2]))
half = ratio(zip(scaled.walls[16, 2], scaled.walls[8, 2]))
compare("quarter-serial", scaled.speedup(8, 2), "times")
tell(f"a quarter serial takes {quarter} times as long as nothing serial")
tell(f"half of it serial takes {half} times as long as a quarter")

# %%
ax = plots.plot_scaling(scaled)
tell(*plots.scaling_in_words(scaled))

# %% [markdown]
# The thin lines are the law, computed from *s* alone (dotted: *s* = 0). On a quiet machine, the
# points lie on them or below. Where they are clearly below, messages take time, or the **machine**
# (the black line) limits the speedup, as with more workers than cores. (*Amdahl under the ceiling*
# is the law with the ceiling in place of *n*; *held back by* names what costs most besides the
# divided work.) The dashed line also counts the start of the workers. Beyond its top, another
# worker costs more time than it saves. If starting is slow, the top is at one worker.

# %% tags=["claim"]
of_the_law = [scaled.of_the_law(k, n) for k in (0, 8, 16) for n in (2, 4)]
bounded = [not_above(ratio, 1.1) for ratio in of_the_law]
slower = above(quarter, 1.05), above(half, 1.05)
claim("C7", **decided(*bounded, *slower, unless=scaled.no_room(2)))

# %% [markdown]
# > **In an interview.** "A program is 10 % serial. How fast is it on 8 cores?" A weak answer is 8,
# > or 7.2. The law gives 1 / (0.1 + 0.9 / 8) = 4.7. A strong answer goes on: what the 10 % are,
# > what start and messages add, and that the machine's own ceiling has to be measured, because
# > cores share memory and power.

# %% [markdown]
# ## Choose by measuring
#
# Take a sample of the real work. Do it in a plain loop, with threads and with processes, in turns.
# Of those within 20 % of the fastest time, choose the cheapest. Three samples: 20 large tasks, each
# tests 1,000 numbers; 300 tiny ones, each tests 2; and 10 waits of 0.01 s. There are two workers.

# %%
predict("choose-processes", "For how many of the three do we choose processes?", "of 3", high=3)

# %%
samples = {
    "computes": (count_primes, pieces(20_000, 20)),
    "computes, tiny tasks": (count_primes, pieces(600, 300)),
    "waits": (wait, [0.01] * 10),
}
engines = ("plain loop", "threads", "processes")  # the cheapest first
trials = {
    name: measure_cuts(worker, {name: (tasks, 1)}, engines)
    for name, (worker, tasks) in samples.items()
}


# %%
def choose(walls):
    fast_enough = 1.2 * min(walls.values())
    candidates = [engine for engine in engines if walls[engine] < fast_enough]
    return candidates[0]


chosen = []
for name, runs in trials.items():
    walls = {engine: run.wall for (engine, _), run in runs.items()}
    chosen.append(choose(walls))
    seconds = ", ".join(f"{engine} {wall * 1e3:.0f} ms" for engine, wall in walls.items())
    tell(f"{name}: {seconds}; choose: {chosen[-1]}")
compare("choose-processes", chosen.count("processes"), "of 3")


# %%
def times_as_long(name, engine, other):
    runs = trials[name]
    return ratio(zip(runs[engine, name].walls, runs[other, name].walls))


large = times_as_long("computes", "plain loop", "processes")
tiny = times_as_long("computes, tiny tasks", "processes", "plain loop")
waits = times_as_long("waits", "threads", "processes")
tell(f"large tasks: a loop takes {large} times as long as 2 processes")
tell(f"tiny tasks: 2 processes take {tiny:.0f} times as long as a loop")
tell(f"waiting: 2 threads take {waits} times as long as 2 processes")

# %% [markdown]
# With the same function, two processes win at large tasks if two cores are free, and lose by far at
# tiny ones. Where tasks only wait, threads are as fast, and cheaper.

# %% tags=["claim"]
busy = cpu_contention(trials["computes"]["plain loop", "computes"])
computes = above(large, 1.2), above(tiny, 1), below(waits, 1.2)
claim("B1", **decided(*computes, unless=scaled.no_room(2) or busy))

# %% [markdown]
# ## Before and after, with the ceiling
#
# Report a speedup with two other numbers: what the program took before, and what is possible on
# this machine. Here we blur 24 pictures of 120 × 120 pixels, in a loop and with two processes.

# %%
tasks, bar = workload("blur").tasks(24, 120), ProgressBar("pictures")
pictures = sweep(blur_image, tasks, engines=("processes",), workers=(2,), progress=bar)
blurred = pictures.speedup_range("processes", 2)
before, after = pictures.baseline, pictures.run("processes", 2)
tell(f"before {before.wall:.3f} s, after {after.wall:.3f} s: {blurred} times as fast")
tell(f"that is {pictures.of_ceiling('processes', 2):.0%} of this machine's ceiling")
tell(f"not counted: starting the two workers took {after.startup:.3f} s")
tell(*pictures.disturbed())

# %%
predict("start-repaid", "After how many pictures is starting the workers repaid?", "pictures")

# %%
saved = (before.wall - after.wall) / 24
if saved > 0:
    compare("start-repaid", after.startup / saved, "pictures")

# %% [markdown]
# What pays for the start is not the time of a picture, but what the workers *save* of it. With
# fewer pictures, or without a gain, the loop is the better program.

# %% tags=["claim"]
reason = pictures.no_room(2) or cpu_contention(before)
claim("B3", **decided(above(blurred, 1.15), above(tiny, 1), unless=reason))

# %% [markdown]
# > **In practice.** First find out where the time goes, and make the loop faster. Measure one
# > task, and let the formula say whether processes can pay off. Count the cores that you may use
# > (*How many workers?* below). Compare with the ceiling, and stop when you are near it.
# >
# > **In an interview.** "We moved it to 16 processes and it got slower. Why?" A weak answer says
# > *overhead*. A strong one asks for four numbers: the seconds and the bytes of a task, the time to
# > start, and the cores that the program may use.

# %% [markdown]
# **You can now**
#
# - say what a process, a message and each kind of object cost on this machine;
# - compute the smallest task that pays off, and check by measuring how good the formula was;
# - compare a speedup with the law and with the ceiling, and say which of them limits it;
# - choose a tool by numbers, and report a gain that others can check.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Try it: the formula for a program of yours
#
# Set the size of a task, how many tasks there are, how many workers, how many bytes each task
# carries, and the start method. The line is what the formula predicts from your profile, with no
# more workers computing than you have cores. It adds one part: all bytes times the seconds for a
# byte, which the cell measures. **Run** measures the program once.

# %%
BreakEvenCalculator()

# %% [markdown]
# Find a task size at which 2 workers lose with 10 tasks and win with 1,000. Then find the number of
# bytes at which tasks of 1 ms stop paying off. Which cost was it in each case?
#
# > **Elsewhere.** Costs depend on the version and the system. In a script with several imports on
# > our Linux machine, an empty child of the fork server took 21 ms with Python 3.13.0 and 3 ms with
# > 3.14.10: from 3.13.8 and 3.14.1 on, the server imports the main module once, for all children.
# > (A notebook has none to import.) Windows and macOS use spawn by default: a new interpreter each
# > time.

# %% [markdown]
# ### The same work, cut in ten ways
#
# Here the work stays the same and only the cut changes: from 2 large tasks to 1,024 small ones, one
# task in each message. In a loop, the cut hardly matters:

# %%
for count in (16, 1_024):
    of_all = median(seconds_in_loop(pieces(6_000, count)) for _ in range(7))
    tell(f"{count} tasks in a loop: {of_all * 1e3:.0f} ms")

# %%
predict("many-small", "How many times as long as 16 tasks do 1,024 tasks take?", "times")

# %%
counts = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024)
ways = {str(count): (pieces(6_000, count), 1) for count in counts}
both = ("plain loop", "processes")
cut = measure_cuts(count_primes, ways, both, progress=ProgressBar("ten cuts"))
chatty = ratio(zip(cut["processes", "1024"].walls, cut["processes", "16"].walls))
compare("many-small", chatty.median, "times")

# %%
by_count = {count: cut["processes", str(count)] for count in counts}
loop = cut["plain loop", "2"]
ax = plots.plot_cuts(by_count, loop)
tell(*plots.cuts_in_words(by_count, loop))

# %% [markdown]
# The line is about flat while a task is long compared with a message. Then the time grows with the
# number of messages, and soon the loop is faster. On the flat part, the exact number does not
# matter. Few tasks are a loss only if some take longer than others, or if the workers can't share
# them evenly: two workers, three tasks.

# %% [markdown]
# ### A total that all workers update
#
# Small messages are one way to communicate too much. Another is a **shared** number that every
# worker keeps up to date. Two workers count to 100,000 each. In the first program, they add 1 to
# a shared total each time, under its lock. In the second, each one counts alone and adds its sum
# once:

# %%
show(tally_together)

# %%
show(tally_alone)


# %%
def seconds_alone(tally):
    began = perf_counter()
    tally(range(100_000), Value("q", 0), Barrier(1))
    return perf_counter() - began


lock_alone = ratio((seconds_alone(tally_together), seconds_alone(tally_alone)) for _ in range(7))
tell(f"only one worker, this notebook: {lock_alone:.0f} times as long with the lock each time")

# %% [markdown]
# There, the lock was always free. Now two workers count at the same time, each to 100,000 again.

# %%
predict("shared-total", "TWO workers: how many times as long does the first program take?", "times")


# %%
def seconds_to_tally(tally):
    start = Barrier(3)
    pair = [Process(target=tally, args=(range(100_000), total, start)) for _ in range(2)]
    for process in pair:
        process.start()
    while start.n_waiting < 2:  # until both workers are at the barrier
        sleep(0.001)
    began = perf_counter()
    start.wait()  # it opens
    for process in pair:
        process.join()
    return perf_counter() - began


# %%
total = Value("q", 0)
turns = [(seconds_to_tally(tally_together), seconds_to_tally(tally_alone)) for _ in range(7)]
shared = ratio(turns)
compare("shared-total", shared.median, "times")
print("the total is right:", total.value == 14 * 200_000)

# %% [markdown]
# Both programs are right. In the first, a worker takes the lock for each step, and often waits for
# it. (Both times include the end of the processes. Without it, the ratio would be higher.) **One
# result for each worker, merged once**, is nearly always the cure.

# %% tags=["claim"]
right = total.value == 14 * 200_000
slower = above(chatty, 1.5), above(shared, 2)
claim("C6", **decided(right, *slower, unless=cpu_contention(loop)))

# %% [markdown]
# ### How many workers?
#
# For computing, as many as cores **that you may use**. Which count is that? This program limits
# itself to one core where the system allows it, and prints what different functions say. Some of
# them ask about the machine, others about this process.

# %%
show("how_many.py")

# %%
predict("lines-of-one", "How many of its lines say 1?", high=5)

# %%
report = run_safely("how_many.py", limit=60)
print(report.verdict)
tell(*report.output.splitlines())
counts = [int(line.split()[-1]) for line in report.output.splitlines()]
compare("lines-of-one", counts.count(1))

# %% [markdown]
# `os.cpu_count()` counts the cores of the machine, and so does `multiprocessing.cpu_count()`. On
# Linux, `os.process_cpu_count()`, new in Python 3.13, respects the **affinity**: the cores that
# this process may run on. (On Windows and macOS it is the same as `os.cpu_count()`.) From 3.13 on,
# this is the default size of process pools; before, `os.cpu_count()` was. Neither knows the CPU
# limit of a **container** (a closed-off part of the system), such as Docker's `--cpus=1.5`, so a
# pool there starts too many workers. `loky.cpu_count()` knows affinity and limit. From 3.13 on, you
# can also set the number by hand, in the variable `PYTHON_CPU_COUNT`.

# %% [markdown]
# ### The law fitted to your points, and Gustafson's law
#
# In a program of your own you don't know *s*. But you can fit it: which *s* explains the measured
# points best, if the ceiling takes the place of *n*?

# %%
for serial in scaled.serials():
    tell(f"kept serial: {scaled.share(serial):.0%}, fitted: {scaled.fitted(serial):.0%}")
for name, share in scaled.terms(8, 2).items():
    tell(f"2 workers, a quarter serial: {share:.0%} of the loop's time is {name}")
tell(f"apart from the divided work, most of it is: {scaled.holds_back(8, 2)}")

# %% [markdown]
# Each part has a different cure. For the **serial part**: divide more of the program. For the
# **machine**: more cores, or fewer workers. For **messages**: larger tasks. (What the other parts
# don't explain counts as messages, and so does noise.) The fit can't tell messages from a serial
# part. Made from only one or two numbers of workers, it is rough, and on a busy machine it is worth
# nothing. (Made from one, with *n* in place of the ceiling, it is the Karp–Flatt metric.)
#
# Amdahl's law is about the same work in less time: **strong scaling**. **Gustafson's law** is about
# *more* work in the same time: **weak scaling**. If *n* workers get *n* times as much divided work,
# the serial part matters less and less. Compared with a loop over the grown work, the speedup is
# *s* + (1 − *s*) × *n*, where *s* is the serial share of the time on *n* workers.

# %%
tell(f"the same work, a quarter serial, 2 workers: {scaled.speedup_range(8, 2)} times as fast")
tell(f"twice the divided work: {scaled.scaled_range(8, 2)}; Gustafson: {gustafson(2, 0.25):.2f}")
start = scaled.starts[2] / 2 / scaled.loop  # of one worker, as a share of the loop
tell(f"start counted, on a machine with any number of cores: {best_number(0, start):.1f} workers")

# %% [markdown]
# The last number is where the dashed line above is highest (the picture may end before that):
# √(1 / `start`), at least 1. It ignores your cores, so the best number of workers is the smaller of
# this and theirs.

# %% [markdown]
# ### Cores share their memory
#
# A ceiling can be lower than the number of cores. Processes share the machine, and above all its
# **memory bandwidth**: the bytes a second that memory can move. Here each task copies one array of
# 32 MB to another, almost without computing. If one core alone already used all of the bandwidth,
# a second one would gain nothing; if it used less than half, two could gain as much as at blurring.

# %%
show(move_memory)

# %%
predict("copying", "How many times as fast as one loop do 2 processes copy arrays?", "times")

# %%
bar = ProgressBar("copying")
copying = sweep(move_memory, [32] * 8, engines=("processes",), workers=(2,), progress=bar)
compare("copying", copying.speedup("processes", 2), "times")

# %%
ax = plot_sweeps({"blurring": pictures, "copying": copying})
print_in_words(pictures, copying)

# %% [markdown]
# Blurring is computing, and moves little data. If copying gains clearly less (the colored bars
# don't overlap), one core already uses a good part of the bandwidth, and more workers wait for
# their turn. Only moving less memory helps.

# %% [markdown]
# ### Threads inside processes
#
# For large matrix products (`@`), NumPy calls a **BLAS** library, which starts a thread for each
# core by itself. If you also start a process for each core, there are *cores × cores* threads that
# compete for the cores: **oversubscription**. The cure is `OPENBLAS_NUM_THREADS=1` (or
# `OMP_NUM_THREADS`, `MKL_NUM_THREADS`), set before NumPy is imported.

# %%
show("blas_threads.py")

# %%
cores = min(machine.usable_cores(), 4)
for threads in ("its own", "one"):
    report = run_safely("blas_threads.py", threads, cores, limit=60)
    print(f"BLAS takes {threads}:", report.verdict)
    tell(*report.output.splitlines())

# %% [markdown]
# With as many workers as cores, one thread in each keeps all cores busy. joblib and Dask limit
# these threads for their workers; the pools of the standard library don't. (On macOS, NumPy may use
# Apple's Accelerate, which ignores these variables: then both runs have the same number.)

# %% [markdown]
# ### What would you pick instead?
#
# There are other tools than the standard library's two pools: **mpire**, **loky**, **joblib**,
# **Dask**. Here three tools do 400 tiny tasks. By default, `Pool.map` sends them in 8 messages
# (lesson 06), `ProcessPoolExecutor` in 400, and joblib decides by itself. Each tool has an
# interpreter and two running workers of its own, and they take turns.

# %%
of_all = median(seconds_in_loop(pieces(4_000, 400)) for _ in range(7))
tell(f"in a loop, the 400 tasks take {of_all * 1e3:.0f} ms")
tell(f"a message of an executor takes {message * 1e6:.0f} µs")

# %%
predict("tools-apart", "How many times as long as the fastest tool does the slowest take?")

# %%
bar, tools = ProgressBar("three tools"), ("Pool", "ProcessPoolExecutor", "joblib")
compared = compare_libraries(works=("tiny tasks",), tools=tools, progress=bar)
slowest = max(compared.ratio("tiny tasks", tool) for tool in compared.tools)
compare("tools-apart", slowest, "times")

# %%
ax = plots.plot_libraries(compared)
tell(*compared.in_words())
tell(*compared.advice())

# %% [markdown]
# What differs most is **how many messages they send**, and how they wait for results (*polling* is
# asking again and again).
#
# In the course's folder, `python -m tools.benchmarks.libraries` compares all six tools at four
# kinds of work: also tiny tasks in chunks of 50, uneven tasks, and large arrays. Its advice is
# computed from the numbers: a tool beats `ProcessPoolExecutor` only if its slowest round was faster
# than that executor's fastest.
#
# Tools also differ in how they send arrays. Pickle's protocol 5 (a version of its format) can send
# large blocks without copying them into the pickle (*out-of-band*). Dask uses that; joblib's
# workers read large arrays from a file. `multiprocessing` does neither, and up to Python 3.13 it
# uses protocol 4.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
