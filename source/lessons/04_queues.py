# %% [markdown]
# By default processes share no memory, so they send each other objects. A **queue** is the usual
# way: one process puts, another one gets. The first program with a queue is easy. The next ones
# hang, and nearly all of them hang for one of a few reasons. Each of these happens here, safely, so
# that you will recognize it at work.
#
# **You will be able to**
#
# - pass items between several processes that put and several that get, and make all of them end;
# - say why a program with a queue hangs, from what its processes are waiting for;
# - give every result a path back to the parent, failures and crashes included.
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
from multiprocessing import JoinableQueue, Pipe, Process, Queue, SimpleQueue
from queue import Empty, Full
from time import perf_counter

# %%
from helpers.claims import claim, tell
from helpers.diagnosis import diagnose, what_each_waits_for
from helpers.measure import flow_in_words, run_pipeline
from helpers.plots import plot_flow
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.widgets import PipelineExplorer, compare, predict
from helpers.workers import pipeline
from helpers.workers.queues import (
    consume, crash, divide, make_items, produce, put_and_leave, say_done, square, use_items,
)  # fmt: skip

# %% [markdown]
# ## One process puts, another gets
#
# The smallest program with a queue: the child puts a word, and the parent gets it. This is all that
# the child does:

# %%
show(say_done)

# %%
answers = Queue()
child = Process(target=say_done, args=(answers,))
child.start()
answer = answers.get()
child.join()
print(answer)

# %% tags=["claim"]
claim("Q2", answer == "done" and child.exitcode == 0)

# %% [markdown]
# `get` waits until an item arrives. You don't ask whether the child has finished.
#
# Pass the queue to the child as an argument, as here. A queue that the child finds by a global name
# may be *another queue* (lesson 03): then the parent waits for items that the child has put
# elsewhere. And keep a name for the queue in the parent until you have joined the child.

# %% [markdown]
# ## Several processes can share one queue
#
# Three **producers** put items into one queue, and four **consumers** get them. Each consumer
# counts what it gets, in a `Counter`: a dict that holds, for each item, how often it came. (Its
# `total()` is the sum.) It stops when it gets `None`, and then reports its counts. There are no
# locks in this code; the queue has its own.

# %%
show(produce)

# %%
show(consume)

# %%
predict(
    "items-in-all",
    "Each producer puts 1,000 items. How many items do the four consumers get, taken together?",
    "items",
)

# %%
tasks, reports = Queue(), Queue()
producers = [Process(target=produce, args=(name, 1_000, tasks)) for name in "ABC"]
consumers = [Process(target=consume, args=(tasks, reports)) for _ in range(4)]
for process in producers + consumers:
    process.start()
for producer in producers:
    producer.join()

# %% [markdown]
# The producers have ended, so no more items will come. The consumers can't know that: each will
# wait for one more. So we put a **sentinel** for each consumer, an item that means *there is no
# more work*, usually `None`. It is also called a **poison pill**.

# %%
for _ in consumers:
    tasks.put(None)
counts = [reports.get() for _ in consumers]  # one report from each consumer
for consumer in consumers:
    consumer.join()

# %%
total = Counter()
for one in counts:
    total.update(one)  # adds the counts
compare("items-in-all", total.total(), "items")
tell("each consumer got " + ", ".join(str(one.total()) for one in counts))
print("different items:", len(total), "   gotten more than once:", total.total() - len(total))

# %% tags=["claim"]
expected = Counter((name, number) for name in "ABC" for number in range(1_000))
claim("Q1", total == expected and len(counts) == 4)

# %% [markdown]
# A queue is no radio: it doesn't broadcast. Each item goes to exactly one consumer, whichever is
# free. How many items each one gets differs from run to run. Items from *one* producer stay in
# order; items from several producers are mixed.
#
# Why join the producers before you put the sentinels? If you put a sentinel too early, a consumer
# gets it before the later items, and stops. Put it only when you know that all items are in.

