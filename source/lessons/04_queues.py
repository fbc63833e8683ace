# %% [markdown]
# Processes share no memory, so they send each other things. A **queue** is the usual way: one
# process puts, another gets. The first lines with it are easy. Then come the programs that hang,
# and nearly all of them hang for one of a few reasons. You will see each of these happen, safely,
# and know it again.
#
# **You will be able to**
#
# - carry items between several producers and consumers, and bring them all to an end;
# - say why a program with a queue hangs, from where its processes stand;
# - give every result, failures included, a clear path back.
#
# **You need** lessons 00 to 03.

# %%
# %load_ext helpers.magics

# %%
import multiprocessing
import os
import sys
import threading
from collections import Counter
from multiprocessing import Barrier, JoinableQueue, Pipe, Process, Queue, SimpleQueue, connection
from queue import Empty, Full

# %%
from helpers.claims import claim, tell
from helpers.diagnosis import diagnose
from helpers.measure import flow_in_words
from helpers.plots import plot_flow, plot_lengths
from helpers.measure import run_pipeline
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.diagnosis import what_each_waits_for
from helpers.widgets import PipelineExplorer, compare, predict

# %% [markdown]
# ## One end puts, the other gets
#
# Here is what the children of this lesson do. Children find a function by its module, so the cell
# is written to a file, `work_04.py`.

# %%
# %%module work_04
from multiprocessing import Barrier, Queue


def say_done(answers: Queue) -> None:
    answers.put("done")


def produce(name: str, count: int, tasks: Queue) -> None:
    for number in range(count):
        tasks.put((name, number))


def consume(name: int, started: Barrier, tasks: Queue, results: Queue) -> None:
    results.put((name, tasks.get()))
    started.wait()  # until each of the consumers has got one
    for task in iter(tasks.get, None):  # get, until a None comes
        results.put((name, task))


# %% [markdown]
# The smallest program with a queue: the child puts a word, the parent gets it. `get` waits until
# there is something, so nobody has to ask whether the child is done.

# %%
answers = Queue()
child = Process(target=work_04.say_done, args=(answers,))
child.start()
answer = answers.get()
child.join()
print(answer)
claim("Q2", answer == "done" and child.exitcode == 0)

# %% [markdown]
# What comes out is not what went in. It is a **copy**: the object is pickled, its bytes go through
# a *pipe*, a channel of the operating system (lesson 05), and on the other side a new object is
# made of them. That is so even inside one process:

# %%
numbers = [1, 2, 3]
answers.put(numbers)
received = answers.get()
print("equal:", received == numbers, "   the same list:", received is numbers)

# %% [markdown]
# ## Each item goes to one consumer
#
# A queue is not a radio. Several consumers may get from one queue, and each item goes to exactly
# one of them. Inside the queue there are locks, so that no two readers ever get in each other's
# way. You write none.

# %%
predict(
    "items-in-all",
    "Three producers put 1,000 items each into ONE queue. How many do four consumers get in all?",
    "items",
)

# %%
started, tasks, results = Barrier(4), Queue(), Queue()
producers = [Process(target=work_04.produce, args=(name, 1_000, tasks)) for name in "ABC"]
consumers = [Process(target=work_04.consume, args=(n, started, tasks, results)) for n in range(4)]
for process in producers + consumers:
    process.start()
for producer in producers:
    producer.join()

# %% [markdown]
# All 3,000 items are in the queue now, or already out of it. A consumer can't know that: it waits
# for one more. So we put a **sentinel** for each of them, an item that means *no more will come*.
# `None` is the usual one, and `iter(tasks.get, None)` in the consumer stops at it.
#
# Why wait for the producers first? Because a sentinel that is put too early overtakes items that
# are still to come. Only who knows that all items are in may put it.

# %%
for _ in consumers:
    tasks.put(None)
received = [results.get() for _ in range(3_000)]
for consumer in consumers:
    consumer.join()
nothing_more = results.empty()  # to be trusted here: all who could put something have ended

# %%
counted = Counter(task for _, task in received)
expected = Counter((name, number) for name in "ABC" for number in range(1_000))
by_consumer = Counter(name for name, _ in received)
compare("items-in-all", len(received), "items")
tell("each consumer got " + ", ".join(map(str, by_consumer.values())))
print("lost:", (expected - counted).total(), "   more than once:", (counted - expected).total())
claim("Q1", counted == expected and nothing_more and len(by_consumer) == 4)

# %% [markdown]
# Compare the two counters, not two totals: one item lost and another one twice would add up to the
# right total. Who gets how many is decided by who is free first, and differs from run to run. So
# does the order of the results. Items of *one* producer do stay in order in the queue.

