# %% [markdown]
# You know the parts: processes, queues, pools, shared memory, and what each costs. A **design**
# decides how they work together: what a task is, who says what to whom, what becomes of a failure,
# and how everything ends. This lesson takes these decisions one at a time and measures each. Then
# a real program is brought, step by step, to what the machine can do. (Three more wait below the
# end.)
#
# **You will be able to**
#
# - say when processes are the wrong tool, and what to take instead;
# - cut one problem in several ways, and predict which cut is fast;
# - give every result a path home, failures too, and end in order;
# - bring a program to nine tenths of the machine's ceiling, and say what stopped it on the way.
#
# **You need** lessons 00 to 09.

# %%
import asyncio
import logging
import multiprocessing
import pickle
import tempfile
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from logging.handlers import QueueListener
from multiprocessing import Event, Process, Queue, SimpleQueue
from pathlib import Path
from time import perf_counter

import numpy as np

# %%
from helpers.workers import design
from helpers.case_studies import images, readings, parameter_search, simulation
from helpers.plots import plot_programs
from helpers.claims import claim, tell
from helpers.measure import compare_programs
from helpers.workers.design import draw_from, points_inside
from helpers.engines import SerialExecutor
from helpers.measure import compare_waiting
from helpers.runner import run_safely
from helpers.workers.strips import cut_strips, put_together
from helpers.workers.design import count_alone, count_into

# %%
from helpers.plots import plot_parts, print_in_words
from helpers.widgets import (
    DecompositionExplorer, ProgressBar, compare, predict, show_predictions,
)  # fmt: skip
from helpers.workers import blur_image, count_primes, wait
from helpers.workers.workloads import gray_picture, shipped_text

# %% [markdown]
# ## First ask: does it wait, or does it compute?
#
# The first decision is whether to use processes at all. A program that mostly **waits**, for a
# disk, a network or a person, needs no second core: it needs somebody who waits. Here 24 tasks wait
# for 50 ms each, with 8 threads, with 8 processes, and with asyncio.

# %%
waits = [0.05] * 24
by_engine = await compare_waiting(
    wait, asyncio.sleep, waits, at_once=8, engines=("threads", "processes")
)
by_threads, by_processes, by_asyncio = by_engine.values()

# %%
ax = plot_parts([by_threads, by_processes, by_asyncio])
print_in_words(by_threads, by_processes, by_asyncio)

# %% [markdown]
# The bars of the work are alike: nobody waits faster. What the processes add is the grey part, and
# an interpreter's memory for each. All three had 8 waits under way at once.
#
# But most programs do both. A server waits for requests, and one of them asks for a computation. If
# the event loop computes it itself, everything else stands still. To see it, let something beat
# every 5 ms, and count the beats while the primes among 120,000 numbers are counted.

# %%
predict("beats-in-the-loop", "How many beats come while the event loop itself computes?", "beats")

# %%
numbers = range(1_000_000, 1_120_000)


async def in_the_loop(_) -> int:
    return count_primes(numbers)


async def in_a_process(pool) -> int:
    return await asyncio.get_running_loop().run_in_executor(pool, count_primes, numbers)


# %%
async def beats_during(computing, pool) -> int:
    """How many beats of 5 ms come until the computation is done."""
    task, beats = asyncio.ensure_future(computing(pool)), 0
    while not task.done():
        await asyncio.sleep(0.005)
        beats += 1
    return beats


with ProcessPoolExecutor(1) as pool:
    standing_still = await beats_during(in_the_loop, pool)
    going_on = await beats_during(in_a_process, pool)

# %%
compare("beats-in-the-loop", standing_still, "beats")
tell(f"{going_on} beats while a process computed")
as_fast = max(by_threads.wall, by_asyncio.wall) < 2 * by_processes.wall
cheaper = by_threads.startup < by_processes.startup
cheaper = cheaper and len(by_threads.processes) == len(by_asyncio.processes) == 1
claim("B5", as_fast and cheaper and standing_still <= 1 and going_on > 5)