# %% [markdown]
# ## A sentinel is an item like any other
#
# Three processes, the parent and two consumers: the consumers get six items, and then as many
# sentinels as you say. This is the whole program:

# %%
show("one_end_each.py")

# %%
predict("that-end", "With ONE sentinel: how many of the three processes end?", "of 3", high=3)

# %% [markdown]
# `run_safely` (lesson 02) runs a program that may hang. With `still=0.5` it stops the program once
# all of its processes have waited, without a timeout, for half a second. Only Linux can see that;
# elsewhere the program runs until the `limit`, in seconds. The report has each child's state at the
# end. `what_each_waits_for` says in which call each process was waiting.


# %%
def outcome(report):
    if report.exit_code is None:  # run_safely stopped it
        return "hangs"
    return report.verdict


stuck = run_safely("one_end_each.py", 1, limit=5, still=0.5)
right = run_safely("one_end_each.py", 2)
ended = sum(child.state != "alive" for child in stuck.children) + (stuck.exit_code is not None)
compare("that-end", ended, "of 3")
print("one sentinel: ", outcome(stuck))
print("two sentinels:", outcome(right))
tell(*what_each_waits_for(stuck))

# %% [markdown]
# One consumer got the sentinel, and with that it was gone from the queue, like any other item. The
# other one waits in `get` for an item, and no process is left that would put one. The parent has
# nothing left to do, and can't end either: it waits in `join` for that consumer.
#
# > **In practice.** Put one sentinel for each consumer, after the last item. If your items can be
# > `None`, choose a value that no item has, such as `"stop"`, and compare it with `==`: what
# > arrives is a copy. (`is` works for `None`, because a process has only one.)
# >
# > **In an interview.** "How do you stop your workers?" A weak answer asks whether the queue is
# > empty, or terminates them. A strong one puts one poison pill for each consumer after the last
# > item, and joins them.

# %% [markdown]
# ## A bounded queue makes the faster side wait
#
# A `Queue()` takes any number of items (on macOS 32,767). If the producers are faster than the
# consumers, it grows, and so does the memory. `Queue(maxsize=2)` has room for two items. When it is
# full, `put` waits until a process gets an item. Both `put` and `get` take a `timeout`, in seconds:

# %%
small = Queue(maxsize=2)
small.put("first")
small.put("second")
try:
    small.put("third", timeout=0.1)
except Full:
    print("Full: there was no room within 0.1 s")

# %%
print(small.get(), small.get())
try:
    small.get(timeout=0.1)
except Empty:
    print("Empty: nothing came within 0.1 s")

# %% [markdown]
# Now a pipeline: one process makes items, and another one uses them. Making an item takes 4 ms, and
# using one takes 12 ms.

# %%
show(make_items)

# %%
show(use_items)

# %% [markdown]
# Without `maxsize`, 40 items take the producer at least 40 × 4 ms = 0.16 s.

# %%
predict(
    "producer-bounded",
    "With maxsize=5: how long does the producer need for its 40 items?",
    "seconds",
)


# %%
def producer_seconds(maxsize):
    tasks, reports = Queue(maxsize), Queue()  # a maxsize of 0 is no bound
    consumer = Process(target=use_items, args=(0.012, tasks))
    producer = Process(target=make_items, args=(40, 0.004, tasks, reports))
    consumer.start()
    producer.start()
    seconds = reports.get()
    tasks.put(None)
    producer.join()
    consumer.join()
    return seconds


# %%
tell(f"without a bound: {producer_seconds(0):.2f} s")
compare("producer-bounded", producer_seconds(5), "seconds")

# %% [markdown]
# With the bound, the producer can be only five items ahead. After that it puts an item each time
# the consumer has taken one: every 12 ms or more, at least 0.4 s in all. That is **back-pressure**:
# the slow side holds back the fast side. It costs waiting instead of memory.
#
# > **In practice.** Bound a queue whose input may be long, and start the consumers before you fill
# > it. But if you put all tasks before you read a result, don't bound the queue of results too:
# > once both queues are full, parent and workers all wait in `put`.
# >
# > **In an interview.** "Your producer is faster than your consumers. What happens?" A weak answer
# > says that at some point the queue is full. A strong one says that without `maxsize` the memory
# > grows, and that with it `put` waits: back-pressure.

