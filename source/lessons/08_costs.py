# %% [markdown]
# Processes are not free. They cost time to start, memory to live, messages to talk, and your time
# to think about. This lesson measures each of these costs on your machine, puts them into one small
# formula, and lets you decide with it.
#
# **You will be able to**
#
# - say what a worker costs here: its start, its memory, each message, each kind of object;
# - compute the smallest task that pays, and check it by measuring;
# - read a speedup against the ceiling and Amdahl's law, and say which of the two bounds it;
# - choose a tool for the work at hand by numbers.
#
# **You need** lessons 00 to 07.

# %%
import multiprocessing
from multiprocessing import Barrier, Process, Value
from statistics import median
from threading import Thread
from time import perf_counter

# %%
from helpers.workers import children, payloads
from helpers.measure import cost_model, machine
from helpers.plots import costs as plots
from helpers.claims import claim, tell
from helpers.measure import compare_libraries
from helpers.measure.chunking import cpu_contention, find_break_even, measure_cuts, median_gap
from helpers.measure import measure_pickling
from helpers.plots import plot_starts, plot_sweeps, plot_timeline, print_in_words
from helpers.measure import weigh_workers
from helpers.widgets import BreakEvenCalculator, ProgressBar, compare, predict

# %%
from helpers.measure import measure, sweep
from helpers.runner import run_safely
from helpers.measure import best_number, gustafson, scale
from helpers.workers import blur_image, count_primes, wait
from helpers.workers.workloads import workload

one_core = "" if machine.usable_cores() > 1 else "this process may use one core only"
no_gil = "" if machine.has_gil() else "this Python runs without a GIL"

# %% [markdown]
# ## A worker costs before it does anything
#
# Lesson 00 measured what it takes to start and join one thread, and one process by each start
# method. That **profile** of your machine was kept. If you have not run lesson 00 here, it is
# measured now. Before you look: think of a program that starts a new process for every task.

# %%
predict("starts-a-second", "How many processes can be started and joined here in a second?")

# %%
profile = machine.known() or machine.profile()
tell(*profile.in_words())
compare("starts-a-second", 1 / profile.starts[machine.default_start_method()])

# %%
ax = plot_starts(profile)

# %% [markdown]
# At so many starts a second, a process for each small task is a plan that can't work. That is why
# pools exist: they pay for each worker once. The numbers are of the day on which they were
# measured, so here is the comparison once more, both kinds in turns.


# %%
def seconds_to_start(kind) -> float:
    began = perf_counter()
    worker = kind(target=children.nothing)
    worker.start()
    worker.join()
    return perf_counter() - began


pairs = [(seconds_to_start(Thread), seconds_to_start(Process)) for _ in range(7)]
of_thread, of_process = (median(times) for times in zip(*pairs))
tell(f"a process takes {of_process / of_thread:.0f} times as long as a thread")
claim("C1", of_process > 2 * of_thread)

# %% [markdown]
# ## A worker costs memory
#
# How much memory does a process take? There are three answers, since memory is handed out in pages,
# pieces of a few KiB, and processes can **share** a page. **RSS** counts every page that the
# process has in memory, shared ones too. **USS**, the *unique* set size, counts those that only
# this process has: what would be free if it ended. **PSS**, the *proportional* set size, adds its
# part of the shared ones: a page that four processes share counts as a quarter for each. Only PSS
# may be summed up, and only Linux tells it.

# %%
predict("own-memory", "How many MB of its own (USS) does a spawned child take that waits?", "MB")

# %%
weights = weigh_workers(3)
if weights["spawn"].uss is not None:
    compare("own-memory", weights["spawn"].uss / 1e6, "MB")
tell(*plots.weights_in_words(weights))

# %%
ax = plots.plot_weights(weights)

# %% [markdown]
# Three of each kind were alive while they were weighed. A thread takes some kilobytes of what its
# process has. A spawned process is a whole interpreter. A **forked** one *sees* all that this
# notebook has, so its RSS is large; its USS is small, because a page is copied only when one of the
# two writes to it. That is **copy-on-write** (lesson 03 tries it, below its end).
#
# Don't rely on it for long. A Python object carries its own count of references, and to use the
# object is to write to that count (a few, such as `None`, have been exempt since Python 3.12). So
# pages that a child only *reads* from become its own, one by one.