# %% [markdown]
# So a design can have both: threads or asyncio where it waits, and behind them a few processes, as
# many as there are cores, where it computes. `run_in_executor` is the door between the two.

# %% [markdown]
# ## One problem, three decompositions
#
# The work: blur a gray picture 6 times. A pixel becomes the mean of its neighborhood, so each
# blurring needs the neighbors *as they were after the one before*. To **decompose** a problem is
# to decide what a task is. Three ways to cut this one:
#
# - **rows**: a task is one row, blurred once;
# - **halves, pass by pass**: a task is half of the picture, blurred once;
# - **halves, all at once**: a task is half of the picture, blurred 6 times.
#
# A row needs one row of its neighbors on each side. Such a rim that is sent along and thrown away
# is called a **halo**. For 6 passes the halo is 6 rows wide: a little work is done twice, and in
# return nobody has to ask anybody in between.

# %%
WIDTH, HEIGHT, PASSES = 400, 160, 6
picture = gray_picture(WIDTH, HEIGHT)
messages = {}


def blurred(pool, pieces: int, rounds: int) -> bytes:
    """The picture, blurred by `pieces` tasks in each of `rounds` rounds."""
    pixels, passes = picture, PASSES // rounds
    for _ in range(rounds):
        strips = cut_strips(pixels, WIDTH, pieces, halo=passes)
        tasks = [(strip.pixels, WIDTH, passes) for strip in strips]
        pixels = put_together(strips, pool.map(blur_image, tasks), WIDTH)
    messages[pieces, rounds] = 2 * len(tasks) * rounds  # a task there, a result back
    return pixels


# %% [markdown]
# All three are this one function, with two numbers changed: into how many pieces, and in how many
# rounds, after each of which everybody waits for everybody. The worker, `blur_image`, is the same.

# %%
programs = {
    "rows": lambda pool: blurred(pool, HEIGHT, PASSES),
    "halves, pass by pass": lambda pool: blurred(pool, 2, PASSES),
    "halves, all at once": lambda pool: blurred(pool, 2, 1),
}

# %%
predict(
    "rows-speedup", "Cut into rows: how many times as fast as one loop, with 2 workers?", "times"
)

# %% [markdown]
# `compare_programs` measures several programs in turns: a plain loop, each program on the same two
# worker processes, and the machine's **ceiling**, which is what two independent interpreters make
# of the same work if each does its half of it.

# %%
blurs = compare_programs(
    lambda: blur_image((picture, WIDTH, PASSES)), programs,
    worker=blur_image,
    tasks=[(one.pixels, WIDTH, PASSES) for one in cut_strips(picture, WIDTH, 2, halo=PASSES)],
    progress=ProgressBar("blurring"),
)  # fmt: skip
compare("rows-speedup", blurs.speedup("rows"), "times")
for name, count in zip(programs, messages.values()):
    print(f"{name:21} {count:5} messages")
print("every program's picture is the loop's:", blurs.right)

# %%
ax = plot_programs(blurs)
tell(*blurs.in_words())

# %% [markdown]
# The same work on the same cores. Cut into rows it is slower than no parallel program at all: each
# message carries less work than it costs, and a row's task blurs three rows to keep one. Halves are
# large enough. And the last cut has no rounds in which the faster half waits for the slower.
#
# What made the first cut bad was that its boundary was **unclear**: a row looks like a task, but it
# is not independent; it needs its neighbors, again in every pass. The repair did not make anything
# faster. It moved the boundary to where little has to be said across it.

# %%
talk = list(messages.values())
last, rows = blurs.speedup("halves, all at once"), blurs.speedup("rows")
decides = blurs.right and talk == sorted(talk, reverse=True) and last > max(1.1, 2 * rows)
claim("A1", decides, unless="" if decides else blurs.no_room)
erased_and_repaired = rows < 1 < last
claim("A4", erased_and_repaired, unless="" if erased_and_repaired else blurs.no_room)