# %% [markdown]
# ## `put` returns before anything is sent
#
# What you put doesn't go to the other process at once. The first `put` starts a thread in *this*
# process. `threading.enumerate()` lists the threads that run:

# %%
before = threading.enumerate()
queue = Queue()
queue.put("hello")
print([thread.name for thread in threading.enumerate() if thread not in before], queue.get())

# %% [markdown]
# `put` appends your object to a buffer in the memory of this process, and returns. A thread of the
# queue, the **feeder thread**, takes the objects from the buffer, pickles them, and writes the
# bytes into a *pipe*, a channel of the operating system (lesson 05). The process that gets reads
# the bytes and builds the object from them: it *unpickles*.
#
# ```text
#        the process that puts                          the process that gets
#  put() ──▶ buffer ──▶ feeder thread ──▶ ══ pipe ══ ──▶ get()
#          any length   pickles, writes   little room    reads, unpickles
# ```
#
# So `put` is fast even with a large object; the feeder thread and `get` do the slow part. We put
# one, and then the list `["a"]`, to which we append a `"b"`. No process gets yet, so at that moment
# the feeder thread is still busy with the large object.

# %%
predict("letters", "How many letters are in the list that arrives?", "letters")

# %%
large = bytes(20_000_000)  # 20 million zero bytes
began = perf_counter()
queue.put(large)
put_took = perf_counter() - began
letters = ["a"]
queue.put(letters)
letters.append("b")
began = perf_counter()
queue.get()  # the large one
get_took = perf_counter() - began
tell(f"of 20 MB, put() took {put_took * 1000:.1f} ms, get() {get_took * 1000:.1f} ms")

# %%
received = queue.get()
compare("letters", len(received), "letters")
print(received, "   the same list:", received is letters)

# %% [markdown]
# Two letters, although we appended the second one after `put`: the list was pickled later. And what
# arrives is a **copy**, even within one process. Usually the feeder thread is not busy, and then
# luck decides whether it sends one letter or two.
#
# **What goes wrong.** Pickling later also means *failing* later. This child puts a function without
# a name, which can't be pickled:

# %%
show("puts_a_lambda.py")

# %%
report = run_safely("puts_a_lambda.py", 1, limit=5, still=0.5)
printed = report.output.splitlines()
print(printed[0], "- and the program", outcome(report))
tell(printed[-1])

# %% [markdown]
# `put` raised nothing. The error appeared in the feeder thread, which printed a traceback (you see
# its last line), threw the item away and went on. The parent waits for an item that was never sent.
# If the child had ended right after `put`, you would usually not even see a traceback: while a
# process exits, its feeder thread stops silently at such an item. The items behind it are lost too,
# and the exit code is 0.
#
# > **In practice.** Don't change an object after you have put it. Put plain data: numbers, text,
# > lists, dicts.
# >
# > **In an interview.** "`put` has returned. Where is the item?" A weak answer says: in the other
# > process. A strong one says: in a buffer of this process, perhaps not even pickled, or in the
# > pipe.

# %% [markdown]
# ## A child can't exit until its feeder thread has written everything
#
# Before a process exits normally, it waits for its feeder threads, so that they can write what was
# put. How much can it write while no process reads? We fill a pipe without a queue (`fileno()` is
# the operating system's number for one end):

# %%
if sys.platform == "win32":
    tell("a pipe's room can't be measured in this way on Windows")
else:
    reader, writer = Pipe(duplex=False)  # its two ends, one to read from (lesson 05)
    os.set_blocking(writer.fileno(), False)  # write what fits, and don't wait
    room = os.write(writer.fileno(), bytes(1_000_000))
    tell(f"of 1,000,000 bytes, {room:,} fit into the pipe")
    reader.close()
    writer.close()