# %%
thread = weights.pop("thread")
unseen = "" if thread.uss is not None else "this system does not tell USS"
unseen = unseen or ("" if weights["spawn"].uss is not None else "USS needs a privileged user here")
own = [one.uss or 0 for one in weights.values()]
claim("C2", min(own) > 2 * (thread.uss or 0), unless=unseen)

# %% [markdown]
# ## Passing data costs, and the kind of object decides how much
#
# What goes to a process is **serialized** (pickled to bytes), copied, and **rebuilt** as a new
# object. Here are the same 20,000 numbers as bytes, as a NumPy array, a list, a dict, and a list of
# small objects of a class.

# %%
predict(
    "objects-or-array",
    "How many times as long as the array does the list of objects take, both ways?",
    "times",
)

# %%
numbers = payloads.same_numbers(20_000)
sent = measure_pickling(numbers, rounds=5)
objects, array = sent["list of objects"], sent["NumPy array"]
compare("objects-or-array", objects.seconds / array.seconds, "times")

# %%
ax = plots.plot_pickling(sent)
tell(*plots.pickling_in_words(sent))

# %% [markdown]
# The text at each bar is the size. It does not explain the time: the list is *smaller* than the
# array, since pickle has a short form for small numbers, and takes far longer. What costs is the
# **number of objects**: each is looked at, written, read and built anew. An array is one object
# with one block of memory. Pickle's protocol 5 can even hand such blocks over apart from the pickle
# (*out-of-band*), so that they need not be copied into it.

# %%
here, there = multiprocessing.Pipe()
echo = Process(target=children.echo, args=(there,))
echo.start()
original = numbers["NumPy array"]
here.send(original)
returned = here.recv()
here.send(None)
echo.join()

same = bool((returned == original).all())
print("the same values:", same, "  the same object:", returned is original)
claim("C3", same and returned is not original and objects.seconds > 3 * array.seconds)

# %% [markdown]
# > **In practice.** Send what is needed to *find* the data (a path, a range, a key) instead of the
# > data. If data must travel, send few large blocks: bytes, arrays. If many workers need the same
# > array, share its memory (lesson 05).

# %% [markdown]
# ## Workers wait for messages, and for one another
#
# A worker that has sent its result waits until the next task comes. If tasks are short, it waits
# most of the time. So pools can send several tasks in one message: the **chunk size**. Here are 400
# tasks of some 50 µs each for two workers. Between two tasks they are **idle**.

# %%
predict("idle-one-by-one", "One task in a message: what share of their time are workers idle?", "%",
        high=100)  # fmt: skip

# %%
tasks = payloads.pieces(8_000, 400)
cuts = {str(size): (tasks, size) for size in (1, 4, 20, 100, 200, 400)}
runs = measure_cuts(count_primes, cuts, progress=ProgressBar("chunks"))
by_size = {int(size): run for (_, size), run in runs.items()}
compare("idle-one-by-one", 100 * by_size[1].idle_share, "%")

# %%
ax = plots.plot_idle(by_size)
tell(*plots.idle_in_words(by_size))

# %% [markdown]
# The line has two ends, and both are bad. On the left, workers wait for **messages**. On the right
# they wait for **one another**: with all 400 tasks in one message, one worker has everything and
# the other has nothing. The bottom is where each worker gets a handful of messages. Look at both
# ends: the hatched part is waiting. The second picture has one lane, since one worker did it all.

# %%
ax = plot_timeline(by_size[1])
print_in_words(by_size[1])

# %%
ax = plot_timeline(by_size[400])
print_in_words(by_size[400])

# %% [markdown]
# Seconds mislead where other programs use the machine, too. Two things don't: the **median** wait
# of a worker from one task to its next, and the number of processes that had work at all.

# %%
for size in (1, 20):
    wait_for_next = median_gap(by_size[size]) * 1e6
    tell(f"{size} tasks in a message: {wait_for_next:.0f} µs from one task to the next")
print("all in one message: processes that worked:", len(by_size[400].processes))
claim(
    "C4",
    median_gap(by_size[1]) > 4 * median_gap(by_size[20]) and len(by_size[400].processes) == 1,
)

# %% [markdown]
# > **In practice.** `Pool.map` cuts the tasks into four chunks for each worker;
# > `ProcessPoolExecutor.map` sends them one by one unless you pass `chunksize`. Uneven tasks need
# > smaller chunks, so that nobody is left alone with the long ones.