# %% [markdown]
# ## One table for all, or a table for each
#
# How many words of each length are there in the text that this course teaches? Two workers take a
# half each. The first design has **one table**, in a manager's process, and every worker updates it
# for every word. In the second design each worker keeps **a table of its own**, sends it once, and
# the tables are added up here.

# %%
words = shipped_text().split()
halves = words[::2], words[1::2]


def into_one_table(pool, table, lock) -> int:
    calls = pool.map(count_into, halves, [table, table], [lock, lock])
    return 2 * len(halves) + sum(calls)  # the tasks and results are messages, too


def into_own_tables(pool, table) -> int:
    for part in pool.map(count_alone, halves):
        for length, count in part.items():
            table[length] = table.get(length, 0) + count
    return 2 * len(halves)


talk, seconds, own = {}, {}, {}

# %% [markdown]
# An update of the shared table is `table[n] = table.get(n, 0) + 1`: two calls of a proxy, and two
# more for the lock. Every call is a message to the manager and one back; `count_into` counts them.

# %%
predict(
    "messages-one-table", f"One table, with a lock: how many messages, for {len(words):,} words?"
)

# %%
with multiprocessing.Manager() as manager, ProcessPoolExecutor(2) as pool:
    unlocked, locked, lock = manager.dict(), manager.dict(), manager.Lock()
    ways = {
        "one table, no lock": lambda: into_one_table(pool, unlocked, None),
        "one table, locked": lambda: into_one_table(pool, locked, lock),
        "a table for each": lambda: into_own_tables(pool, own),
    }
    into_own_tables(pool, {})  # so that the workers stand before the clock starts
    for name, way in ways.items():
        began = perf_counter()
        talk[name], seconds[name] = way(), perf_counter() - began
    counts = {"no lock": unlocked.copy(), "locked": locked.copy(), "own": own}

# %%
right = count_alone(words)
lost = len(words) - sum(counts["no lock"].values())
compare("messages-one-table", talk["one table, locked"], "messages")
tell(*(f"{name}: {talk[name]:,} messages, {took * 1e3:.0f} ms" for name, took in seconds.items()))
tell(f"without the lock {lost} of {len(words)} words were lost")
print("without a lock, words were lost:", lost > 0)
print("right with the lock:", counts["locked"] == right, "  right with own tables:", own == right)

# %% [markdown]
# Three designs, and only two are right. Without the lock, two workers read the same number, both
# add one, and one update is lost: isolation had taken that race away, and sharing brought it back.
# With the lock it is right, and it is a queue in front of a counter: eight messages for each word,
# and while one worker holds the lock the other one stands still.
#
# A table for each needs four messages in all, no lock, and no manager. Nothing is cleverer about
# it. The updates are the same; they stay where the work is.

# %%
shared, separate = "one table, locked", "a table for each"
claim(
    "A2",
    counts["locked"] == own == right
    and talk[shared] > 100 * talk[separate] and seconds[shared] > 3 * seconds[separate],
)  # fmt: skip

# %% [markdown]
# ## Every task has an answer, failures too
#
# Twelve tasks; one of them fails, as one always does in a large job. The short way to write it is
# `map`. Its results come in order, and the first failure is raised where its result should be.

# %%
predict(
    "map-results", "12 tasks, the 5th raises: how many results does a loop over map see?", high=12
)

# %%
numbers = range(-4, 8)  # 1 / 0 is the fifth
seen = []
with ProcessPoolExecutor(2) as pool:
    try:
        for result in pool.map(design.reciprocal, numbers):
            seen.append(result)
    except ZeroDivisionError:
        print("map ended with the failure, after", len(seen), "of", len(numbers), "results")
compare("map-results", len(seen), "results")

# %% [markdown]
# And the other seven? What was done of them is thrown away, and what had not begun is cancelled. A
# design that keeps them remembers for each future which task it belongs to, and asks each one how
# it went:


# %%
def collect(executor, numbers) -> tuple[dict, dict]:
    """The results and the failures, each under the number it belongs to."""
    futures = {executor.submit(design.reciprocal, number): number for number in numbers}
    results, failures = {}, {}
    for future in as_completed(futures):
        error = future.exception()
        if error is None:
            results[futures[future]] = future.result()
        else:
            failures[futures[future]] = type(error).__name__
    return results, failures


# %%
with ProcessPoolExecutor(2) as pool:
    results, failures = collect(pool, numbers)
print(len(results), "results, and failures:", failures)

# %% [markdown]
# Eleven results, and one failure with its name and its task. Nothing is missing and nothing is
# guessed: the number of answers is the number of tasks. Lesson 06 has the harder cases, a worker
# that dies and one that never answers.

# %% [markdown]
# ## An end in order
#
# A program that runs until it is told to stop needs a way down. Here is a **pipeline** of three
# processes: one produces numbers, one squares them, one adds them up. The queues between them hold
# 8 items each, so that a fast stage waits for a slow one. The request is an event, which only the
# *first* stage looks at. It puts a sentinel, `None`, behind its last item, and each stage passes
# that on. So the end follows the work through the pipeline, and nothing is lost on the way.

# %%
predict(
    "pipeline-produced",
    "Stop is requested when the 500th has been added. How many are added in the end?", "numbers",
)  # fmt: skip

# %%
stop, enough = Event(), Event()
to_square, to_add, answers = Queue(8), Queue(8), SimpleQueue()
line = [
    Process(target=design.produce, args=(stop, to_square, answers)),
    Process(target=design.square, args=(to_square, to_add, answers)),
    Process(target=design.add_up, args=(to_add, enough, 500, answers)),
]
for stage in line:
    stage.start()
enough.wait()
stop.set()

# %%
told = {name: rest for name, *rest in (answers.get() for _ in line)}
for stage in line:
    stage.join()
added, total = told["added"]
compare("pipeline-produced", added, "numbers")
print("produced, squared and added as many:", told["produced"] == told["squared"] == [added])
print("the sum is right:", total == sum(n * n for n in range(added)))
print("exit codes:", [stage.exitcode for stage in line])
print("children left:", len(multiprocessing.active_children()))

# %% [markdown]
# More were added than the 500: those that were under way, in the queues and in hands. An end in
# order finishes them. `terminate()` would have lost them, and perhaps left a lock behind. And the
# order here is the one of lesson 04: take the answers first, then join.

# %% [markdown]
# ## Case 1: an image pipeline
#
# There are four cases, each with a serial version, a first parallel one, and what it took to get
# from there to the ceiling. Here is the first; the others stand below the end. Photographs:
# denoise, sharpen, stretch the contrast, save a small one. (They are drawn by the course: a sky, a
# sun, hills, and a camera's noise.)

# %%
folder = tempfile.TemporaryDirectory()
photos = images.make_photographs(folder.name, 8)


def one_loop() -> list:
    return [images.develop(photo) for photo in photos]


def map_by_map(pool) -> list:
    pictures = pool.map(images.denoise, map(images.load, photos))
    pictures = pool.map(images.stretch, pool.map(images.sharpen, pictures))
    return [images.save(*both) for both in zip(photos, pictures)]


# %% [markdown]
# `map_by_map` reads nicely: a map for each step. But think of what travels. Each picture goes out
# and comes back three times, and between the steps it is made of 4-byte numbers.

# %%
predict("image-megabytes", "8 photographs of 0.9 MB: how many MB travel in map_by_map?", "MB")


# %%
def pixels_travel(pool) -> list:
    pictures = pool.map(images.enhance, map(images.load, photos))
    return [images.save(*both) for both in zip(photos, pictures)]


def paths_travel(pool) -> list:
    return list(pool.map(images.develop, photos))