# %% [markdown]
# On most Linux machines that is 64 KiB, 65,536 bytes. (On macOS and Windows it can be less.) Now
# read this program. The parent joins the child *first*, and gets *afterward*:

# %%
show("join_then_get.py")

# %% [markdown]
# We run it with 100, with 1,000 and with 100,000 bytes.

# %%
predict("join-then-get", "How many of these three runs hang?", "of 3 runs", high=3)


# %%
def join_then_get(size):
    return run_safely("join_then_get.py", size, limit=5, still=0.5)


reports = {size: join_then_get(size) for size in (100, 1_000, 100_000)}
for size, report in reports.items():
    print(f"{size:>7} bytes: {outcome(report)}")
outcomes = [outcome(report) for report in reports.values()]
compare("join-then-get", outcomes.count("hangs"), "of 3 runs")

# %% [markdown]
# With 1,000 bytes the program ends, although nothing had been read when the child exited. With
# 100,000 it hangs, and no line was changed. If everything that the child has put fits into the
# pipe, its feeder thread can write it, and the child exits, read or not. If not, what does each
# process wait for?

# %%
report = reports[100_000]
for line in what_each_waits_for(report):
    print(line)
print(diagnose(report))

# %% [markdown]
# Read the first three lines together. The parent waits for the child to exit. The child's main
# thread has finished `work` and waits for its feeder thread. The feeder thread waits for room in
# the pipe, that is, for a process that reads. The parent would read in its *next* line. Each waits
# for another one: a **deadlock**.

# %% [markdown]
# The fix is an order: **get first, then join.** These two lines change places:

# %%
show("get_then_join.py")

# %%
fixed = {size: run_safely("get_then_join.py", size) for size in (100, 100_000, 10_000_000)}
for size, report in fixed.items():
    print(f"{size:>10} bytes: {outcome(report)}")

# %% tags=["claim"]
all_end = all(outcome(report) == "ended" for report in fixed.values())
claim("R7", outcome(reports[100_000]) == "hangs" and all_end)

# %% [markdown]
# > **In practice.** Know how many items will come, get that many, then join. If you can't know, let
# > each producer put a sentinel at its end, and read until you have seen all of them.
# >
# > **In an interview.** "It works with small inputs and hangs with large ones. Why?" A weak answer
# > says that the queue is full; but this one has no `maxsize`. A strong one names the feeder
# > thread, the pipe's capacity, and the order of `get` and `join`.

# %% [markdown]
# ## A failure is a result, too
#
# An exception in a child ends that child. The parent, which waits in `get`, doesn't find out:

# %%
show("producer_dies.py")

# %%
print(diagnose(run_safely("producer_dies.py", limit=5, still=0.5)))

# %% [markdown]
# Two things are missing. First, an answer for *every* task, so that the parent can count on as many
# answers as there are tasks. This worker catches what fails and sends it, as a text: not every
# exception can be pickled.

# %%
show(divide)

# %%
tasks, answers = Queue(), Queue()
worker = Process(target=divide, args=(tasks, answers))
worker.start()
for task in (1, 2, 0, 5, None):
    tasks.put(task)
answered = [answers.get() for _ in range(4)]
worker.join()
for answer in answered:
    print(answer[:2])

# %% [markdown]
# Task 0 failed, and the worker went on. Second, a worker can die without any answer, as `crash`
# does. A queue doesn't notice that. So wait with a timeout, and look at the process in between:

# %%
show(crash)


# %%
def next_answer(answers, process):
    while True:
        alive = process.is_alive()  # look first ...
        try:
            return answers.get(timeout=0.2)  # ... and then read
        except Empty:
            if not alive:
                return (None, "gone", process.exitcode)