# %% [markdown]
# ## The smallest task that pays
#
# Put the costs together. A loop over *m* tasks of *t* seconds takes *m × t*. A pool of *n* workers
# takes
#
# *n × start + m × message + m × t / n*
#
# The two are equal at the **break-even** size of a task:
#
# *t = (n × start / m + message) × n / (n − 1)*
#
# Your profile has a start and a message, there and back. So before measuring anything, the formula
# can say from which task size on two workers that stand ready beat a loop.

# %%
by_profile = cost_model.from_profile(profile)
says_profile = by_profile.warm().break_even(tasks=1_000, workers=2)
tell(f"the profile says: tasks of {says_profile * 1e6:.0f} µs break even")

# %%
predict("break-even", "From how many µs on does a task pay, sent alone to one of 2 workers?", "µs")

# %% [markdown]
# And now the experiment: tasks of several sizes, sent one by one, by a loop and by two processes in
# turns. Where does the line cross 1?

# %%
found = find_break_even(progress=ProgressBar("task sizes"))
if found.at is not None:
    compare("break-even", found.at * 1e6, "µs")
tell(*plots.break_even_in_words(found))

# %% [markdown]
# The profile's message is one short number through a bare pipe. A task of an executor is more: a
# function and arguments are pickled, a thread hands them to a queue, a lock is taken, the result
# comes back through another queue, and a thread wakes up to file it. So measure *that*: an executor
# with tasks that do nothing.

# %%
message = cost_model.task_seconds()
by_executor = cost_model.Costs(start=0.0, task=message, byte=0.0, cores=profile.cores)
says_executor = by_executor.break_even(tasks=1_000, workers=2)
tell(
    f"a task of an executor: {message * 1e6:.0f} µs; the pipe's: {profile.round_trip * 1e6:.0f} µs",
    f"with it the formula says {says_executor * 1e6:.0f} µs",
)

# %%
ax = plots.plot_break_even(found, {"by the pipe": says_profile, "by the executor": says_executor})

# %% [markdown]
# Three lines, one question. A formula is as good as the number that you put into it; the measured
# line is the judge. The formula also takes sending and working one after the other, while in truth
# they overlap when a core is free for the sender.

# %%
pays = found.crosses
claim("C5", pays, unless="" if pays else one_core or found.contention)

# %% [markdown]
# ## The calculator
#
# The same formula, for your own program. Move the sliders: how long is a task, how many are there,
# how many workers, how many bytes does each task carry, which start method? The line is the
# prediction from the profile, start of the workers included. **Run** measures it.

# %%
BreakEvenCalculator()

# %% [markdown]
# Find these with it: a task size at which 2 workers lose with 10 tasks and win with 1,000; the
# number of bytes at which a task of 1 ms stops paying. Which of the costs was it?

# %% [markdown]
# ## What stays serial bounds the rest
#
# Most programs have a part that can't be divided: reading a file, merging results. Call its share
# *s*. **Amdahl's law** says what *n* workers make of it: 1 / (*s* + (1 − *s*) / *n*). With *s* =
# 25 % no number of workers gets beyond 4.
#
# That can be tried with a program whose *s* is known. Of 32 equal tasks, the first *k* are done in
# a loop here, the others by workers that stand ready: *s* is *k* / 32. For *k* = 0, 8 and 16, and
# beside them independent interpreters: the machine's **ceiling**, as in lesson 07.

# %%
predict("quarter-serial", "A quarter is serial: how many times as fast are 2 workers?", "times",
        high=100)  # fmt: skip


# %%
def bounded(found) -> bool:
    return all(
        found.speedup_range(serial, n).lowest < 1.1 * found.expected(serial, n)
        for serial in found.serials()
        for n in found.counts()
    )


def law_seen(found) -> bool:
    none, quarter, half = (found.speedup(serial, 2) for serial in (0, 8, 16))
    return none > 1.08 * quarter > 1.08**2 * half and bounded(found)


# %%
scaled = scale(
    count_primes, payloads.pieces(32 * 1_200, 32), serial=(0, 8, 16), workers=(2, 4), grow=(8,),
    progress=ProgressBar("serial shares"),
)  # fmt: skip
compare("quarter-serial", scaled.speedup(8, 2), "times")

# %%
ax = plots.plot_scaling(scaled)
tell(*plots.scaling_in_words(scaled))

# %% [markdown]
# The thin lines are the law, drawn from *s* alone: nothing was fitted. Points lie on them or below,
# never clearly above. Where they leave them, look at the black line: with more workers than cores
# the **machine** ends before the law does. The dashed line pays for the start of the workers, too:
# it has a top, and beyond it another worker costs more than it brings.

