# %% [markdown]
# A **design** decides what a task is, which data move, what happens after a failure, and how the
# program ends. This lesson ends with all best practices in one place.
#
# **You will be able to**
#
# - keep an event loop responsive while processes compute;
# - divide a problem in several ways, and say before you run it which way is slow;
# - test a parallel program without starting a process;
# - bring a program close to the machine's ceiling, and say what kept it from there.
#
# **You need** lessons 00 to 09.

# %%
import asyncio
import cProfile
import multiprocessing
import pickle
import pstats
import tempfile
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, as_completed
from multiprocessing import Manager
from time import perf_counter

# %%
from helpers.case_studies import images
from helpers.claims import claim, tell
from helpers.engines import SerialExecutor
from helpers.measure import above, below, compare_programs, compare_waiting, decided
from helpers.plots import plot_parts, plot_programs, print_in_words
from helpers.source_code import show
from helpers.widgets import ProgressBar, compare, predict, show_predictions
from helpers.workers import blur_image, count_primes, design, do_nothing, wait
from helpers.workers.pools import Counted
from helpers.workers.strips import cut_strips, put_together
from helpers.workers.workloads import gray_picture, shipped_text

# %% [markdown]
# ## Wait in the event loop, compute in a process
#
# Most programs wait *and* compute: a server waits for requests, and some requests need a
# computation. In the event loop, it would stop everything else (lesson 07). What does it stop in a
# process, and what in a thread?
#
# To see it, a second coroutine notes the time and sleeps 5 milliseconds, again and again. Each note
# is a beat. `create_task` starts this coroutine beside the computing one; `cancel` asks it to end.


# %%
async def beat(beats):
    while True:
        beats.append(perf_counter())
        await asyncio.sleep(0.005)


# %%
async def beats_during(compute):
    beats = []
    heart = asyncio.create_task(beat(beats))
    await asyncio.sleep(0.02)  # now it beats
    began = perf_counter()
    await compute()
    ended = perf_counter()
    heart.cancel()
    return sum(began < moment < ended for moment in beats)


# %% [markdown]
# The computation counts the primes among 120,000 numbers. `in_the_loop` calls the function itself;
# `in_a_process` gives it to a process, by the event loop's `run_in_executor`, and awaits the
# result.

# %%
numbers = range(1_000_000, 1_120_000)


async def in_the_loop():
    return count_primes(numbers)


async def in_a_process():
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(pool, count_primes, numbers)  # the pool is created below


# %%
with ProcessPoolExecutor(1) as pool:
    pool.submit(count_primes, range(10)).result()  # now the worker has started
    in_loop = await beats_during(in_the_loop)
    beside = await beats_during(in_a_process)
tell(f"{in_loop} beats while the event loop computed, {beside} while a process did")

# %% [markdown]
# `async def` alone doesn't let anything else run: the event loop goes on only at an `await` that
# has to wait. With the process, the coroutine waits there.
#
# `to_thread` gives the computation to a thread of this process. It holds the GIL; another thread
# that needs the GIL waits for the switch interval, 5 ms, and then asks for it (lesson 07).

# %%
predict("beats-beside-thread", "And while a THREAD computes: how many beats come?", "beats")

# %%
in_thread = await beats_during(lambda: asyncio.to_thread(count_primes, numbers))
compare("beats-beside-thread", in_thread, "beats")

# %% [markdown]
# About half as many as beside the process: after each sleep, the event loop waits about as long
# again for the GIL. Everything that such a server does is late.
#
# And the reverse: are processes good at waiting? Here 24 tasks wait for 50 ms, 8 at a time, on
# threads, on processes and by asyncio, in turns.

# %%
by_engine = await compare_waiting(
    wait, asyncio.sleep, [0.05] * 24, at_once=8, engines=("threads", "processes")
)
by_threads, by_processes, by_asyncio = by_engine.values()
ax = plot_parts([by_threads, by_processes, by_asyncio])
print_in_words(by_threads, by_processes, by_asyncio)

# %% [markdown]
# The time inside tasks is about the same: no engine waits faster. Processes add their start, some
# time between tasks for the messages, and the memory of eight processes.

# %% tags=["claim"]
as_fast = by_threads.speedup_range(by_processes)  # 1 is as fast as processes
one_process = len(by_threads.processes) == len(by_asyncio.processes) == 1
blocked = in_loop == 0 and beside > 5
claim("B5", **decided(one_process, blocked, above(as_fast, 0.5)))