# %%
heard = []
for target in (divide, crash):
    tasks, answers = Queue(), Queue()
    worker = Process(target=target, args=(tasks, answers))
    worker.start()
    tasks.put(4)
    tasks.put(None)
    heard.append(next_answer(answers, worker))
    worker.join()
print(heard)

# %% tags=["claim"]
numbers_and_outcomes = [answer[:2] for answer in answered]
every_task = numbers_and_outcomes == [(1, "ok"), (2, "ok"), (0, "error"), (5, "ok")]
claim("B2", every_task and heard == [(4, "ok", 15), (None, "gone", 3)])

# %% [markdown]
# The order in `next_answer` matters. A process that has exited normally has written all that it put
# (unless an item can't be pickled), so one more `get` is enough. If you looked at the process
# *after* reading, it could put its answer and exit in between, and you would call it lost.
#
# > **In practice.** For each result, know which process puts it, which one gets it, what says that
# > it was the last, and what comes instead when something fails. For tasks that return a value, an
# > executor (lesson 06) does all of this.
# >
# > **In an interview.** "A worker crashes. What does your parent do?" A weak answer waits in `get`.
# > A strong one has a timeout or waits for the process, too, and sends errors as results.

# %% [markdown]
# **You can now**
#
# - pass items between several producers and consumers, and end each consumer with a sentinel;
# - say why a program with a queue hangs, from what its processes wait for, and fix it;
# - give each result a path back: an answer for every task, and a check for workers that died.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### See a pipeline wait
#
# `run_pipeline` runs loops like `make_items` and `use_items` with 20 items. Making one takes 4 ms
# again, and using one 12 ms. It notes the time of each step, to draw it. Its code is longer because
# of these notes, and because all processes begin at one moment. You need not read it:

# %%
show(pipeline)

# %%
predict("longest-queue", "20 items, no bound: how many wait in the queue at most?", "items")

# %%
free = run_pipeline(items=20, make=0.004, use=0.012)
bounded = run_pipeline(items=20, make=0.004, use=0.012, bound=5)
compare("longest-queue", free.longest, "items")
tell(f"with maxsize=5, at most {bounded.longest} items")
tell(f"in all: {free.seconds:.2f} s without a bound, {bounded.seconds:.2f} s with maxsize=5")

# %% [markdown]
# Without a bound, the queue grows as long as the producer works: to about 13 items, which is 20
# minus the 7 that the consumer has gotten in 20 × 4 ms. Both pipelines take about the same time in
# all, because the slower side sets the pace. Now see which process waits in the bounded pipeline:

# %%
ax = plot_flow(bounded)
tell(*flow_in_words(bounded))

# %% [markdown]
# Each row is a process. Hatched or dotted time is waiting. Once the queue is full, the producer
# spends most of its time in `put()`, and the consumer always has something to do.

# %% [markdown]
# ### Try it: a pipeline of your own
#
# Move the sliders, press Run, and find out three things. With 1 producer, how many consumers does
# it take until the producer never waits? What does a bound (`maxsize`) of 1 cost, compared with 5?
# What changes with items of 1,000,000 bytes?

# %%
PipelineExplorer(producers=2, consumers=3, items=80, bound=5)

# %% [markdown]
# ### `empty()` and `qsize()` are no basis for a decision
#
# An item that was put waits for a moment in the buffer, and then in the pipe. `empty()` asks only
# whether there are bytes in the pipe *now*. So right after `put` it can be True:

# %%
queue, early = Queue(), 0
for _ in range(100):
    queue.put("an item")
    early += queue.empty()
    queue.get()
tell(f"empty() was True {early} times in 100, each time right after an item was put")

# %% [markdown]
# It gets worse with another process. This child makes 40 items and puts them. Right after
# `start()`, the parent gets items in a loop that begins with `while not queue.empty()`.

# %%
predict("found", "How many of the 40 items does the loop get before it ends?", "items", high=40)

# %%
queue, reports = Queue(), Queue()
child = Process(target=make_items, args=(40, 0.004, queue, reports))
child.start()
found = []
while not queue.empty():
    found.append(queue.get())