# %%
photo = images.load(photos[0])
calm = images.denoise(photo)
small, large = len(pickle.dumps(photo)), len(pickle.dumps(calm))
pixels = len(photos) * (2 * small + 4 * large)
compare("image-megabytes", pixels / 1e6, "MB")
one, answer = photos[0], images.develop(photos[0])
paths = len(photos) * (len(pickle.dumps(one)) + len(pickle.dumps(answer)))
tell(f"where paths travel: {paths / 1e6:.4f} MB, there and back")

# %%
developed = compare_programs(
    one_loop,
    {"a map a step": map_by_map, "pixels travel": pixels_travel, "paths travel": paths_travel},
    worker=images.develop, tasks=photos, progress=ProgressBar("developing"),
)  # fmt: skip
print("every program's result is the loop's:", developed.right)

# %%
ax = plot_programs(developed)
tell(*developed.in_words())

# %% [markdown]
# The three steps in one function: four of the six journeys are gone. Paths instead of pixels: the
# other two, and reading and saving are done in parallel now, too. Where pictures come from a camera
# and not from files, shared memory takes the paths' place (lesson 05): a name travels, and the
# pixels stay.
#
# That is the first of the standard library's **programming guidelines**, in two halves: the table
# for each worker avoided *shared state*, and paths avoid *moving much data*.

# %%
little_said = lost > 0 and own == right and talk[separate] == 2 * len(halves)
claim("R1", little_said and developed.right and 1_000 * paths < pixels)

# %% [markdown]
# ## Cut it yourself
#
# Choose a case, and the number of pieces and workers. Where is the best number of pieces, and what
# goes wrong on either side of it? For `blur` many pieces are bad twice: messages, and halos. For
# `search` two are bad for another reason: look at the lanes.

# %%
DecompositionExplorer("blur")

# %% [markdown]
# ## A last look at your predictions
#
# All the numbers that you kept in this course, beside what was measured. Being wrong was the point:
# what matters is whether the gray bands get narrower.

# %%
show_predictions()

# %% [markdown]
# > **In practice.** Write the serial program first, with a worker of one task and a test for it.
# > Then ask in this order: does it compute? what is a task, and what must be said across its
# > boundary? where do results and failures go? how does it end? Measure against the ceiling, not
# > against a wish: at nine tenths you are done.
# >
# > **In an interview.** "Your parallel program is slower than the serial one. What do you do?" A
# > weak answer tries another pool. A strong one measures one task alone, counts messages and bytes,
# > looks for shared state and for one long task at the end, and then moves the boundaries.
# >
# > **Elsewhere.** From Python 3.13.8 and 3.14.1 on, the fork server imports a program's main module
# > once, before its children are forked. If that module draws from NumPy's global generator while
# > it is imported, the children have copies of its state under forkserver, too (this follows from
# > the change log; it was not tried here).

# %% [markdown]
# **You can now**
#
# - say when processes are the wrong tool, and put them behind threads or asyncio where both belong;
# - cut a problem where little is said across the boundary, and predict what the cut gives;
# - bring home every result and failure, and end in order;
# - bring a program to nine tenths of the ceiling, by sending what is needed to find the data.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Test it without a process
#
# Look at `collect` again: it does not make its executor, it is **given** one. That is all it takes
# to test it. `concurrent.futures` has one interface for threads and processes, and anything whose
# `submit` returns a `Future` can stand in for them. `SerialExecutor`, from this course's helpers,
# runs each task at once, right here: it is some twenty lines long.

# %%
print("the worker alone:", design.reciprocal(4))
alike = {}
for kind in (SerialExecutor, ThreadPoolExecutor, ProcessPoolExecutor):
    with kind() as executor:
        alike[kind.__name__] = collect(executor, numbers)
        children = len(multiprocessing.active_children())
        print(f"{kind.__name__:20} started processes: {children > 0}")
print("all three answers are the same:", all(one == (results, failures) for one in alike.values()))