# %% [markdown]
# > **In practice.** Use threads or asyncio where the program waits, and behind them processes, at
# > most one per core, where it computes.
# >
# > **In an interview.** "Your asyncio service stops answering for a second now and then. Why?" A
# > weak answer adds more servers. A strong one finds what keeps the event loop for over 0.1 s
# > (`asyncio.run(…, debug=True)` logs that), and moves it: a computation to a process pool, a
# > blocking call to a thread.

# %% [markdown]
# ## A task boundary decides how much work there is
#
# To **decompose** a problem is to decide what a task is. The problem: blur a gray picture 6 times.
# Each blur, a pass, replaces a pixel by the mean of its neighborhood, so it needs the neighbors *as
# they were after the pass before*. Three ways to divide it:
#
# - **rows**: a task is one row, blurred once;
# - **halves, pass by pass**: a task is half of the picture, blurred once;
# - **halves, all at once**: a task is half of the picture, blurred 6 times.
#
# A row can't be blurred without the rows above and below it. We send them along, as a **halo**. The
# halo is blurred, too, and then dropped. A task of 6 passes needs 6 rows of halo at each cut. A
# piece with its halo is a `Strip`: its `pixels`, how many halo rows are `above`, and how many
# `rows` are its own. (`pairwise` pairs each cut with the next.)

# %%
show(cut_strips)

# %%
show(put_together)

# %% [markdown]
# One function does all three. Only the numbers of pieces and rounds differ. After each round, the
# pieces are put together and cut again.

# %%
WIDTH, HEIGHT, PASSES = 400, 160, 6
picture = gray_picture(WIDTH, HEIGHT)


def blurred(pool, pieces, rounds):
    pixels, passes = picture, PASSES // rounds
    for _ in range(rounds):
        strips = cut_strips(pixels, WIDTH, pieces, halo=passes)
        tasks = [(strip.pixels, WIDTH, passes) for strip in strips]
        pixels = put_together(strips, pool.map(blur_image, tasks), WIDTH)
    return pixels


# %% [markdown]
# Count before you measure. The loop blurs 160 rows 6 times: 960 rows.

# %%
predict("rows-blurred", "Divided into rows: how many rows are blurred, in all tasks together?")