compare("found", len(found), "items")
rest = [queue.get() for _ in range(40 - len(found))]
child.join()
print("all came in the end:", found + rest == list(range(40)))

# %% [markdown]
# The child usually needs longer to start, and to make its first item, than the parent needs to ask
# (lesson 02). *Nothing there yet* does not mean *nothing more to come*. There is also `qsize()`,
# the number of items:

# %%
queue.put("an item")
try:
    tell(f"at the same moment, qsize() is {queue.qsize()} and empty() is {queue.empty()}")
except NotImplementedError:
    tell("macOS can't read the count, so qsize() raises NotImplementedError")
print(queue.get())

# %% [markdown]
# `qsize()` counts what was put and not yet gotten, wherever it is; `empty()` looks into the pipe.
# They can contradict each other. And even a true answer is about the past: another process may put
# or get before your next line. `get_nowait()`, the same as `get(block=False)`, raises `Empty` for
# an item that is not in the pipe yet, and while another process is in `get`. **Count what you
# expect, or read up to the sentinels.**
#
# > **Elsewhere.** A queue counts its items with a semaphore, a counter that processes share. On
# > macOS its value can't be *read*, so `qsize()` raises `NotImplementedError`. It does count there,
# > up to 32,767: then a `Queue()` without `maxsize` is full, and a larger `maxsize` raises
# > `OSError`. (We read this in Python's source and in CPython issue 119534. We have not run it.)

# %% [markdown]
# ### `SimpleQueue` has no feeder thread
#
# A `SimpleQueue` is a pipe with locks around it. Its `put` pickles and writes by itself: what
# arrives is what you put, and an object that can't be pickled raises in `put`. Now put an item and
# ask `empty()`, 100 times. (With a `Queue`, it can be True, although the item was put.)

# %%
predict("simple-empty", "With a SimpleQueue: how often is empty() True?", "of 100", high=100)

# %%
simple, early = SimpleQueue(), 0
for _ in range(100):
    simple.put("an item")
    early += simple.empty()
    simple.get()
compare("simple-empty", early, "of 100")
try:
    simple.put(lambda: 1)
except Exception as error:
    tell(f"put() raised {type(error).__name__}")

# %% [markdown]
# When this `put` returns, the item is in the pipe. The price: `put` waits when the pipe is full,
# there is no `maxsize` and no timeout, and `join_then_get.py` would hang as well, inside `put`. Use
# a `SimpleQueue` for few, small messages.

# %% [markdown]
# ### A `JoinableQueue` has a `join()` of its own
#
# A `JoinableQueue` counts: each `put` adds one, each `task_done()` subtracts one, and `join()` *of
# the queue* waits for zero.

# %%
show(square)

# %%
predict(
    "ended-workers",
    "Two workers, six tasks. When tasks.join() returns, how many workers have ended?",
    "workers",
)

# %%
tasks, results = JoinableQueue(), SimpleQueue()
workers = [Process(target=square, args=(tasks, results)) for _ in range(2)]
for worker in workers:
    worker.start()
for task in range(6):
    tasks.put(task)
tasks.join()
ended = sum(not worker.is_alive() for worker in workers)
print("results:", sorted(results.get() for _ in range(6)))

# %%
compare("ended-workers", ended, "workers")
for _ in workers:
    tasks.put(None)
for worker in workers:
    worker.join()

# %% [markdown]
# None has ended: the queue's `join()` waits for the work, not for the workers, and these wait for
# the next batch. That is what a `JoinableQueue` is for. One `task_done()` too many raises
# `ValueError`. One too few, and `join()` never returns:

# %%
show("done_or_not.py")

# %%
forgot = run_safely("done_or_not.py", "forgets", limit=5, still=0.5)
print("forgets:", outcome(forgot), "-", diagnose(forgot).name)
print("marks:  ", outcome(run_safely("done_or_not.py", "marks")))