# %% [markdown]
# ## One sentinel for each consumer
#
# Now the first of the hangs. Two consumers, six items, and as many sentinels as its argument says:

# %%
show("one_end_each.py")

# %%
predict("consumers-that-end", "With ONE sentinel: how many of the two consumers end?", "consumers")

# %%
patience = 12 if sys.platform == "linux" else 4  # seconds; Linux shows sooner that all stand still


def outcome(report) -> str:
    return "hangs" if report.exit_code is None else report.verdict


report = run_safely("one_end_each.py", 1, limit=patience, still=0.5)
ended = sum(child.state != "alive" for child in report.children)
compare("consumers-that-end", ended, "consumers")
print("with one: ", outcome(report))
print("with two: ", outcome(run_safely("one_end_each.py", 2)))

# %%
diagnosis = diagnose(report)
print(f"{diagnosis.name}\n  why:  {diagnosis.cause}\n  cure: {diagnosis.cure}")
for where in diagnosis.where:
    print("  at:  ", where.text)

# %% [markdown]
# The two lines together tell it: the main program joins, a consumer gets, and nobody is left who
# puts. A sentinel is an item like any other: it goes to one consumer, and is gone. (`run_safely`
# ended the program: with `still=0.5` as soon as everybody in it had waited for half a second. That
# can be seen on Linux only; elsewhere it takes the whole `limit`.)

# %% [markdown]
# ## A bounded queue makes the faster one wait
#
# A `Queue()` takes any number of items. If producers are faster than consumers, it grows, and so
# does the memory it takes. `Queue(maxsize=n)` has room for `n`: then `put` waits until somebody
# gets. With a timeout it gives up instead.

# %%
small = Queue(maxsize=2)
small.put("first")
small.put("second")
try:
    small.put("third", timeout=0.1)
except Full:
    print("no room for a third")
print(small.get(), small.get())

# %% [markdown]
# Now a real line. One producer makes an item in 4 ms, one consumer uses it in 12 ms. `run_pipeline`
# starts both, with one queue between them, and has each note what it did when. Of three runs we
# keep the one that the rest of the machine disturbed least.

# %%
predict("longest-queue", "40 items, no bound: how many are in the queue at its longest?", "items")


# %%
def best_line(bound: int):
    flows = [run_pipeline(items=40, make=0.004, use=0.012, bound=bound) for _ in range(3)]
    return min(flows, key=lambda flow: flow.seconds)


free, bounded = best_line(bound=0), best_line(bound=5)
compare("longest-queue", free.longest, "items")
ax = plot_lengths({"no bound": free, "bound 5": bounded})

# %%
tell(*flow_in_words(free), *flow_in_words(bounded))
print("the bounded queue stayed short:", bounded.longest <= 5 + 1)

# %% [markdown]
# Without a bound the queue grows while the producer works, and shrinks when it is done. With a
# bound it stays at 5. (It may show one more for a moment: what a consumer has in its hand already,
# it has not noted yet.) Both lines take about the same time, since the consumer sets the pace.
#
# So where did the difference go? Look at who waits:

# %%
ax = plot_flow(bounded)

# %%
waited = bounded.seconds_in("put") > 3 * free.seconds_in("put")
print("with the bound, the producer waits in put():", waited)

# %% [markdown]
# After the first few items the producer spends most of its time in `put`. That is
# **back-pressure**: the slow end holds back the fast one, at the price of a wait and not of memory.
# It is what you want when the input is long and the memory is not.
#
# The price is a new way to hang: if nobody gets, `put` waits forever. So start the consumers
# before you fill a bounded queue.

# %% [markdown]
# ## A queue is a pipe with a clerk
#
# `put` does not write anything into the pipe. It hands the object to a clerk and returns: a thread
# of the same process, called the **feeder thread**, which pickles it and writes the bytes. A
# `SimpleQueue` has no clerk.

# %%
predict("clerks", "How many threads does the first put() of a Queue start in this process?")

# %%
before = set(threading.enumerate())
simple, queue = SimpleQueue(), Queue()
simple.put("by myself")
print("after SimpleQueue.put:", len(set(threading.enumerate()) - before), "new threads")
queue.put("by the clerk")
clerks = set(threading.enumerate()) - before
compare("clerks", len(clerks))
print("after Queue.put:      ", [thread.name for thread in clerks])
print(simple.get(), "/", queue.get())

# %% [markdown]
# The pipe has little room. When it is full, the clerk waits until somebody reads. `Pipe` makes a
# bare one, and this is how much fits (on Windows a pipe can't be asked in this way):