# %%
cuts = {"rows": (160, 6), "halves, pass by pass": (2, 6), "halves, all at once": (2, 1)}
said, work = {}, {}
for name, (pieces, rounds) in cuts.items():
    strips = cut_strips(picture, WIDTH, pieces, halo=PASSES // rounds)
    work[name] = PASSES * sum(len(strip.pixels) // WIDTH for strip in strips)
    said[name] = 2 * pieces * rounds  # a task goes out, a result comes back
    print(f"{name:21} {work[name]:5} rows {said[name]:5} messages")
compare("rows-blurred", work["rows"], "rows")

# %% [markdown]
# Nearly three times as many: most tasks blur three rows to keep one. How long does a row take, and
# how long a pool's empty task?


# %%
def seconds(do):
    began = perf_counter()
    do()
    return perf_counter() - began


with ProcessPoolExecutor(2) as pool:
    seconds(lambda: list(pool.map(do_nothing, range(20))))  # now the workers have started
    empty = seconds(lambda: list(pool.map(do_nothing, range(960)))) / 960
row = seconds(lambda: blur_image((picture, WIDTH, PASSES))) / (HEIGHT * PASSES)
tell(f"to blur one row: {row * 1e6:.0f} µs; an empty task: {empty * 1e6:.0f} µs")
predict("rows-speedup", "Rows, 2 workers: how many times as fast as one loop?", "times")

# %% [markdown]
# `compare_programs` measures in 7 rounds. Each round runs the loop, every program on the same two
# workers, and the machine's **ceiling**: two independent interpreters that blur half of the picture
# each, all at once, and send nothing.

# %%
blurs = compare_programs(
    lambda: blur_image((picture, WIDTH, PASSES)),
    {
        "rows": lambda pool: blurred(pool, 160, 6),
        "halves, pass by pass": lambda pool: blurred(pool, 2, 6),
        "halves, all at once": lambda pool: blurred(pool, 2, 1),
    },
    worker=blur_image,
    tasks=[(one.pixels, WIDTH, PASSES) for one in cut_strips(picture, WIDTH, 2, halo=PASSES)],
    progress=ProgressBar("blurring"),
)

# %%
ax = plot_programs(blurs)
compare("rows-speedup", blurs.speedup("rows"), "times")
print("every program's picture is the loop's:", blurs.right)
tell(*blurs.in_words())

# %% [markdown]
# Rows are *slower than one loop*. (*This process itself* is the parent: it cuts, sends and puts
# together.) The **boundary** is in a bad place: a row looks like a task, but it depends on its
# neighbors, so most of a task is halo. Even with free messages, two workers would be at best 2/3 as
# fast as the loop. And the **granularity** is too fine: 1,920 messages, each for little work.
#
# Halves have only one boundary, so they share few rows. *All at once* does 6 % more work than *pass
# by pass*, and saves 20 messages and 5 of the 6 rounds. After each round, the faster half waits for
# the slower one, and both for the parent.

# %% tags=["claim"]
gain = blurs.speedup_over("rows", "halves, all at once")
claim("A1", **decided(blurs.right, above(gain, 2)))

# %% tags=["claim"]
rows, large = blurs.speedup_range("rows"), blurs.speedup_range("halves, all at once")
erased_and_repaired = below(rows, 1), above(large, 1)
claim("A4", **decided(blurs.right, *erased_and_repaired, unless=blurs.no_room))

# %% [markdown]
# > **In practice.** Before you write a pool, count the halo of a task, and the messages. Make tasks
# > larger until the halo is small compared with the task.
# >
# > **In an interview.** "How would you parallelize a simulation on a grid?" A weak answer gives
# > each row to a worker. A strong one cuts large blocks, counts the halo against the block, and
# > exchanges halos after several steps instead of one.

# %% [markdown]
# ## Keep a table in each worker, and merge once
#
# How many words of each length are there in a text of this course? Two tasks count half of the
# words each. In the first design, a manager's process has one table for both, with a lock against
# lost updates (lessons 03 and 05). In the second design, each task has a table of its own.

# %%
show(design.count_locked)

# %%
show(design.count_alone)

# %% [markdown]
# Each use of the table or of the lock is a call of a proxy: one message to the manager and one
# back. This function counts them in the worker:

# %%
show(design.messages_of)

# %%
words = shipped_text().split()
halves = words[::2], words[1::2]
with Manager() as manager, ProcessPoolExecutor(2) as pool:
    table, lock = manager.dict(), manager.Lock()
    calls = [
        pool.submit(design.messages_of, design.count_locked, half, table, lock) for half in halves
    ]
    messages = sum(call.result() for call in calls)
    shared = table.copy()
tell(f"the table with a lock: {messages:,} messages for {len(words):,} words")

# %%
predict("messages-own", "OWN tables: how many messages go to the workers and back?", "messages")

# %%
own, counted = {}, Counted(design.count_alone)
with ProcessPoolExecutor(2) as pool:
    for part in pool.map(counted, halves):
        for length, count in part.items():
            own[length] = own.get(length, 0) + count
compare("messages-own", 2 * counted.messages, "messages")  # a result comes back for each task
print("the same counts:", shared == own == design.count_alone(words))

# %% [markdown]
# Own tables need four: two tasks, two results. (`Counted` is lesson 06's.) With the lock, eight for
# each word: take it (the other worker waits), read, write, release it, and an answer to each.

# %% tags=["claim"]
right = shared == own == design.count_alone(words)
for_own = 2 * len(halves)  # a task and a result for each half
claim("A2", right and messages > 1_000 * for_own)

# %% [markdown]
# ## A worker that needs only its task can be tested without a process
#
# A task is **self-contained** if everything that it needs is in its arguments. Two workers that
# give a price: one gets the rate with the task, the other one looks for it in a global of its
# module.

# %%
show(design.price)

# %%
show(design.price_at_global_rate)

# %% [markdown]
# The rate is 1. The worker process starts, and then this program sets `design.rate = 3`. The
# process has a `rate` of its own (lesson 03).

# %%
with ProcessPoolExecutor(1) as pool:
    pool.submit(design.price, (1, 1)).result()  # now the worker has started
    design.rate = 3
    here = design.price_at_global_rate(10), design.price((10, 3))
    there = pool.submit(design.price_at_global_rate, 10), pool.submit(design.price, (10, 3))
    there = there[0].result(), there[1].result()
design.rate = 1
print("rate in a global:  here", here[0], "  in the process", there[0])
print("rate in the task:  here", here[1], "  in the process", there[1])

# %% [markdown]
# Both are right when you test them here. Only the self-contained one is right in the process, too.
# Everything else that a worker reads may differ there as well, such as the working folder.
#
# You can also test the rest of a program without processes, if you pass it the executor:


# %%
def submit_all(executor, function, inputs):
    return {executor.submit(function, one): one for one in inputs}


# %%
def collect(executor, function, inputs):
    """Return the results and the errors, each by its input."""
    futures = submit_all(executor, function, inputs)
    results, errors = {}, {}
    for future in as_completed(futures):
        error = future.exception()
        if error is None:
            results[futures[future]] = future.result()
        else:
            errors[futures[future]] = error
    return results, errors


# %% [markdown]
# Thread and process executors have the same interface. A subclass of `Executor` needs only a
# `submit` that returns a `Future`. This one runs each task right away, in this process:

# %%
show(SerialExecutor)

# %%
show(design.reciprocal)

# %% [markdown]
# Each of the three executors gets twelve numbers; 0 has no reciprocal. Then we do the same again
# with `lambda n: 1 / n` in place of `design.reciprocal`.

# %%
predict("lambda-executors", "With the lambda: how many executors give 11 results?", "of 3", high=3)

# %%
answers, by_lambda = {}, {}
for kind in (SerialExecutor, ThreadPoolExecutor, ProcessPoolExecutor):
    with kind() as executor:
        results, errors = collect(executor, design.reciprocal, range(-4, 8))
        children = len(multiprocessing.active_children())
        by_lambda[kind.__name__] = len(collect(executor, lambda n: 1 / n, range(-4, 8))[0])
    answers[kind.__name__] = results, {one: repr(error) for one, error in errors.items()}
    print(f"{kind.__name__:20} {len(results)} results, {errors}, processes: {children > 0}")
compare("lambda-executors", list(by_lambda.values()).count(11), "of 3")
print("results with the lambda:", by_lambda)

# %% tags=["claim"]
alike = all(one == answers["SerialExecutor"] for one in answers.values())
every_input = [len(part) for part in answers["SerialExecutor"]] == [11, 1]
claim("B4", alike and every_input and there[1] == here[1] == 30 and there[0] != here[0])

# %% [markdown]
# Only the process executor pickles its tasks, and a lambda can't be pickled. So a test without
# processes doesn't find what can't travel.
#
# > **In practice.** Put into the task all that the worker needs, and pass the executor to the
# > function that uses it.
# >
# > **In an interview.** "How do you test code that uses a process pool?" A weak answer replaces
# > `multiprocessing` by an imitation. A strong one tests the worker as a plain function, gives the
# > rest an executor that runs or breaks on command, and keeps one test with real processes.

# %% [markdown]
# ## Send a path instead of the pixels
#
# Now a whole program. Eight photographs are developed: load, denoise, sharpen, stretch the
# contrast, save a small copy. Don't try to follow the NumPy; look at what each function takes and
# returns. `load` returns numbers of 1 byte; a *float32* has 4 bytes.

# %%
show(images.develop)

# %%
show(images.enhance)

# %%
show(images.denoise)

# %%
show(images.sharpen)

# %%
show(images.stretch)

# %%
folder = tempfile.TemporaryDirectory()
photos = images.make_photographs(folder.name, 8)


def one_loop():
    return [images.develop(photo) for photo in photos]


def map_by_map(pool):
    pictures = pool.map(images.denoise, [images.load(photo) for photo in photos])
    pictures = pool.map(images.stretch, pool.map(images.sharpen, pictures))
    return [images.save(*both) for both in zip(photos, pictures)]


# %% [markdown]
# **Profile first.** A profile says how long each function took, with all that it called
# (`cumtime`); `func_profiles` has them by name. What you don't divide limits the speedup.

# %%
one_loop()  # now everything is imported
with cProfile.Profile() as profile:
    one_loop()
functions = pstats.Stats(profile).get_stats_profile().func_profiles
share = functions["enhance"].cumtime / functions["develop"].cumtime
tell(f"{share:.0%} of the time is in enhance; the rest loads and saves")

# %% [markdown]
# So `map_by_map` divides that part: one `map` for each of the three steps of `enhance`. But what
# travels? Follow one picture through `map_by_map`.

# %%
predict("image-megabytes", "8 photographs of 0.9 MB: how many MB travel in map_by_map?", "MB")

# %%
photo, path = images.load(photos[0]), photos[0]
small = len(pickle.dumps(photo))
large = len(pickle.dumps(images.denoise(photo)))
pixels = len(photos) * (2 * small + 4 * large)
compare("image-megabytes", pixels / 1e6, "MB")
paths = len(photos) * (len(pickle.dumps(path)) + len(pickle.dumps(images.develop(path))))
tell(f"if paths travel: {paths / 1e6:.4f} MB, there and back")

# %% [markdown]
# 133 MB, for photographs of 7 MB. Each picture goes out and comes back three times, and between the
# steps it is four times as large. The first repair is one function for all three steps: each
# picture travels only twice, as bytes. The second is to send the *path*: the worker loads and
# saves, too.


# %%
def pixels_travel(pool):
    pictures = pool.map(images.enhance, [images.load(photo) for photo in photos])
    return [images.save(*both) for both in zip(photos, pictures)]


def paths_travel(pool):
    return list(pool.map(images.develop, photos))


# %%
developed = compare_programs(
    one_loop,
    {"a map a step": map_by_map, "pixels travel": pixels_travel, "paths travel": paths_travel},
    worker=images.develop,
    tasks=photos,
    progress=ProgressBar("developing"),
)
print("every program's result is the loop's:", developed.right)
ax = plot_programs(developed)
tell(*developed.in_words())

# %% [markdown]
# A map a step is hardly faster than the loop, or slower: what two workers gain is spent on pickling
# and sending. In *pixels travel*, the parent still loads and saves everything alone. With paths,
# almost nothing travels, and loading and saving are divided, too.
#
# The first **programming guideline** in the documentation of `multiprocessing` asks for both: own
# tables avoid *shared state*, and paths avoid *shifting large amounts of data*.

# %% tags=["claim"]
nothing_shared = own == design.count_alone(words)
claim("R1", nothing_shared and developed.right and 1_000 * paths < pixels)

# %% [markdown]
# > **In practice.** Write the serial program first, with a test for its worker, and profile it.
# > Then ask: what is a task? What crosses its boundary? Where do results and errors go? How does it
# > end? Compare the speedup with the ceiling. At nine tenths of it you are done.
# >
# > **In an interview.** "Your parallel program is slower than the serial one. What do you do?" A
# > weak answer tries another pool. A strong one measures one task alone, counts messages and bytes,
# > looks for shared state and for one long task at the end, and then moves the boundaries.

# %% [markdown]
# ## The best practices in one place
#
# | best practice | shown by |
# | --- | --- |
# | Use processes for CPU-bound work that benefits from cores | [G2](claim:G2), [B1](claim:B1) |
# | If it mostly waits, use threads or async | [B5](claim:B5), [T5](claim:T5) |
# | Measure whether the gain is worth the overhead | [B3](claim:B3), [C5](claim:C5) |
# | Make tasks large and independent, and let them talk little | [A1](claim:A1), [C6](claim:C6) |
# | Draw clear task boundaries | [A4](claim:A4) |
# | Keep worker tasks clear and self-contained | [B4](claim:B4) |
# | Design communication explicitly, with queues or similar tools | [B2](claim:B2), [Q3](claim:Q3) |
# | Pass what a process needs; don't share state | [I2](claim:I2), [A2](claim:A2), [R1](claim:R1) |
# | Give results and failures a clear path back | [A5](claim:A5) |
# | Let a pool distribute the work | [A3](claim:A3) |
# | Join every process, or let a pool do it | [S6](claim:S6), [R4](claim:R4) |

# %% [markdown]
# They prevent five mistakes: tiny tasks ([M1](claim:M1)), expecting ordinary memory to be shared
# ([M2](claim:M2)), no design for the communication ([M3](claim:M3)), processes where the bottleneck
# is waiting ([M4](claim:M4)), and life cycles that no code manages ([M5](claim:M5)).
#
# `docs/claims.md` lists all claims, with the cell of each.

# %% [markdown]
# ## Look back at your predictions
#
# All numbers that you kept in this course, beside what was measured. Do yours come closer from
# lesson to lesson?

# %%
show_predictions()

# %% [markdown]
# **You can now**
#
# - keep an event loop responsive, with processes behind it;
# - say which way is slow before you run it, by its rows, messages and bytes;
# - test a worker alone, and the rest with an executor that starts no process;
# - bring a program close to the ceiling: profile, send paths, measure.

# %% [markdown]
# ## Deeper

# %%
import logging
from concurrent.futures import BrokenExecutor, Future
from concurrent.futures.process import BrokenProcessPool
from logging.handlers import QueueListener
from multiprocessing import Event, Process, Queue, SimpleQueue
from pathlib import Path

import numpy as np

from helpers.case_studies import parameter_search, readings, simulation
from helpers.widgets import DecompositionExplorer
from helpers.workers.pools import die_on_three

# %% [markdown]
# ### Try it: cut a case yourself
#
# Choose a case, and the number of pieces and workers. Where is the best number of pieces, and what
# goes wrong on either side of it? For `blur`, many pieces are bad twice: messages, and halos. For
# `search`, two pieces are bad for another reason: look at the timeline.

# %%
DecompositionExplorer("blur")

# %% [markdown]
# ### Every input has an answer, even if the pool breaks
#
# `collect` keeps an error beside the input that caused it: 12 inputs, 12 answers. Always? In lesson
# 06 a worker died, and every future that was not done raised `BrokenProcessPool`. And a task that
# comes after the death?

# %%
show(die_on_three)

# %%
with ProcessPoolExecutor(1) as pool:
    print("the future:", type(pool.submit(die_on_three, 3).exception()).__name__)
    try:
        pool.submit(die_on_three, 4)
    except BrokenProcessPool:
        print("submit raises BrokenProcessPool itself")

# %% [markdown]
# If a worker dies while `collect` still submits, `submit` may raise in the middle of the loop.
# Whether it does is a matter of luck, so a test with a real pool is unreliable. This stand-in acts
# as if the third task killed the worker: that future fails, and each later `submit` raises.


# %%
class BreaksAtThird(SerialExecutor):
    """As a pool whose worker dies in the third task."""

    taken = 0

    def submit(self, function, *arguments):
        self.taken += 1
        if self.taken > 3:
            raise BrokenProcessPool("no more tasks")
        if self.taken < 3:
            return super().submit(function, *arguments)
        future = Future()
        future.set_exception(BrokenProcessPool("a worker died"))
        return future


# %%
predict("kept-results", "Two tasks done, the third kills: how many results does collect return?")

# %%
try:
    kept, errors = collect(BreaksAtThird(), design.reciprocal, range(1, 13))
except BrokenProcessPool as error:
    kept = {}
    print("collect raised BrokenProcessPool:", error)
compare("kept-results", len(kept), "results")

# %% [markdown]
# None: two good results are lost with the exception. The cure is to take an error of `submit` as
# that input's answer. (Every broken executor's error is a `BrokenExecutor`.) `collect` stays as it
# is:


# %%
def submit_all(executor, function, inputs):
    futures = {}
    for one in inputs:
        try:
            future = executor.submit(function, one)
        except BrokenExecutor as error:
            future = Future()
            future.set_exception(error)
        futures[future] = one
    return futures


# %%
kept, errors = collect(BreaksAtThird(), design.reciprocal, range(1, 13))
print(
    len(kept), "results and", len(errors), "errors of", {type(e).__name__ for e in errors.values()}
)

# %% [markdown]
# Two results and ten errors: 12 answers for 12 inputs. You can try the ten again in a new executor
# (lesson 06, *Start over after `BrokenProcessPool`*), if a task may run twice. Limit the tries: one
# of the ten killed the worker.
#
# > **In practice.** Keep the exception itself: if a task raised it in a process, its `__cause__`
# > holds the worker's traceback. At the end, count: are there as many answers as inputs?

# %% [markdown]
# ### A pipeline ends from its first stage on
#
# A program that runs until it is told to stop needs an orderly end, a **graceful shutdown**. Here
# is a **pipeline** of three processes: one produces numbers, one squares them, one adds them up.
# The queues between them hold at most 8 items each, so a fast stage waits for a slow one.

# %%
show(design.produce)

# %%
show(design.square)

# %%
show(design.add_up)

# %% [markdown]
# Only the *first* stage looks at the event `stop`. It puts a sentinel behind its last item, and
# the second one passes it on. So the end follows the work through the pipeline.

# %%
predict(
    "pipeline-added", "Stop is set when the 500th has been added. How many are added in the end?"
)

# %%
stop, enough = Event(), Event()
to_square, to_add, reports = Queue(8), Queue(8), SimpleQueue()
stages = [
    Process(target=design.produce, args=(stop, to_square, reports)),
    Process(target=design.square, args=(to_square, to_add, reports)),
    Process(target=design.add_up, args=(to_add, enough, 500, reports)),
]
for stage in stages:
    stage.start()
enough.wait()
stop.set()

# %%
told = {}
for _ in stages:
    name, *rest = reports.get()
    told[name] = rest
for stage in stages:
    stage.join()
added, total = told["added"]
compare("pipeline-added", added, "numbers")
print("produced, squared and added as many:", told["produced"] == told["squared"] == [added])
print("the sum is right:", total == sum(n * n for n in range(added)))
print("exit codes:", [stage.exitcode for stage in stages])

# %% [markdown]
# More than 500, as a rule: also what was on its way when the first stage saw the event. An orderly
# end finishes it. `terminate()` would lose it, and could leave a queue locked (lesson 04).

# %% [markdown]
# ### One log for all processes
#
# When several processes write into one file, nothing guarantees whole lines; the documentation of
# `logging` says that this is not supported. A logger turns each message into a *record*, and a
# *handler* writes it somewhere. One way out is a queue: in each child a `QueueHandler` puts the
# records into it; in the parent a `QueueListener` passes them to the real handlers. So one process
# writes the log.

# %%
show(design.log_records)


# %%
class Keep(logging.Handler):
    """Keeps what it is given, so that we can count it."""

    def __init__(self):
        super().__init__()
        self.kept = []

    def emit(self, record):
        self.kept.append((record.name, record.getMessage()))


# %%
records, keeper = Queue(), Keep()
listener = QueueListener(records, keeper)
writers = [Process(target=design.log_records, args=(name, 200, records)) for name in "abc"]
for writer in writers:
    writer.start()
listener.start()  # after the children: a fork would copy the locks of its thread, not the thread
for writer in writers:
    writer.join()
listener.stop()  # when all have ended, so no record can come later
records.close()
records.join_thread()

# %%
print("records:", len(keeper.kept), "  different ones:", len(set(keeper.kept)))
for name in "abc":
    texts = [text for one, text in keeper.kept if one == name]
    print(name, "in its own order:", texts == [f"record {number}" for number in range(200)])

# %% [markdown]
# Every record arrives exactly once, each writer's in its own order. Between writers there is no
# order; `record.created` gives a rough one. The end is safe: a child doesn't exit before its feeder
# thread has written everything (lesson 04), and `stop()` comes after all `join()`s.

# %% [markdown]
# ### Give each task a seed of its own
#
# A random generator that you send with two tasks arrives as two **copies**, in the same state.

# %%
show(design.draw_from)

# %%
generator = np.random.default_rng(1)
with ProcessPoolExecutor(2) as pool:
    first, second = pool.map(design.draw_from, [generator, generator])
print("both tasks drew the same numbers:", first == second)
print("and the next ones here are the same:", generator.integers(0, 100, 5).tolist() == first)

# %% [markdown]
# The results look random, but half of the work was wasted. (A fork copies generators, too: lesson
# 03.) One cure is a seed for each *worker*, another one a seed for each **task**.
# `SeedSequence.spawn` makes independent seeds from one. (It starts no process.) Here each task
# counts how many of 5,000 random points fall into a quarter circle:

# %%
show(design.points_inside)

# %%
predict("seeded-results", "A seed for each task; 1, 2 and 4 workers: how many different results?")

# %%
tasks = [(seed, 5_000) for seed in np.random.SeedSequence(2024).spawn(16)]
by_task, by_worker = [], []
for workers in (1, 2, 4):
    with ProcessPoolExecutor(workers) as pool:
        by_task.append(sum(pool.map(design.points_inside, tasks)))
        shares = [(seed, 80_000 // workers) for seed in np.random.SeedSequence(2024).spawn(workers)]
        by_worker.append(sum(pool.map(design.points_inside, shares)))
compare("seeded-results", len(set(by_task)), "results")
print("a seed for each task:  ", len(set(by_task)), "different results")
print("a seed for each worker:", len(set(by_worker)), "different results")

# %% [markdown]
# With a seed for each worker, the result depends on how many there are, and which takes which task.
# With a seed for each task, it doesn't. A test can rely on it until NumPy changes.

# %% [markdown]
# ### Case 2, a simulation: large tasks
#
# How long do customers wait at a checkout? The program simulates 2,000 days, customer by customer.
# Each day has its own seed, made from its number.

# %%
show(simulation.one_day)

# %%
show(simulation.days)

# %%
SEED, DAYS = 2024, 2_000
all_days = [(SEED, day) for day in range(DAYS)]


def one_loop():
    return [simulation.one_day(day) for day in all_days]


def a_day_a_task(pool):
    return list(pool.map(simulation.one_day, all_days))


# %%
def in_chunks(pool):
    return list(pool.map(simulation.one_day, all_days, chunksize=200))


def in_ranges(pool):
    parts = pool.map(simulation.days, simulation.day_ranges(SEED, DAYS, 10))
    return [wait for part in parts for wait in part]


# %%
day = seconds(one_loop) / DAYS
tell(f"a day: {day * 1e6:.0f} µs; the pool's empty task above: {empty * 1e6:.0f} µs")
predict("tiny-days", "A day a task, 2 workers: how many times as fast as the loop?", "times")

# %%
simulated = compare_programs(
    one_loop,
    {"a day a task": a_day_a_task, "chunksize=200": in_chunks, "10 ranges": in_ranges},
    worker=simulation.days,
    tasks=simulation.day_ranges(SEED, DAYS, 16),
    progress=ProgressBar("simulating"),
)
compare("tiny-days", simulated.speedup("a day a task"), "times")
print("every program's result is the loop's:", simulated.right)

# %%
ax = plot_programs(simulated)
tell(*simulated.in_words())

# %% [markdown]
# `chunksize=200` sends 200 tasks in one message: one argument brings the gain. A range is
# three numbers instead of 200 pairs. Since each day has its own seed, all programs give the same
# 2,000 numbers to the last digit. Without that, how would you know that the fast one is right?

# %% [markdown]
# ### Case 3, a large text: byte ranges
#
# Temperatures of 80 stations, one reading a line: `Riverton;-3.4`. Wanted: each station's lowest,
# highest and mean. In the first version, the parent reads the file and sends lists of lines.

# %%
show(readings.summarize_lines)

# %%
file = readings.make_readings(Path(folder.name) / "readings.txt", 200_000)
ranges = readings.cut_at_lines(file, 16)


def one_loop():
    return readings.merge(readings.summarize(one) for one in ranges)


def one_reader(pool):
    lines = readings.batches(file, 10_000)
    return readings.merge(pool.map(readings.summarize_lines, lines))


# %% [markdown]
# The two workers divide the summarizing. The parent alone reads and pickles all lines:

# %%
alone = seconds(lambda: pickle.dumps(list(readings.batches(file, 10_000)))) / seconds(one_loop)
tell(f"to read and pickle all lines takes {alone:.0%} of the loop's time")
predict("one-reader", "One reader, 2 workers: how many times as fast as the loop?", "times")

# %% [markdown]
# A line costs little work, and it goes a long way: read, pickled, sent, unpickled. (`map` also
# takes *all* of its input at once, so a large file can fill the memory; since 3.14, `buffersize=`
# limits that.) The cure is to send **byte ranges**. Each worker opens the file itself. A range must
# not end inside a line, so `cut_at_lines` moves each cut to the next line's start.

# %%
show(readings.cut_at_lines)

# %%
show(readings.summarize)


# %%
def byte_ranges(pool):
    return readings.merge(pool.map(readings.summarize, ranges))


# %%
crunched = compare_programs(
    one_loop,
    {"one reader": one_reader, "byte ranges": byte_ranges},
    worker=readings.summarize,
    tasks=ranges,
    progress=ProgressBar("crunching"),
)
compare("one-reader", crunched.speedup("one reader"), "times")
print("every program's result is the loop's:", crunched.right)

# %%
ax = plot_programs(crunched)
tell(*crunched.in_words())

# %% [markdown]
# Each task sends back one small table (map), and the parent merges them (reduce): **map and
# reduce**, as with the word lengths above. The sums are whole numbers, tenths of a degree. With
# floats, another order of adding may give another last digit, and `==` could fail.

# %% [markdown]
# ### Case 4, a parameter search: longest first
#
# Simulated annealing looks for a short round trip through 36 cities. Which settings are best? The
# grid has 18, short searches first: 1,000 steps three times, 2,000 three times, then 4,000, up to
# 32,000. The first version gives each worker half of the grid: fair by number, not by steps. The
# second half has 56,000 (8 + 16 + 32) of every 63,000 steps: at best 63/56, or 1.1 times as fast.

# %%
show(parameter_search.anneal)

# %%
grid = parameter_search.grid(32_000)


def one_loop():
    return min(parameter_search.anneal(setting) for setting in grid)


def half_each(pool):
    return min(pool.map(parameter_search.anneal, grid, chunksize=len(grid) // 2))


# %%
def one_at_a_time(pool):
    return min(pool.map(parameter_search.anneal, grid))


def longest_first(pool):
    return min(pool.map(parameter_search.anneal, sorted(grid, reverse=True)))


# %%
predict("one-at-a-time", "One at a time, in this order: how many times as fast as the loop?")

# %%
searched = compare_programs(
    one_loop,
    {"half each": half_each, "one at a time": one_at_a_time, "longest first": longest_first},
    worker=parameter_search.anneal,
    tasks=grid,
    progress=ProgressBar("searching"),
)
compare("one-at-a-time", searched.speedup("one at a time"), "times")
print("every program's result is the loop's:", searched.right)

# %%
ax = plot_programs(searched)
tell(*searched.in_words())

# %% [markdown]
# By the steps alone, one at a time is 1.8 times as fast: the three longest come last, one worker
# gets two of them, and the other one idles. **Longest first**, 2.0: the short ones fill the gaps
# (lesson 06).
#
# All four cases in one table. `python -m tools.benchmarks.case_studies` runs them in full size.

# %%
folder.cleanup()
cases = {"images": developed, "simulation": simulated, "text": crunched, "search": searched}
for name, one in cases.items():
    tell(
        f"{name}: {one.speedup_range(one.last):.2f} times as fast as the loop, "
        f"{one.of_ceiling(one.last):.0%} of the ceiling"
    )
print("right results in all four:", all(one.right for one in cases.values()))

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