# %% [markdown]
# ### Don't kill or terminate a process that uses a queue
#
# People kill a process to end a hang. What does that do to its queue? That depends on the moment.
# First, a consumer dies while it *works*: `crash` (above) gets an item and ends at once. Two items
# and a `None` are in the queue. Then a second consumer runs `consume`.

# %%
predict("after-a-crash", "How many of the two items does the SECOND consumer get?", high=2)

# %%
tasks, reports = Queue(), Queue()
for item in ("first", "second", None):
    tasks.put(item)
dies = Process(target=crash, args=(tasks, reports))
dies.start()
dies.join()
second = Process(target=consume, args=(tasks, reports))
second.start()
got_by_second = reports.get()
second.join()
compare("after-a-crash", got_by_second.total())
print(dict(got_by_second))

# %% [markdown]
# The queue still works, but it doesn't give back the item that the dead consumer had: that item is
# lost. Now a consumer that *waits* in `get`. We end it, start a second one, and put an item.

# %%
show("ends_a_consumer.py")

# %%
runs = {}
for how in ("kill", "terminate", "sentinel"):
    runs[how] = run_safely("ends_a_consumer.py", how, limit=8, still=0.5)
    print(f"{how:9}: {outcome(runs[how])} {runs[how].output.strip()}")

# %% tags=["claim"]
hang = [outcome(runs[how]) == "hangs" and not runs[how].output for how in ("kill", "terminate")]
right = outcome(runs["sentinel"]) == "ended" and runs["sentinel"].output.count("got:") == 1
claim("R6", all(hang) and right)

# %%
for line in what_each_waits_for(runs["kill"]):
    print(line)

# %% [markdown]
# Only one process at a time may read from the pipe, and the process that waits in `get` for an item
# holds the lock for that. The killed one took the lock with it: the system doesn't release it. The
# item is there, and no process can ever read it: the kill *causes* a hang. Every `get(timeout=…)`
# raises `Empty`.
#
# On Linux and macOS, a *producer* that is killed while its feeder thread writes can leave half of a
# large message in the pipe. Then `get` waits for the other half, and its timeout doesn't help: it
# ends the wait for the first byte only. The write lock is gone too, so no other producer can send.
#
# > **In practice.** End consumers by sentinels. If you must kill or terminate one, stop using all
# > the queues that it had, and create new ones.

# %% [markdown]
# ### `cancel_join_thread()` lets a process exit, and loses what it has not sent
#
# After `cancel_join_thread()`, this process no longer waits for the queue's feeder thread when it
# exits. With it, `join_then_get.py` would no longer hang in `join`. But look what becomes of 10,000
# items:

# %%
show(put_and_leave)

# %%
results = Queue()
child = Process(target=put_and_leave, args=(10_000, results))
child.start()
child.join()
arrived = 0
try:
    while True:
        results.get(timeout=0.5)
        arrived += 1
except Empty:
    tell(f"{arrived} of 10,000 items arrived")
print("some were lost:", arrived < 10_000, "   exit code:", child.exitcode)

# %% [markdown]
# Only what fit into the pipe arrived, or less, and the exit code is 0. The feeder thread may also
# take the queue's write lock with it (Windows has none), so that no other process can send anything
# anymore. Use `cancel_join_thread()` only in a process whose items no process needs.

# %% [markdown]
# ### Closing a queue: `close` and `shutdown`
#
# `close()` says that *this* process no longer uses the queue: from then on, `put` and `get` raise
# `ValueError` here. The other processes don't learn of it.
#
# `queue.Queue`, the one for threads, has a `shutdown()` since Python 3.13: from then on, `put`
# raises `queue.ShutDown`, and `get` does so once the queue is empty (with `immediate=True` at
# once). That replaces sentinels. The queue of a manager (lesson 05) is such a queue, so it has
# `shutdown()` as well. A `multiprocessing.Queue` has none, up to Python 3.15:

# %%
print("multiprocessing.Queue has shutdown():", hasattr(queue, "shutdown"))

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