# %%
claim("C7", law_seen(scaled), unless="" if law_seen(scaled) else scaled.no_room(2))

# %% [markdown]
# > **In an interview.** "A program is 10 % serial. How fast is it on 8 cores?" 1 / (0.1 + 0.9 / 8):
# > 4.7 times, not 7.2. A strong answer goes on: what the 10 % are, what start and messages add, and
# > that the machine's own ceiling was measured, since cores share memory, caches and power.

# %% [markdown]
# ## How many workers?
#
# As many as cores **that you may use**, and for computing no more. But which count is that? This
# program keeps itself to one core, where the system allows it, as a cluster's scheduler would, and
# asks around.

# %%
report = run_safely("how_many.py", limit=20)
print(report.verdict)
tell(*report.output.splitlines())

# %% [markdown]
# `os.cpu_count()` counts what is in the box. `os.process_cpu_count()`, new in Python 3.13, heeds
# the **affinity**: the cores that this process may run on. From 3.13 on, pools take it as their
# default size, and before that the whole box. Neither looks at a **container's** quota, as Docker's
# `--cpus=1.5` sets one: a pool in such a container starts too many workers. `loky.cpu_count()` does
# look, which is why this course asks it. From 3.13 on, the variable `PYTHON_CPU_COUNT` says it by
# hand.

# %% [markdown]
# ## Choose by measuring
#
# Now the whole lesson as a procedure: take a sample of the work, do it in a loop, by threads and by
# processes, in turns; take the fastest, and where two are about as fast, the one that costs less.

# %%
samples = {
    "computes": (count_primes, payloads.pieces(32 * 1_000, 32)),
    "computes, tiny tasks": (count_primes, payloads.pieces(600, 300)),
    "waits": (wait, [0.01] * 20),
}
engines = ("serial", "threads", "processes")  # the cheaper ones first


expected = {"computes": "processes", "computes, tiny tasks": "serial", "waits": "threads"}


def choose(runs) -> str:
    walls = {engine: run.wall for (engine, _), run in runs.items()}
    return next(one for one in engines if walls[one] < 1.2 * min(walls.values()))


# %%
trials = {
    name: measure_cuts(worker, {name: (tasks, 1)}, engines)
    for name, (worker, tasks) in samples.items()
}
chosen = {name: choose(runs) for name, runs in trials.items()}
for name, runs in trials.items():
    walls = {engine: f"{run.wall * 1e3:.0f} ms" for (engine, _), run in runs.items()}
    tell(f"{name}: {chosen[name]}; {walls}")
busy = cpu_contention(trials["computes"]["serial", "computes"])
right = chosen == expected
claim("B1", right, unless="" if right else one_core or no_gil or busy)

# %% [markdown]
# ## Before and after, with the ceiling
#
# A gain is a number beside two others: what it was before, and what was possible. Blur a stack of
# pictures: first the loop that you have, then two processes.

# %%
predict("pictures", "How many times as fast are 2 processes at blurring 24 pictures?", "times",
        high=100)  # fmt: skip


# %%
def gained(measured) -> bool:
    return measured.speedup("processes", 2) > 1.15


pictures = sweep(
    blur_image, workload("blur").tasks(24, 120), engines=("processes",), workers=(2,),
    progress=ProgressBar("pictures"),
)  # fmt: skip
compare("pictures", pictures.speedup("processes", 2), "times")

# %%
before, after = pictures.baseline, pictures.run("processes", 2)
saved = (before.wall - after.wall) / len(before.records)
tell(
    f"before {before.wall:.3f} s, after {after.wall:.3f} s: "
    f"{pictures.of_ceiling('processes', 2):.0%} of what this machine had to give",
    f"starting the workers took {after.startup:.3f} s: repaid after "
    f"{after.startup / saved:.0f} pictures" if saved > 0 else "nothing saved, nothing repaid",
)  # fmt: skip
worth = gained(pictures) and chosen["computes, tiny tasks"] == "serial"
claim("B3", worth, unless="" if worth else pictures.no_room(2) or cpu_contention(before))

# %% [markdown]
# Here it is worth it; for the tiny tasks above it was not, and only measuring told the two apart.
# This is a report that somebody can decide by: the gain, how far it is from the possible, and from
# how many pictures on it is worth the start. If the number of pictures is below that, the loop is
# the better program. It is also the shorter one.