# %% [markdown]
# The stand-in can do more: fail on purpose. When a worker process dies, its futures raise
# `BrokenProcessPool`. To wait for that in a test takes long and can't be relied on. A stand-in
# breaks when it is told to:


# %%
class BreaksAtThird(SerialExecutor):
    """As a pool whose worker dies during the third task: from then on every future is broken."""

    taken = 0

    def submit(self, fn, /, *args, **kwargs) -> Future:
        self.taken += 1
        if self.taken < 3:
            return super().submit(fn, *args, **kwargs)
        future = Future()
        future.set_exception(BrokenProcessPool("a worker died"))
        return future


# %%
kept, broken = collect(BreaksAtThird(), numbers)
print(len(kept), "results kept,", len(broken), "failures:", set(broken.values()))

# %% [markdown]
# That works because the worker is **self-contained**: all that it needs is in its task. Here are
# two workers that give a price. The first takes the rate with the task. The second looks for it in
# a global of its module, which this program sets.

# %%
with ProcessPoolExecutor(1) as pool:
    pool.submit(design.price_at_global_rate, 1).result()  # the worker process stands
    design.rate = 3
    here = design.price_at_global_rate(10), design.price((10, 3))
    there = [
        pool.submit(design.price_at_global_rate, 10).result(),
        pool.submit(design.price, (10, 3)).result(),
    ]
design.rate = 1

# %%
print("rate in a global:  here", here[0], "  in a process", there[0])
print("rate in the task:  here", here[1], "  in a process", there[1])
claim(
    "B4",
    all(one == (results, failures) for one in alike.values()) and len(kept) == 2
    and there[1] == here[1] and there[0] != here[0],
)  # fmt: skip

# %% [markdown]
# Both pass their test in one process. Only the first is right in another one. So the rule is not a
# matter of taste: **a worker that needs nothing but its task can be tested alone, and its test says
# something.** Whatever it reads besides (a global, the working folder, the environment, a random
# generator) may be another one over there.

# %% [markdown]
# ### One log
#
# When several processes write into one file, nothing keeps their lines apart; the documentation of
# `logging` says that this is not supported. Its answer is a queue: in each child a `QueueHandler`
# puts its records into it; in the parent a `QueueListener` takes them out and gives them to the
# real handlers. One process writes, so one log.