# %%
if sys.platform == "win32":
    tell("a pipe's room can't be measured like this on Windows")
else:
    reader, writer = Pipe(duplex=False)
    os.set_blocking(writer.fileno(), False)  # write what fits, and do not wait
    room = os.write(writer.fileno(), bytes(1_000_000))
    tell(f"of 1,000,000 bytes, {room:,} found room in the pipe")
    reader.close(), writer.close()

# %% [markdown]
# On Linux that is 64 KiB, 65,536 bytes (16 pages, the pieces in which a system hands out memory; on
# the few machines whose pages are larger than 4 KiB it is more). Remember the number; the next
# program will find it by itself.

# %% [markdown]
# ## A child can't end before its queue is read
#
# One more rule of the clerk: a process waits for its clerk before it ends, so that nothing that was
# put is lost. Now read this. The child puts; the parent waits for the child, *and then* reads.

# %%
show("join_then_get.py")

# %%
predict("size-that-hangs", "From how many bytes on does this program never end?", "bytes")


# %%
def join_then_get(size: int):
    return run_safely("join_then_get.py", size, limit=patience, still=0.5)


reports = {size: join_then_get(size) for size in (100, 1_000, 100_000)}
for size, report in reports.items():
    print(f"{size:>7} bytes: {outcome(report)}")

# %% [markdown]
# Nothing was wrong at 1,000 bytes, and no line was changed. Somewhere between 1,000 and 100,000 is
# the size from which it hangs. Halve the distance again and again:

# %%
ends, stuck = 1_000, 100_000
while stuck - ends > 4_000:
    middle = (ends + stuck) // 2
    if outcome(join_then_get(middle)) == "hangs":
        stuck = middle
    else:
        ends = middle
compare("size-that-hangs", stuck, "bytes")
tell(f"it ends with {ends:,} bytes and hangs with {stuck:,}")

# %% [markdown]
# On Linux, 65,536 lies in between: the pipe's room, of which the pickle needs a few bytes for
# itself. That is why this bug passes every test with small data and hangs in production. Now who
# waits for whom?

# %%
report = reports[100_000]
for line in what_each_waits_for(report):
    print(line)

# %% [markdown]
# Read the three together. The parent waits for the end of the child. The child has done its work
# and waits for its clerk. The clerk waits for room in the pipe, so for somebody who reads, and that
# is the parent's next line. It is a circle, in which nobody is wrong alone. `diagnose` knows it:

# %%
print(diagnose(report))

# %% [markdown]
# The cure is an order: **get first, then join.** The other program differs from this one by the
# order of two lines.

# %%
right = {size: run_safely("get_then_join.py", size) for size in (100, 100_000, 10_000_000)}
for size, one in right.items():
    print(f"{size:>10} bytes: {outcome(one)}")
claim("R7", outcome(report) == "hangs" and {outcome(one) for one in right.values()} == {"ended"})

# %% [markdown]
# ## A failure is a result, too
#
# An exception in a child ends the child. The parent, in `get`, learns nothing of it:

# %%
show("producer_dies.py")

# %%
print(diagnose(run_safely("producer_dies.py", limit=patience, still=0.5)))

# %% [markdown]
# Two things were missing. First, an answer for *every* task, `ok` with a value or `error` with a
# text, so that the reader can count on as many answers as there are tasks:

# %%
# %%module work_04_answers
from multiprocessing import Queue

from helpers.workers.children import end_abruptly