# %% [markdown]
# > **In practice.** In this order: make the loop faster; measure one task; ask the formula whether
# > it can pay; choose chunks so that a message carries milliseconds of work; count the cores that
# > you may use; mind NumPy's own threads (below the end); then compare with the ceiling. Stop when
# > you are near it.
# >
# > **In an interview.** "We moved it to 16 processes and it got slower. Why?" A weak answer says
# > *overhead*. A strong one asks for four numbers: seconds of a task, bytes of a task, start-up,
# > and the cores that the container may use; and says which experiment tells each apart.
# >
# > **Elsewhere.** Costs belong to a version and a system. Starting and joining an empty child by
# > forkserver took 21 ms with Python 3.13.0 and 3 ms with 3.14.10 on the Linux machine where this
# > was written: from 3.14.1 (and 3.13.8) on, its server imports the main module once, for all.
# > Windows and macOS spawn, and pay for a whole interpreter each time.

# %% [markdown]
# **You can now**
#
# - say what a worker, a message and each kind of object cost on this machine;
# - compute the smallest task that pays, and tell by measuring how good the formula was;
# - read a speedup against ideal, law and ceiling, and say which of them bounds it;
# - choose a tool and a number of workers by numbers, and report a gain that others can check.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### The law fitted to your points, and Gustafson's
#
# In a program of your own you don't know *s*. Then fit it: which *s* explains the measured points
# best, if the ceiling stands for *n*?

# %%
for serial in scaled.serials():
    tell(f"kept serial: {scaled.share(serial):.0%}, fitted: {scaled.fitted(serial):.0%}")
for name, share in scaled.terms(8, 2).items():
    tell(f"2 workers, a quarter serial: {share:.0%} of the loop's time is {name}")
tell(f"held back most by: {scaled.holds_back(8, 2)}")

# %% [markdown]
# Each term has a cure of its own. The **serial part**: divide more of the program. The **machine**:
# other cores, or fewer workers. **Messages**: larger tasks. If the **divided work** is the largest
# by far, all is well.
#
# Amdahl keeps the work fixed. **Gustafson** asks the other question: how much *more* can be done in
# the same time? If only the divided part grows with the workers, the serial part weighs less and
# less: *s* + (1 − *s*) × *n*.

# %%
tell(
    f"the same work, a quarter serial, 2 workers: {scaled.speedup(8, 2):.2f} times as fast",
    f"twice the other part, 2 workers: {scaled.scaled(8, 2):.2f} times as fast as a loop over it; "
    f"Gustafson: {gustafson(2, 0.25):.2f}",
)
start_share = by_profile.start / scaled.loop
tell(f"with the start paid, the best number of workers for this work is "
     f"{best_number(0.0, start_share):.1f}")  # fmt: skip

# %% [markdown]
# ### The same work, cut in ten ways
#
# Now the work stays the same, and only the cut changes: from 2 large tasks to 1,024 small ones, one
# task in a message.

# %%
predict(
    "many-small", "How many times as long as 16 tasks do 1,024 take, for the same work?", "times"
)

# %%
counts = (2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024)
ways = {str(count): (payloads.pieces(10_000, count), 1) for count in counts}


def many_lose(runs) -> bool:
    few = min(runs["processes", name].wall for name in ("4", "8", "16"))
    return runs["processes", "1024"].wall > 1.5 * few


cut = measure_cuts(count_primes, ways, progress=ProgressBar("ten cuts"))
compare("many-small", cut["processes", "1024"].wall / cut["processes", "16"].wall, "times")

# %%
by_count = {count: cut["processes", str(count)] for count in counts}
loop = measure(count_primes, ways["2"][0], "serial", rounds=7)
ax = plots.plot_cuts(by_count, loop)
tell(*plots.cuts_in_words(by_count, loop))

# %% [markdown]
# Flat on the left, steep on the right. Anywhere from a few tasks to some dozens a worker is good;
# you need not find *the* best number. Too few would hurt only if the tasks were uneven.
#
# Small messages are one way to talk too much. Another is to keep a **shared** number up to date.
# Two workers count to 20,000 each: once they add one to a shared total each time, under its lock;
# once each counts alone, and adds its sum at the end.

# %%
predict("shared-total", "How many times as long does it take with the shared total?", "times")


# %%
def seconds_to_tally(tally) -> float:
    """From the moment when both stand at the start until both have ended."""
    total, start = Value("q", 0), Barrier(3)
    pair = [Process(target=tally, args=(range(20_000), total, start)) for _ in "ab"]
    for process in pair:
        process.start()
    start.wait()
    began = perf_counter()
    for process in pair:
        process.join()
    return perf_counter() - began if total.value == 40_000 else float("nan")