# %%
class Keep(logging.Handler):
    """Keeps what it is given, so that it can be counted."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = []

    def emit(self, record: logging.LogRecord) -> None:
        self.kept.append((record.name, record.getMessage()))


# %%
records, keeper = Queue(), Keep()
listener = QueueListener(records, keeper)
writers = [Process(target=design.log_records, args=(name, 200, records)) for name in "abc"]
for writer in writers:
    writer.start()
listener.start()  # after the children: a thread that runs while others are forked is a risk
for writer in writers:
    writer.join()
listener.stop()  # when all have ended, so that nothing can come after the end
records.close()
records.join_thread()

# %%
print("records:", len(keeper.kept), "  different ones:", len(set(keeper.kept)))
per_writer = {name: [text for one, text in keeper.kept if one == name] for name in "abc"}
in_order = all(texts == [f"record {n}" for n in range(200)] for texts in per_writer.values())
print("each writer's records in its own order:", in_order)

# %% [markdown]
# Every record exactly once, in each writer's own order. Between writers there is no order; if you
# need one, sort by `record.created`. Note what makes the end safe. A child does not end before its
# queue's feeder thread has sent everything (lesson 04), and `stop()` comes after all `join()`s.

# %% [markdown]
# ### Random numbers that can be repeated
#
# A generator that is sent to two workers arrives as two **copies**. Each begins where the original
# stands.

# %%
generator = np.random.default_rng(1)
with ProcessPoolExecutor(2) as pool:
    first, second = pool.map(draw_from, [generator, generator])
print("both workers drew the same numbers:", first == second)
print("and the next ones here are these, too:", generator.integers(0, 100, 5).tolist() == first)

# %% [markdown]
# The results look random, and half of the work was for nothing. Under **fork** it happens without
# sending anything: each child has a copy of NumPy's global generator, in the state in which it was
# forked. (Python's own `random` seeds itself anew in a forked child.)

# %%
if "fork" in multiprocessing.get_all_start_methods():
    tell("under fork, " + run_safely("copied_state.py", method="fork").output.strip())
else:
    tell("this system has no fork")
tell("under spawn, " + run_safely("copied_state.py", method="spawn").output.strip())

# %% [markdown]
# A common cure is a seed for each *worker*. Then the result depends on how many workers there are.
# Better: a seed for each **task**. `SeedSequence.spawn` makes as many independent seeds as you want
# from one, and who draws from which, and when, makes no difference.

# %%
tasks = [(seed, 5_000) for seed in np.random.SeedSequence(2024).spawn(16)]
by_task, by_worker = {}, {}
for workers in (1, 2, 4):
    with ProcessPoolExecutor(workers) as pool:
        by_task[workers] = sum(pool.map(points_inside, tasks))
        shares = [(seed, 80_000 // workers) for seed in np.random.SeedSequence(2024).spawn(workers)]
        by_worker[workers] = sum(pool.map(points_inside, shares))

# %%
print("a seed for each task:   results of 1, 2 and 4 workers:", len(set(by_task.values())))
print("a seed for each worker: results of 1, 2 and 4 workers:", len(set(by_worker.values())))
tell(f"π is about {4 * by_task[1] / 80_000:.4f} by each task's seed, with any number of workers")

# %% [markdown]
# One result instead of three. It can be repeated on another machine, and a test can rely on it.

# %% [markdown]
# ### Case 2: a simulation
#
# How long do customers wait at a till? 3,000 days are simulated, each customer by customer. Every
# day has a seed of its own, made from its number. The first version makes each day a task.

# %%
SEED, DAYS = 2024, 3_000


def one_loop() -> list:
    return [simulation.one_day((SEED, day)) for day in range(DAYS)]


def a_day_a_task(pool) -> list:
    return list(pool.map(simulation.one_day, [(SEED, day) for day in range(DAYS)]))


# %%
predict(
    "tiny-days",
    "A day takes less than 0.1 ms. 2 workers: how many times as fast as the loop?",
    "times",
)


# %%
def in_chunks(pool) -> list:
    tasks = [(SEED, day) for day in range(DAYS)]
    return list(pool.map(simulation.one_day, tasks, chunksize=200))


def in_ranges(pool) -> list:
    ranges = simulation.day_ranges(SEED, DAYS, 15)
    return [wait for part in pool.map(simulation.days, ranges) for wait in part]


# %%
simulated = compare_programs(
    one_loop, {"a day a task": a_day_a_task, "chunksize=200": in_chunks, "15 ranges": in_ranges},
    worker=simulation.days, tasks=simulation.day_ranges(SEED, DAYS, 16),
    progress=ProgressBar("simulating"),
)  # fmt: skip
compare("tiny-days", simulated.speedup("a day a task"), "times")
print("every program's result is the loop's:", simulated.right)
mean = sum(simulated.result) / DAYS
tell(f"mean wait {mean:.3f} min; theory, for a till long open: {simulation.expected_wait():.3f}")

# %%
ax = plot_programs(simulated)
tell(*simulated.in_words())

# %% [markdown]
# `chunksize=200` sends 200 tasks in one message: one word, and most of the gain is there. A range,
# three numbers instead of 200 pairs, is the rest. And since each day has its seed, all four
# programs give the same 3,000 numbers to the last digit. Without that, how would you know that the
# fast one is right?

# %% [markdown]
# ### Case 3: a large text
#
# Temperatures of 80 stations, a line each: `Riverton;-3.4`. Wanted: the lowest, the highest and the
# mean of each. The first version has **one reader**, the parent, which sends lists of lines.

# %%
file = readings.make_readings(Path(folder.name) / "readings.txt", 300_000)
ranges = readings.cut_at_lines(file, 16)


def one_loop() -> dict:
    return readings.merge(map(readings.summarize, ranges))


def one_reader(pool) -> dict:
    lines = readings.batches(file, 10_000)
    return readings.merge(pool.map(readings.summarize_lines, lines))


# %% [markdown]
# A line costs little work, and its way is long: read, pickled, sent, unpickled. (`map` also takes
# *all* of its input at once, so the whole file is in memory; from Python 3.14 on, `buffersize=`
# limits that.) The repair: send **byte ranges**. Each worker opens the file itself. A cut must not
# fall into a line, so `cut_at_lines` moves it to the next line's start.

# %%
predict("one-reader", "One reader, 2 workers: how many times as fast as the loop?", "times")


# %%
def byte_ranges(pool) -> dict:
    return readings.merge(pool.map(readings.summarize, ranges))


crunched = compare_programs(
    one_loop, {"one reader": one_reader, "byte ranges": byte_ranges},
    worker=readings.summarize, tasks=ranges, progress=ProgressBar("crunching"),
)  # fmt: skip
compare("one-reader", crunched.speedup("one reader"), "times")
print("every program's result is the loop's:", crunched.right)
print(
    "stations:", len(crunched.result), "  lines:", sum(row[0] for row in crunched.result.values())
)

# %%
ax = plot_programs(crunched)
tell(*crunched.in_words())

# %% [markdown]
# Each worker sends one small table, merged once: the design of the word lengths above. The sums are
# whole numbers, tenths of a degree. With floats, another order of adding may give another last
# digit, and the results could not be compared with `==`.

# %% [markdown]
# ### Case 4: a parameter search
#
# Simulated annealing looks for a short round trip through 36 cities. Which settings are best? The
# grid has 18 of them, and they are **uneven**: the longest search takes 32 times as long as the
# shortest. The first version gives each worker half of the grid.

# %%
grid = parameter_search.grid(32_000)


def one_loop() -> tuple:
    return min(parameter_search.anneal(setting) for setting in grid)


def half_each(pool) -> tuple:
    return min(pool.map(parameter_search.anneal, grid, chunksize=len(grid) // 2))


# %%
predict("half-each", "Half of the grid each: how many times as fast as the loop?", "times")


# %%
def one_at_a_time(pool) -> tuple:
    return min(pool.map(parameter_search.anneal, grid))


def longest_first(pool) -> tuple:
    return min(pool.map(parameter_search.anneal, sorted(grid, reverse=True)))


# %%
searched = compare_programs(
    one_loop,
    {"half each": half_each, "one at a time": one_at_a_time, "longest first": longest_first},
    worker=parameter_search.anneal, tasks=grid, progress=ProgressBar("searching"),
)  # fmt: skip
compare("half-each", searched.speedup("half each"), "times")
print("every program's result is the loop's:", searched.right)
print(f"the shortest tour found: {searched.result[0]:.0f} km")

# %%
ax = plot_programs(searched)
tell(*searched.in_words())

# %% [markdown]
# The grid is sorted, so one half has nearly all of the work: the picture of static distribution
# from lesson 06. One at a time is better, but the three longest come last, and at the end one
# worker has two of them and the other one stands still. **Longest first** leaves the small ones to
# fill the gaps.
#
# On a quiet machine each case ends at nine tenths of the ceiling or more; the last line under each
# picture says whether yours did. In full size they run by
# `python -m tools.benchmarks.case_studies`. Here are all four, once you have run them:

# %%
folder.cleanup()
cases = {"images": developed, "simulation": simulated, "text": crunched, "search": searched}
tell(
    *(
        f"{name}: {one.speedup_range(one.last):.2f} times, ceiling {one.ceiling:.2f}, "
        f"ratio {one.of_ceiling_range(one.last):.2f}"
        for name, one in cases.items()
    )
)
print("right results in all four:", all(one.right for one in cases.values()))

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