def divide(tasks: Queue, answers: Queue) -> None:
    for task in iter(tasks.get, None):
        try:
            answer = ("ok", 60 // task)
        except Exception as error:  # whatever it is, the parent shall know
            answer = ("error", type(error).__name__)
        answers.put((task, *answer))


def crash(tasks: Queue, answers: Queue) -> None:
    tasks.get()
    end_abruptly(3)  # as a crash in C code does: no exception, no answer


# %%
tasks, answers = Queue(), Queue()
worker = Process(target=work_04_answers.divide, args=(tasks, answers))
worker.start()
for task in (1, 2, 0, 5, None):
    tasks.put(task)
answered = [answers.get() for _ in range(4)]
worker.join()
for answer in answered:
    print(*answer)

# %% [markdown]
# Task 0 failed, and the worker went on with the next. (Send an error's text, not the exception: not
# every exception survives pickling.)
#
# Second, a worker that dies without an answer must be noticed. A queue can't notice it, but the
# child's **sentinel** can be asked: `process.sentinel` becomes ready when the process has ended.
# (It shares only its name with the sentinel in a queue.)


# %%
def next_answer(answers: Queue, process: Process) -> tuple:
    """The next answer, or the news that none will come."""
    while True:
        gone = connection.wait([process.sentinel], timeout=0)  # look first ...
        try:
            return answers.get(timeout=0.1)  # ... and then read what it may have left
        except Empty:
            if gone:
                return "nobody", f"the worker ended with exit code {process.exitcode}"


# %%
heard = {}
for name, target in (("divides", work_04_answers.divide), ("crashes", work_04_answers.crash)):
    tasks, answers = Queue(), Queue()
    worker = Process(target=target, args=(tasks, answers))
    worker.start()
    tasks.put(4)
    tasks.put(None)
    heard[name] = next_answer(answers, worker)
    worker.join()
    print(f"{name}:", *heard[name])

# %% [markdown]
# The order in `next_answer` matters. If it looked after reading, an answer that came in between
# would be taken for none. A process that ends in order has put all it had to put by then.

# %%
every_task = [task for task, *_ in answered] == [1, 2, 0, 5]
claim("B2", every_task and answered[2][1] == "error" and heard["crashes"][0] == "nobody")

# %% [markdown]
# This is what *design the communication* means: for each result, know who puts it, who gets it, who
# says that it was the last, and what comes in its place when something fails.

# %% [markdown]
# ## Try it: a line of your own
#
# Move the sliders, press Run, and find three things. With 1 producer, how many consumers does it
# take until the producer is never held back? What does a bound of 1 cost, compared with 5? What
# changes with items of 1,000,000 bytes, and why do the *consumers* then wait longer in `get`?

# %%
PipelineExplorer(producers=2, consumers=3, items=80, bound=5)

# %% [markdown]
# > **In practice.** Know how many items will come and take that many; or read up to the sentinels.
# > Don't decide by `empty()` or `qsize()`: they say what was true a moment ago. Join last. Bound
# > every queue whose input may be long. For tasks that return a value, an executor (lesson 06)
# > does all of this.
# >
# > **In an interview.** "It works with small inputs and hangs with large ones. Why?" A weak answer
# > says that the queue is full; but one without `maxsize` takes any number of items. A strong one
# > names the pipe, the feeder thread and the order of `get` and `join`.
# >
# > **Elsewhere.** macOS and Windows have pipes of other sizes, and the same bug. A queue counts by
# > a shared counter (a semaphore), which on macOS goes up to 32,767: there a queue without
# > `maxsize` is full (CPython issue 119534; not tried here). `queue.Queue` is for threads; from
# > Python 3.13 on it has `shutdown()` for its consumers. `multiprocessing.Queue` has
# > none up to 3.15.

# %% [markdown]
# **You can now**
#
# - carry items between several producers and consumers, and end them with a sentinel each;
# - tell from where its processes wait why a program with a queue hangs, and put it right;
# - give each result a path back: an answer for every task, and an eye on who may die.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### What `empty()` and `qsize()` are worth
#
# What was put is on its way for a moment: with the clerk, or in the pipe. `empty()` asks whether
# there are bytes in the pipe *now*.

# %%
predict("empty-after-put", "We put an item and ask empty(), 100 times. How often is it True?")

# %%
queue, early = Queue(), 0
for _ in range(100):
    queue.put("an item")
    early += queue.empty()
    queue.get()
compare("empty-after-put", early, "times")
print("empty() was True though an item had been put:", early > 0)

# %% [markdown]
# So the loop that everybody writes once, `while not queue.empty()`, ends too soon. How many of
# 1,000 items does it find?

# %%
for number in range(1_000):
    queue.put(number)
found = []
while not queue.empty():
    found.append(queue.get())
rest = [queue.get() for _ in range(1_000 - len(found))]
tell(f"the loop found {len(found)} of 1,000 items; {len(rest)} came later")
print("all came in the end:", sorted(found + rest) == list(range(1_000)))

# %%
queue.put("an item")
try:
    tell(f"at the same moment qsize() says {queue.qsize()} and empty() says {queue.empty()}")
except NotImplementedError:
    tell("qsize() can't be asked on macOS: the system does not count")
print(queue.get())

# %% [markdown]
# `qsize()` counts what was put and not yet got, wherever it is; on macOS it raises
# `NotImplementedError`. Even a true answer is about the past: another process may put or get before
# your next line. Use neither to decide. **Count what you expect, or read up to the sentinels.**

# %% [markdown]
# ### The clerk pickles later
#
# After `put` has returned, that is. So where does the error go, if it can't pickle the object?

# %%
show("puts_a_lambda.py")

# %%
report = run_safely("puts_a_lambda.py", limit=patience, still=0.5)
print("the program", outcome(report))
print(diagnose(report))

# %% [markdown]
# The `put` returned, the child went on and ended with exit code 0; the clerk's traceback went to
# standard error, and the parent waits for an item that was never sent.
#
# *Later* has one more consequence. Here each list is changed right after it was put:

# %%
changed = 0
for _ in range(100):
    letters = ["a"]
    queue.put(letters)
    letters.append("b")  # the clerk may not have come to it yet
    changed += len(queue.get()) == 2
tell(f"{changed} of 100 lists arrived with the letter that was appended after put()")
print("some arrived changed:", changed > 0)

# %% [markdown]
# So **leave alone what you have put**. A `SimpleQueue` pickles in `put` itself: what arrives is
# what was put, and an error is raised where the mistake is.

# %%
simple.put("an item")
print("empty() right after put():", simple.empty())
try:
    simple.put(lambda: 1)
except Exception as error:  # which one, differs between versions of Python
    print("refused in put():", "pickle" in str(error) or "local object" in str(error))

# %% [markdown]
# | | `Queue` | `SimpleQueue` |
# | --- | --- | --- |
# | `put` | returns at once; a clerk writes | writes itself, and waits if the pipe is full |
# | what can't be pickled | is lost later | raises in `put` |
# | `maxsize`, timeouts | yes | no |
# | `empty()` right after a `put` by the same process | may say True | says False |
# | much data, joined before it is read | hangs at the child's end | hangs in the child's `put` |
#
# Take `SimpleQueue` for few and small messages, `Queue` for everything else. Neither may be passed
# to a pool's tasks: a child inherits them when it starts.

# %% [markdown]
# ### `JoinableQueue`: wait for the work, not for the workers
#
# A `JoinableQueue` counts. Each `put` adds one, each `task_done()` takes one away, and `join()` of
# the queue waits for zero.

# %%
# %%module work_04_joinable
from multiprocessing import JoinableQueue, SimpleQueue


def square(tasks: JoinableQueue, results: SimpleQueue) -> None:
    for task in iter(tasks.get, None):
        try:
            results.put(task**2)
        finally:
            tasks.task_done()  # after an error, too


# %%
predict(
    "ended-workers",
    "Two workers, six tasks. When tasks.join() returns, how many workers have ended?",
)

# %%
tasks, results = JoinableQueue(), SimpleQueue()
workers = [Process(target=work_04_joinable.square, args=(tasks, results)) for _ in range(2)]
for worker in workers:
    worker.start()
for task in range(6):
    tasks.put(task)
tasks.join()

# %%
ended = sum(not worker.is_alive() for worker in workers)
compare("ended-workers", ended)
print("results that are there:", sorted(results.get() for _ in range(6)))
for _ in workers:
    tasks.put(None)
for worker in workers:
    worker.join()

# %% [markdown]
# None has ended: they wait for the next batch. That is what a `JoinableQueue` is for, a barrier
# between batches. One `task_done()` too many raises `ValueError`; one too few, and `join()` never
# returns:

# %%
print(
    "one forgotten:  ",
    diagnose(run_safely("done_or_not.py", "forgets", limit=patience, still=0.5)).name,
)
print("all are marked: ", outcome(run_safely("done_or_not.py", "marks")))

# %% [markdown]
# ### Do not end a process that uses a queue
#
# This hang is made by the very means that should end hangs. A consumer waits in `get`. We end
# it, start another one, and put an item.

# %%
show("ends_a_consumer.py")

# %%
predict("after-the-kill", "With `kill`: how many items does the SECOND consumer get?", "items")

# %%
killed = run_safely("ends_a_consumer.py", "kill", limit=patience, still=0.5)
asked = run_safely("ends_a_consumer.py", "sentinel")
compare("after-the-kill", killed.output.count("got:"), "items")
print("after a kill:    ", outcome(killed))
print("after a sentinel:", outcome(asked), "-", asked.output.strip())

# %%
for line in what_each_waits_for(killed):
    print(line)
print(diagnose(killed))

# %% [markdown]
# Only one process at a time may read from the pipe, and who waits in `get` holds the lock for it.
# The killed one took that lock with it. The item is there, and nobody can ever read it. `terminate`
# does the same. And a process that is killed while its clerk writes leaves half a message in the
# pipe: `get` waits for the other half, whatever its timeout. So end a consumer by a sentinel. If
# you must kill one, throw the queue away, too.

# %%
right = outcome(asked) == "ended" and asked.output.count("got:") == 1
claim("R6", outcome(killed) == "hangs" and killed.output.count("got:") == 0 and right)

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