# %%
turns = [
    (seconds_to_tally(payloads.tally_together), seconds_to_tally(payloads.tally_alone))
    for _ in range(3)
]
together, alone = (min(times) for times in zip(*turns))
compare("shared-total", together / alone, "times")
few = many_lose(cut) and together > 2 * alone
claim("C6", few, unless="" if few else cpu_contention(loop))

# %% [markdown]
# Both totals were right, 40,000. One of the two ways took a lock, and often a turn of the
# operating system, for each step of the work. **A result for each worker, merged once**, is the
# cure nearly always.

# %% [markdown]
# ### Cores share their memory
#
# A ceiling below the number of cores has a reason. Processes share nothing in Python, but they do
# share the machine: the road to its memory above all. Here each worker copies one array of 32 MB to
# another, again and again: nearly no computing, all memory.

# %%
predict("copying", "How many times as fast as one loop do 2 processes copy large arrays?", "times",
        high=100)  # fmt: skip

# %%
computing, copying = (
    sweep(worker, tasks, engines=("processes",), workers=(2,), progress=ProgressBar(name))
    for name, worker, tasks in (
        ("computing", count_primes, payloads.pieces(20_000, 8)),
        ("copying", payloads.move_memory, [32] * 8),
    )
)  # fmt: skip
compare("copying", copying.speedup("processes", 2), "times")

# %%
ax = plot_sweeps({"computing": computing, "copying": copying})
less = copying.ceilings[2].is_below(computing.ceilings[2])
limit = "less than" if less else "about as much as"
tell(f"here 2 programs that copy gain {limit} 2 that compute: "
     f"{copying.ceilings[2]:.2f} and {computing.ceilings[2]:.2f} times one",
     *copying.disturbed(), *computing.disturbed())  # fmt: skip

# %% [markdown]
# If copying gains less, then one core fills a good part of the road by itself, and more workers
# queue up on it. It shows most on machines with many cores. No pool and no library helps against
# it; touching less memory does.

# %% [markdown]
# ### Threads inside of processes: the product is what runs
#
# NumPy hands large matrix products to a **BLAS** library, which takes a thread for each core by
# itself. Start a process for each core on top, and there are *cores × cores* threads, which get
# into one another's way: **oversubscription**. `OPENBLAS_NUM_THREADS=1` (or `OMP_`, `MKL_`), set
# before NumPy is imported, is the cure.

# %%
cores = min(machine.usable_cores(), 4)
for threads in ("its own", "one"):
    report = run_safely("blas_threads.py", threads, cores, limit=30)
    print(f"BLAS takes {threads:7}:", report.verdict)
    tell(*report.output.splitlines())

# %% [markdown]
# With as many workers as cores, one thread each is enough to keep them busy. joblib and Dask limit
# such threads for their workers by themselves; the standard library's pools don't. (macOS may use
# Apple's Accelerate, which takes no notice of these names: then both runs have the same number.)

# %% [markdown]
# ### What would you pick instead?
#
# People pick other tools than the standard library's two pools: **mpire**, **loky**, **joblib**,
# **Dask**. Here three tools do many tiny tasks, as each sends them by default: on two workers that
# stand ready, in turns, each in an interpreter of its own. The median of the rounds counts.

# %%
predict("tools-apart", "Tiny tasks: how many times as long as the best tool does the worst take?",
        "times")  # fmt: skip

# %%
tiny = "tiny tasks"
tools = compare_libraries(
    works=(tiny,), tools=("Pool", "ProcessPoolExecutor", "joblib"), scale=4,
    progress=ProgressBar("three tools"),
)  # fmt: skip
compare("tools-apart", max(tools.ratio(tiny, tool) for tool in tools.tools), "times")

# %%
ax = plots.plot_libraries(tools)
tell(*tools.in_words())

# %%
tell(*tools.table())
tell(*tools.advice())

# %% [markdown]
# What differs is **how many messages they send**, not how well they compute.
#
# `python -m tools.benchmarks.libraries` in the course's folder compares all six tools at four kinds
# of work: also tiny tasks in chunks of 50, uneven tasks, and large arrays. The advice is computed
# from the numbers: it changes only if a tool's slowest round was faster than the fastest round of
# `ProcessPoolExecutor`.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
