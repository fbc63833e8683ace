# %% [markdown]
# A queue is one way to bring data to another process. There are three more. A **pipe** is what a
# queue is built on: it is faster, and does less for you. **Shared memory** is a block of bytes that
# several processes see. A **manager** is a process that keeps objects for others.
#
# **You will be able to**
#
# - talk over a pipe, and avoid the three ways in which it hangs or breaks;
# - share an array without a copy, guard it with a lock, and give its memory back;
# - keep an object in a manager, and avoid the two ways in which changes get lost;
# - choose by two questions: which processes take part, and how much data moves?
#
# **You need** lessons 02 to 04.

# %%
import sys
from multiprocessing import Barrier, Lock, Manager, Pipe, Process
from multiprocessing.shared_memory import SharedMemory
from statistics import median
from time import perf_counter

import numpy as np

# %%
from helpers.claims import claim, tell
from helpers.diagnosis import under_every_method
from helpers.measure import Part, above, decided, machine, measure_channels
from helpers.plots import channels_in_words, plot_channels
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.widgets import Placement, ProgressBar, compare, predict
from helpers.workers import channels, managed, pipes, shared_memory

# %% [markdown]
# ## A pipe has two ends
#
# `Pipe()` returns two **connections**, the two ends of one pipe. What you send into one end comes
# out of the other, in the same order. `send()` pickles an object and writes its bytes; `recv()`
# waits for a message, reads its bytes and unpickles them. This is what the child will run:

# %%
show(pipes.answer_in_capitals)

# %%
ours, theirs = Pipe()
child = Process(target=pipes.answer_in_capitals, args=(theirs,))
child.start()
theirs.close()  # the child has its own copy of this end

for word in ("pipe", "dream"):
    ours.send(word)
    print(ours.recv())

# %% [markdown]
# `recv()` waits as long as it takes. `poll(timeout)` waits for at most so many seconds and returns
# whether there is something to read:

# %%
print("something to read:", ours.poll(0.1))
ours.send(None)
child.join()
ours.close()

# %% [markdown]
# That pipe was **duplex**: messages go both ways. `Pipe(duplex=False)` returns *(reader, writer)*,
# and messages go only from the writer to the reader.

# %% [markdown]
# ## `send()` blocks when the pipe is full
#
# A queue's feeder thread does the writing, not `put()`. A pipe has none: `send()` itself writes the
# bytes. The operating system has limited room for them. When it is full, `send()` waits until the
# other side reads. In this program, both sides send first and then receive.

# %%
show("both_send_first.py")

# %% [markdown]
# We run it three times: both send 100 bytes, which fit; the parent sends 1,000,000 bytes, which
# don't fit, and the child 100; both send 1,000,000. `run_safely` ends a run when all of its
# processes have waited for a second (on Linux), or after five seconds. The report's `stop` says
# why; it is empty if the program ended by itself. `stacks()` lists the calls that each process was
# in.

# %%
predict("send-first", "How many of these three runs hang?", "of 3 runs", high=3)

# %%
runs = {}
for sizes in ((100, 100), (1_000_000, 100), (1_000_000, 1_000_000)):
    runs[sizes] = run_safely("both_send_first.py", *sizes, still=1, limit=5)
    print(f"{sizes[0]:,} and {sizes[1]:,} bytes: hangs", runs[sizes].stop != "")
hanging = [sizes for sizes, report in runs.items() if report.stop]
compare("send-first", len(hanging), "of 3 runs")
tell(*runs[1_000_000, 1_000_000].stacks())

# %% [markdown]
# In the second run, the child has soon sent its 100 bytes. It goes on to `recv()`, and makes room.
# In the third one (read the last two lines together), both processes are in `send`. Each waits for
# room, which only a `recv()` of the other one can make: a **deadlock**. So this bug passes every
# test with little data, or with much in one direction.
#
# The fix is an order. One side receives first:

# %%
show("one_receives_first.py")

# %%
print(run_safely("one_receives_first.py", 10_000_000).output)

# %% [markdown]
# ## A pipe ends when every copy of its writing end is closed
#
# When the writing end is closed and everything has been read, `recv()` raises `EOFError`: no more
# will come. A queue has no such end. This program relies on it, and its parent does close the
# writer:

# %%
show("pipe_never_ends.py")

# %%
predict("pipe-hangs", "Under how many of your start methods does it hang?", high=3)

# %%
lens = under_every_method("pipe_never_ends.py", limit=12)
tell(*str(lens).splitlines())  # lens.outcomes is a dict: its row `outcome`
hangs = {method for method, outcome in lens.outcomes.items() if outcome.startswith("hangs")}
compare("pipe-hangs", len(hangs))
print("only fork hangs:", hangs == {"fork"} & set(lens.outcomes))

# %% [markdown]
# The parent closed the writing end in its own process. But a forked child is a copy of its parent,
# open pipes included, so the child has **its own copy of the writing end**, and the pipe can't end
# while that is open. The child waits for itself. Under spawn and forkserver, a child gets only what
# it is given, which was the reader.
#
# The fix: give the child both ends, and let each process close the one that it does not use.

# %%
show("pipe_ends.py")

# %%
cured = under_every_method("pipe_ends.py", limit=20)
print("messages read:", set(cured.printed("messages").values()))
print("outcomes:", set(cured.outcomes.values()))

# %% [markdown]
# `writer.close()` in the child is the cure. For that, the child gets the writer as an argument too.
# With `reader.close()` the parent drops the end that it does not use, so that `send()` raises an
# error if the child dies. It may do so only *after* `start()`: a closed connection can't be handed
# over.
#
# The opposite hangs under **every** start method: a parent that reads until the end while its own
# `writer` is open.

# %% [markdown]
# ## Two processes read from one end
#
# On Linux and macOS, a message is its length, then its bytes. `recv()` reads both, in two or more
# steps, and nothing stops another process from reading in between. Here two children read from one
# end, and print a line for each message that arrives whole. A message has 300,000 bytes, several
# times what fits into the pipe (lesson 04), so it takes several steps.

# %%
show("two_readers.py")

# %%
predict("torn", "100 messages, two readers, no lock: how many arrive whole?", "messages", high=100)

# %%
bare = run_safely("two_readers.py", "bare", still=1, limit=12)
whole = bare.output.count("whole")
compare("torn", whole, "messages")

locked = run_safely("two_readers.py", "locked", still=1, limit=12)
whole_with_lock = locked.output.count("whole")
print("with a lock, whole:", whole_with_lock)

# %% [markdown]
# Without a lock, the readers tear one message apart. On Linux and macOS that spoils the rest: a
# reader takes bytes from the middle of a message for the length of the next one. What follows is
# luck: an `UnpicklingError`, an `EOFError` that looks like a proper end, or a wait without end. Two
# writers tear large messages apart there, too. A queue is the cure: a pipe with locks.
#
# > **In practice.** Two processes: a pipe. More than two: a queue, or a pipe for each of them.
# >
# > **In an interview.** "Your pipe hangs. Why?" A weak answer: a message got lost. A strong one
# > asks which call each process is in: all in `send` (the pipe is full), or a reader in `recv`
# > (some process still has a writing end open).

# %% [markdown]
# ## Shared memory: send the name, not the data
#
# `SharedMemory(create=True, size=…)` asks the operating system for a **block** of bytes with a
# name. A process that knows the name sees the same bytes, as `memory.buf`. NumPy is a library for
# arrays, which hold many numbers of one type. `np.frombuffer(memory.buf, …)` makes an array that
# uses the block's bytes, without a copy. Two children will square a million numbers of 8 bytes
# (`out=numbers` stores the squares in the array itself). One receives our array `numbers`. The
# other one receives the name and the length of a block that holds the same numbers; `shared` is our
# array over that block. Both report how many bytes came through the pipe.

# %%
show(shared_memory.square_copy)

# %%
show(shared_memory.square_in_place)


# %%
def ask(target, message) -> tuple:
    """Return the bytes that reached a child, and the seconds from sending to its answer."""
    ours, theirs = Pipe()
    child = Process(target=target, args=(theirs,))
    child.start()
    theirs.close()
    ours.recv()  # "ready"
    began = perf_counter()
    ours.send(message)
    answer, seconds = ours.recv(), perf_counter() - began
    child.join()
    return answer, seconds


# %%
predict("squared-here", "Afterward, how many of OUR two arrays hold squares?", "of 2", high=2)

# %%
numbers = np.arange(1_000_000, dtype=np.float64)
memory = SharedMemory(create=True, size=numbers.nbytes)
shared = np.frombuffer(memory.buf, np.float64, len(numbers))
shared[:] = numbers

as_message, long = ask(shared_memory.square_copy, numbers)
by_name, short = ask(shared_memory.square_in_place, (memory.name, len(numbers)))
squared = [bool(numbers[10] == 100), bool(shared[10] == 100)]

# %%
compare("squared-here", squared.count(True), "of 2")
print("squares in numbers:", squared[0], "  in shared:", squared[1])
tell(f"as a message: {as_message:,} bytes, {long * 1000:.1f} ms")
tell(f"by name:      {by_name:,} bytes, {short * 1000:.1f} ms")

# %% [markdown]
# The first child got 8 MB and squared a *copy*; to bring the result back it would have to send 8 MB
# again. The second got 34 bytes or so, and the result is already where you look. (You can also pass
# the `SharedMemory` object in `args`: pickled, it is a name and a size.)

# %% [markdown]
# ## Shared memory brings back the race
#
# A block only shares. It tells no process of a change, it makes none wait, and two that write at
# once overwrite each other: `counter[0] += 1` reads, adds and writes, and both can read the same
# number, as with a `Value` (lesson 03). A `Value` has a lock. A block has none, so you make one,
# and hand it over with the name:

# %%
show(shared_memory.add_in_block_with_lock)

# %% [markdown]
# *Deeper* runs this in two processes, with the lock and without it.

# %% [markdown]
# ## Close in every process, unlink once
#
# **`close()`**: *this process* no longer uses the block. Every process that opened it calls it.
# **`unlink()`**: *no process* needs it anymore. The name is gone at once, and the memory is given
# back when the last process has closed it. The **owner** calls it once, normally the process that
# created the block. (On Windows `unlink()` does nothing: a block goes with its last user.)
# `close()` refuses while an array made by `np.frombuffer` uses the memory. (It refuses late:
# `memory.buf` is `None` from then on.) Our block from above is still in use, by the array `shared`:

# %%
try:
    memory.close()
except BufferError as error:
    print("BufferError:", error)

# %%
del shared
memory.close()
memory.unlink()
try:
    SharedMemory(name=memory.name)
except FileNotFoundError:
    print("the block is gone")

# %% [markdown]
# So: first the arrays, then `close()`, then `unlink()`; in a program, in a `finally`. Let
# Python choose the name, as we did: a name that is taken raises `FileExistsError`, for example when
# you run a cell twice.
#
# > **In an interview.** "How do processes share a large array?" A weak answer: by a queue. A strong
# > one counts copies: pickled, written, read and unpickled, against none. Then it says what shared
# > memory does *not* give: no objects, no waiting, no lock, and one process must unlink it.

# %% [markdown]
# ## A manager keeps the object, you hold a proxy
#
# `Manager()` starts a process. `manager.dict()` makes a dict *there*, and gives you a **proxy**: it
# looks like a dict, but each call is a message to that process and an answer back. You can send a
# proxy to other processes, and all of them use the one dict. When the `with` block ends, the
# process ends too, and its objects are gone.

# %%
with Manager() as manager:
    table = manager.dict()
    table["answer"] = 42
    print(type(table).__name__, "of", dict(table))

# %% [markdown]
# A manager can keep only objects of types that were registered with it, its **registered types**:
# `list`, `dict`, `Queue`, `Lock`, `Event` and some more. The values that you put into them must be
# picklable, because they travel as messages.

# %% [markdown]
# ## A list in a manager's dict
#
# This cell puts an empty list into a manager's dict and then calls `table["seen"].append("first")`.

# %%
predict("nested", "How many items are in the list in the dict then?", "items", high=10)

# %%
manager = Manager()  # for several cells; we shut it down at the end
table = manager.dict()
table["seen"] = []
table["seen"].append("first")
compare("nested", len(table["seen"]), "items")
print("the list:", table["seen"])

# %% [markdown]
# A proxy hands out copies: `table["seen"]` returns a *copy* of the list. The append changed the
# copy, which was thrown away: no error, no warning. There are two cures: assign the changed list,
# or put a proxy into the dict.

# %%
seen = table["seen"]
seen.append("first")
table["seen"] = seen

table["others"] = manager.list()
table["others"].append("first")
print(table["seen"], list(table["others"]))

# %% [markdown]
# The other way to lose a change is `table["n"] += 1`: get, then set, in two messages, so two
# processes overwrite each other as they do in shared memory. Whatever takes more than one call on a
# proxy needs a lock that all of them use, such as `manager.Lock()`. (Shown in the optional part.)

# %% [markdown]
# ## What each of them costs
#
# `measure_channels` times each channel: a message to another worker, and its last byte back, as
# proof that all of it came. The messages have from 16 bytes to 256 MiB (268 million bytes), or less
# if memory is short. For a queue or a pipe the worker runs `answer`, with the two methods of the
# channel. A manager keeps two queues, and we and the worker hold proxies of them. In shared memory,
# two semaphores (counters that a process can wait for) tell each side when it is its turn.

# %%
show(channels.answer)

# %%
show(channels.answer_in_place)

# %% [markdown]
# (`_begin` makes the child ignore Ctrl-C and end with its parent; `bytes_of` returns `block.buf`.)
# A queue between threads is there for comparison. Shared memory is measured twice: with the data
# **in place**, so that one byte changes, and with data that is **copied in**.

# %%
tell(*machine.about())
measured = measure_channels(progress=ProgressBar("sizes"))
largest = measured.sizes[-1]
tell(f"16 bytes: {measured.ratio('manager', 'pipe', 16):.1f} times as long by manager as by pipe")

# %%
predict("manager-ratio", "The largest: how many times as long by manager as by pipe?", "times")

# %%
compare("manager-ratio", measured.ratio("manager", "pipe", largest), "times")
ax = plot_channels(measured)
tell(*channels_in_words(measured))

# %% [markdown]
# **Read it from left to right.** On the left the size hardly matters: every message has a price.
# You pay for waking another worker, and for each thread or process in between. On the right, all
# that send bytes rise together, because now the bytes cost most. A manager moves them twice: to its
# own process, and from there to the worker. One copy (*copied in*) is far cheaper than a message.
# The two lines that stay low send nothing. (Where they jump, it is mostly the waking. It takes
# longer after a pause, and from 16 MiB on we send one message after a pause, not many in a row.)
#
# The times of shared memory include waking the other side. Without that, you pay only for the
# write. `measured.of` and `measured.ratio` look up the times in the plot:

# %%
block = SharedMemory(create=True, size=16)
numbers, rounds = block.buf, []
for _ in range(9):
    began = perf_counter()
    for _ in range(10_000):
        numbers[0] = 1
    rounds.append((perf_counter() - began) / 10_000)
write = median(rounds)
del numbers
block.close()
block.unlink()

# %%
by_message = ("process queue", "pipe", "manager")
large = {name: measured.ratio(name, "shared memory", largest) for name in by_message}
small = {name: measured.of(name, 16).seconds / write for name in by_message}
tell(f"one write into shared memory: {write * 1e9:.0f} ns")
for name in by_message:
    tell(f"{name}: 16 bytes {small[name]:,.0f} times that; the largest {large[name]:,.0f} times")


# %% tags=["claim"]
def every_message_costs_more(small: dict, large: dict) -> bool:
    """Return whether each channel took over 10 times a write, and over 5 times a large block."""
    return min(small.values()) > 10 and min(large.values()) > 5


claim("Q4", every_message_costs_more(small, large))

# %% [markdown]
# ## Which one: which processes take part, and how much data moves?
#
# **How tightly are they coupled?** Do they hand over and forget, talk in turns, or work on one
# thing together? And **how much data** moves between them? First choose a channel for each of these
# four. Then compare with the measured times.

# %%
works = {
    "results": "eight workers, each sends a dict of 200 bytes a task",
    "talk": "two processes, question and answer, dicts of 200 bytes",
    "image": "two work on one large array, part by part",
    "settings": "a dict of Python objects, changed now and then by all",
}
placed = Placement("channels", works, ("process queue", "pipe", "shared memory", "manager"))
placed

# %% [markdown]
# The coupling says which channels *can* do it: several processes must not share an end of a pipe,
# and a block holds bytes, not Python objects such as a dict. (With bytes and two semaphores, shared
# memory can carry a talk too: compare it with the pipe in the plot.) Of those that can, the amount
# of data says which is fastest.

# %%
can = {
    "results": (("process queue", "manager"), 256),
    "talk": (("process queue", "pipe", "manager"), 256),
    "image": (("process queue", "pipe", "shared memory", "manager"), largest),
    "settings": (("manager",), 256),
}
fastest = {}
for work, (usable, size) in can.items():
    fastest[work] = min(usable, key=lambda name: measured.of(name, size).seconds)
placed.compare(fastest)


# %% tags=["claim"]
best = {"results": "process queue", "talk": "pipe", "image": "shared memory"}
others = [(name, work) for work in best for name in can[work][0] if name != best[work]]
slower = [measured.ratio_range(name, best[work], can[work][1]) for name, work in others]
kept_whole = "Windows kept all messages whole" if sys.platform == "win32" else ""
coupling = [Part(whole < 100, kept_whole), whole_with_lock == 100]
claim("Q3", **decided(*coupling, *[above(ratio, 1) for ratio in slower]))

# %% [markdown]
# In one table:
#
# | | little data | much data |
# | --- | --- | --- |
# | many hand over to many | queue | queue of names, the data in blocks |
# | two talk in turns | pipe | pipe for the turn, the data in a block |
# | all change one thing | `Value`, `Array`, or a manager | shared memory and a lock |
#
# On the left of the plot, queue, pipe and shared memory differ by less than a millisecond a
# message. A worker that sends ten a second won't notice. So start with a queue, and leave it when
# you have measured that messages take a large part of the time.

# %% [markdown]
# > **In practice.** Send little. If much must move, send *where it is*: a block's name, or a
# > file's. Let one process own each block. Use a manager for what is small and seldom changed.
# >
# > **In an interview.** "When do you use a manager?" A weak answer: to share anything. A strong
# > one: registered types, picklable values, tens of microseconds a call, and a lock for whatever
# > takes more than one call.

# %% [markdown]
# **You can now**
#
# - talk over a pipe without a deadlock, and make it end under every start method;
# - lay an array over shared memory, guard it with a lock, close it and unlink it;
# - use a manager without losing nested changes and `+=`;
# - choose by coupling and amount of data, and support the choice with a measurement.

# %% [markdown]
# ## Deeper

# %%
import multiprocessing
import operator
import pickle
import threading
import time
from multiprocessing import Array, Condition, Event, Pool, Value
from multiprocessing.connection import wait
from multiprocessing.managers import BaseProxy
from multiprocessing.shared_memory import ShareableList

from helpers.diagnosis import diagnose
from helpers.widgets import ChannelExplorer


# %%
def run_two(kind, target, *args) -> None:
    """Run the function in two processes (or threads) at the same time, and wait for both."""
    both = [kind(target=target, args=args) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()


# %% [markdown]
# ### Wait for several pipes, and for a child's end
#
# `recv()` waits for one pipe. `multiprocessing.connection.wait` waits for several, and returns the
# list of those that can be read now. It is how one process serves many.

# %%
show(pipes.send_after)

# %%
readers = []
for seconds in (0.9, 0.1, 0.5):
    reader, writer = Pipe(duplex=False)
    child = Process(target=pipes.send_after, args=(seconds, writer))
    child.start()
    writer.close()
    readers.append(reader)

# %%
order = []
while readers:
    for reader in wait(readers):
        order.append(reader.recv())
        reader.close()
        readers.remove(reader)
tell(f"answers in the order {order}")
print("all three:", sorted(order))

# %% [markdown]
# The answers come in the order in which they are ready, not in the order of the list. An end of the
# pipe makes a reader ready too; `recv()` then raises `EOFError`.
#
# What if the child dies and some process still has the writing end open? Then no end comes. A
# process has a **sentinel** of its own (not the `None` of a queue): something to pass to `wait`
# that becomes ready when the process ends.

# %%
reader, writer = Pipe(duplex=False)  # this process keeps the writing end open
child = Process(target=time.sleep, args=(60,))
child.start()
child.kill()
ready = wait([reader, child.sentinel], timeout=10)
print("the child has ended:", child.sentinel in ready, "   a message came:", reader in ready)
child.join()
reader.close()
writer.close()

# %% [markdown]
# ### What if a process waits too late?
#
# Shared memory tells no process that something has changed. A `Condition` does: one process waits,
# another one notifies. A condition has a lock, and `with condition:` takes it; while a process
# waits, the lock is free. An `Event` is a flag: one process sets it, others wait for it. These
# children wait for at most half a second:

# %%
show(pipes.wait_for_condition)

# %%
show(pipes.wait_for_event)

# %% [markdown]
# We notify the condition and set the event *before* the children start.

# %%
predict("told", "How many of these two children learn of it?", "of 2 children", high=2)

# %%
condition, event = Condition(), Event()
with condition:
    condition.notify_all()
event.set()

ours, theirs = Pipe()
told = {}
for target, what in ((pipes.wait_for_condition, condition), (pipes.wait_for_event, event)):
    child = Process(target=target, args=(what, theirs))
    child.start()
    told[target.__name__] = ours.recv()
    child.join()

# %%
compare("told", sum(told.values()), "of 2 children")
for name, learned in told.items():
    print(f"{name}: {learned}")

# %% [markdown]
# A condition wakes the processes that wait *now*, and remembers nothing: this is a **lost wakeup**.
# An event stays set. With a condition, wait for a fact instead of a notification:
# `condition.wait_for(check)` calls `check` first, under the lock, and waits only while that returns
# a false value. Here the fact is a shared flag:

# %%
show(pipes.wait_for_flag)

# %%
flag = Value("i", 0)
with condition:
    flag.value = 1
    condition.notify_all()

child = Process(target=pipes.wait_for_flag, args=(condition, flag, theirs))
child.start()
print("learned of it:", ours.recv())
child.join()
ours.close()
theirs.close()

# %% [markdown]
# ### NumPy over a `multiprocessing.Array`
#
# `Array("d", 1_000)` is shared memory too. It brings its own lock, and you neither name nor unlink
# it: Python frees it after its last use. But it can be handed over only when a child starts.
# `get_lock()` returns the lock, and `get_obj()` the memory without it.

# %%
show(shared_memory.square_array)

# %%
array = Array("d", 1_000)
numbers = np.frombuffer(array.get_obj())
numbers[:] = np.arange(1_000)
child = Process(target=shared_memory.square_array, args=(array,))
child.start()
child.join()
print("squared by the child:", bool((numbers == np.arange(1_000) ** 2).all()))

# %% [markdown]
# NumPy does not know the lock. `array[5] = 1` takes it, `numbers[5] = 1` does not: hold
# `array.get_lock()` around whatever other processes might do at the same time.

# %% [markdown]
# ### Two processes add to one block
#
# Two children add 1 to the same integer in a block, 200,000 times each, first without a lock:

# %%
show(shared_memory.add_in_block)


# %%
def count_together(target, *lock) -> int:
    """Return what two processes count to in a new block; pass a lock if the target takes one."""
    memory = SharedMemory(create=True, size=8)
    run_two(Process, target, memory.name, 200_000, Barrier(2), *lock)
    total = int.from_bytes(memory.buf[:8], sys.byteorder)
    memory.close()
    memory.unlink()
    return total


# %%
tell(f"2 × 200,000 additions without a lock: {count_together(shared_memory.add_in_block):,}")
print("with a lock:", count_together(shared_memory.add_in_block_with_lock, Lock()))

# %% [markdown]
# With one lock around each `+=`, no addition is lost. Without it, luck decides how many are.

# %% [markdown]
# ### An array does not always keep its memory
#
# Our array in shared memory came from `np.frombuffer(…)`, which holds on to the block: hence the
# `BufferError`. An array made by `np.ndarray(…, buffer=…)` does not. In this program a function
# returns such an array. Its `SharedMemory` object is a local variable: it is collected when the
# function ends, and the block is unmapped: its addresses no longer belong to the process. (An early
# `close()` does the same, and does not refuse.)

# %%
show("array_outlives.py")

# %%
predict("dead-array", "Which exit code does this program leave?", low=-300, high=4_294_967_295)

# %%
report = run_safely("array_outlives.py")
compare("dead-array", report.exit_code)
print("ended well:", report.exit_code == 0)
tell(*str(diagnose(report)).splitlines())

# %% [markdown]
# On Linux `-11`: a **segmentation fault**. No exception, no traceback. In a notebook it would have
# been *The kernel has died*, and all your variables with it. Many examples use `np.ndarray(…,
# buffer=memory.buf)`. It is fine as long as `memory` lives as long as the array: keep both in one
# object.

# %% [markdown]
# ### A block that no process unlinks
#
# What if the owner forgets, or dies?

# %%
show("never_unlinked.py")

# %%
report = run_safely("never_unlinked.py")
print(report.verdict)
warning = report.output.partition("resource_tracker: ")[2]
tell(*warning.splitlines()[:1], f"blocks that were left: {len(report.shared)}")

# %% [markdown]
# On Linux and macOS, Python runs a **resource tracker** beside your program: a small process that
# knows each block, and unlinks what is left when the program is over, with a warning (from Python
# 3.13 on it lists the names). That is a safety net, not a plan: the block stays until then, and if
# the tracker is killed too, it stays until the machine restarts.
#
# The net has a hole of its own. The children that multiprocessing starts share your tracker, if it
# runs when they start. Any other program has a tracker of its own. (`subprocess.run` starts one
# here, as you would in a terminal.)

# %%
show("stranger_attaches.py")

# %%
tell("by default: " + run_safely("stranger_attaches.py", "tracked").output.splitlines()[0])
if sys.version_info >= (3, 13):
    tell("track=False: " + run_safely("stranger_attaches.py", "untracked").output)

# %% [markdown]
# On Linux and macOS the block is gone: the stranger only attached, but its tracker unlinked the
# block when the stranger ended. From Python 3.13 on, attach with `SharedMemory(name, track=False)`.
# On older versions, let only your own children attach.
#
# **A forked child can be a stranger, too.** Spawn and forkserver start the tracker before a child;
# fork does not. If you fork a pool and *then* create your first block, each worker that attaches
# has a tracker of its own, and the block is gone when it ends. So create a block before you fork.

# %% [markdown]
# ### A `ShareableList` pads what it stores
#
# A `ShareableList` is a list of a fixed length in shared memory. It holds floats, integers of up to
# 64 bits, bools, strings, bytes and `None` only. It fills strings and bytes up with zero bytes
# (it *pads* them), and does not store how long they were.

# %%
predict("zero-bytes", "We store the 4 bytes b'ab\\0\\0'. How many do we get back?", "bytes", high=9)

# %%
stored = ShareableList([b"ab\0\0", 2.5, "text"])
same = ShareableList(name=stored.shm.name)  # as another process would
compare("zero-bytes", len(same[0]), "bytes")
tell(f"read back: {same[0]}")
same[1] += 1
print(stored[1], stored[2])
same.shm.close()
stored.shm.close()
stored.shm.unlink()

# %% [markdown]
# On reading, the list drops all zero bytes at the end: it can't tell yours from its own. The
# documentation calls this a bug that may go away (gh-106939); Python 3.11 to 3.15 have it. Don't
# store binary data there; a packed number may well end in a zero. Text that is not ASCII may
# come back cut, without an error, or raise `UnicodeDecodeError` when you read it: at least up to
# Python 3.14.10 and 3.15.2 (gh-88336).

# %% [markdown]
# ### A manager's types are registered, and its values picklable
#
# A manager makes only what was registered with it: `list`, `dict`, `Namespace`, `Value`, `Array`,
# `Queue`, `JoinableQueue`, locks, semaphores, `Event`, `Condition`, `Barrier`, `Pool` (from Python
# 3.14 on also `set`), and your own classes if you register them. What you put in travels as a
# message:

# %%
print("has a dict:", hasattr(manager, "dict"), "   has a deque:", hasattr(manager, "deque"))
try:
    table["lock"] = threading.Lock()
except TypeError as error:
    print("refused:", error)

# %% [markdown]
# ### What is passed to a proxy's methods must be picklable
#
# That is one of the standard library's **programming guidelines**. The arguments of a call travel
# as any message does. So an ordinary-looking call can fail:

# %%
words = manager.list(["pipe", "queue", "ox"])
refused = False
try:
    words.sort(key=lambda word: len(word))
except (pickle.PicklingError, AttributeError, TypeError):
    refused = True
print("sort by a lambda refused:", refused, "   the list:", list(words))

# %%
words.sort(key=len)
pairs = manager.list([("b", 1), ("a", 2)])
pairs.sort(key=operator.itemgetter(0))
print(list(words), list(pairs))


# %% tags=["claim"]
def only_picklable_keys_sort(refused: bool, words: list) -> bool:
    """Return whether the lambda was refused, and `len` sorted the words."""
    return refused and words == ["ox", "pipe", "queue"]


claim("R2", only_picklable_keys_sort(refused, list(words)))

# %% [markdown]
# A lambda has no name by which the manager's process could find it; `len` and `itemgetter` have
# one. A function of a notebook cell is not found there either, unless the manager was forked after
# that cell ran. The *result* of a method must be picklable too. (Which exception you get depends on
# the Python version, so don't rely on it.)

# %% [markdown]
# ### `+=` on a proxy is two messages
#
# `table["n"] += 1` gets, adds here, and sets. Between the two messages, another process can do the
# same, as with shared memory. Two children add 1, 200 times each, without and with the manager's
# lock. (They meet at a barrier before every 20th addition, so that neither is done before the other
# has begun.)

# %%
show(managed.add_often)

# %%
show(managed.add_with_lock)

# %%
table["n"] = 0
run_two(Process, managed.add_often, table, 200, Barrier(2))
tell(f"of 400 additions without the lock, {400 - table['n']} were lost")
print("additions were lost:", table["n"] < 400)

table["n"] = 0
run_two(Process, managed.add_with_lock, table, 200, Barrier(2), manager.Lock())
print("with manager.Lock():", table["n"])

# %% [markdown]
# The same race again, only slower. Without the barrier, one child might be done before the other
# begins, and then nothing is lost: that is why such a bug can hide for long.
#
# What does the lock cost? Every call of a proxy goes through its method `_callmethod`. Here we put
# a function in its place that notes each call, and run `with lock: table["n"] += 1` once.

# %%
predict("calls-with-lock", "How many calls reach the manager for this one addition?", "calls")

# %%
lock, calls, call = manager.Lock(), [], BaseProxy._callmethod


def note_and_call(proxy, method, *args):
    calls.append(method)
    return call(proxy, method, *args)


BaseProxy._callmethod = note_and_call
with lock:
    table["n"] += 1
BaseProxy._callmethod = call
compare("calls-with-lock", len(calls), "calls")
print(calls)

# %% [markdown]
# `manager.Lock()` is a proxy too: taking and releasing it are two calls more. Each call is a
# message and an answer.

# %% [markdown]
# ### One message is not one step
#
# A manager serves each client by a thread of its own, and these threads run at the same time. While
# we sort a list of 300 numbers by a single call, another thread of ours keeps asking for its
# length. The key takes a millisecond for each number, so there is time to look.

# %%
show(managed.slow_key)

# %%
show(managed.watch_length)

# %%
predict("seen-length", "What is the smallest length that the watcher sees?", "numbers", high=300)

# %%
numbers, lengths, stop = manager.list(range(300)), [], threading.Event()
watcher = threading.Thread(target=managed.watch_length, args=(numbers, lengths, stop))
watcher.start()
numbers.sort(key=managed.slow_key)
stop.set()
watcher.join()
compare("seen-length", min(lengths), "numbers")
print("an empty list was seen during one call of sort:", 0 in lengths)

# %% [markdown]
# CPython takes all items out of a list when it begins to sort it, and puts them back at the end.
# The key function lets the manager's other threads run, in the middle of our call. So the watcher
# saw a list without items. A call is one message; whether it is one step depends on the method.

# %% [markdown]
# ### One proxy, several threads
#
# The next guideline: *do not use a proxy object from more than one thread unless you protect it
# with a lock.* You might fear that two threads' messages get mixed on the proxy's connection. They
# don't: proxies keep one connection for each thread that uses them (`BaseProxy._callmethod` in
# `Lib/multiprocessing/managers.py`). What suffers is the **object**. To see it, we keep an object
# of our own class in a manager. The line `CounterManager.register("Counter", Counter)`, below the
# two classes, registers it:

# %%
show(managed.Counter)

# %%
show(managed.CounterManager)

# %%
show(managed.ask_who_serves)

# %%
counters = managed.CounterManager()
counters.start()
counter = counters.Counter()
served_by, meet = [], threading.Barrier(2)
args = (counter, served_by, meet)
threads = [threading.Thread(target=managed.ask_who_serves, args=args) for _ in range(2)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("two of our threads, served by", len(set(served_by)), "threads of the manager")

# %% [markdown]
# So two threads can be inside `press()` at the same time. Two of our threads press the counter, 200
# times each; then two processes do.

# %%
show(managed.press_often)

# %%
show(managed.press_with_lock)


# %%
def presses(kind, target, *lock) -> int:
    """Return how often the counter counts when two workers press it 200 times each."""
    before = counter.read()
    run_two(kind, target, counter, 200, Barrier(2), *lock)
    return counter.read() - before


bare_threads = presses(threading.Thread, managed.press_often)
bare_processes = presses(Process, managed.press_often)
locked_threads = presses(threading.Thread, managed.press_with_lock, threading.Lock())
locked_processes = presses(Process, managed.press_with_lock, manager.Lock())

# %%
tell(f"of 400 without a lock: {bare_threads} by threads, {bare_processes} by processes")
print("lost by threads:", bare_threads < 400, "   lost by processes:", bare_processes < 400)
print("with a lock:", locked_threads, locked_processes)


# %% tags=["claim"]
def threads_need_the_lock(bare: int, locked: int) -> bool:
    """Return whether two threads lost some of 400 presses without a lock, and none with it."""
    return bare < 400 == locked


claim("R3", threads_need_the_lock(bare_threads, locked_threads))

# %% [markdown]
# The guideline goes on: *there is never a problem with different processes using the same proxy.*
# That is true of the connection. For the object you have just seen that it is not: processes lose
# as threads do. Read it as: **whatever takes more than one step, on the proxy or inside the object,
# needs a lock**, and all that use the object need the same one. A `threading.Lock` is enough for
# the threads of one process; otherwise use `manager.Lock()`, or put the lock into the class.

# %% [markdown]
# ### A pool's tasks take a manager's queue and lock
#
# A `Queue` or a `Lock` of multiprocessing can be handed over only when a process starts. A pool's
# workers have started long before your task comes. A manager's queue is a proxy, and that can be
# sent at any time. (`apply` gives one task to a worker and waits; `starmap` does it for a list of
# tasks. Lesson 06 is about pools.)

# %%
show(managed.put_square)

# %%
own_queue, answers = multiprocessing.Queue(), manager.Queue()
with Pool(2) as pool:
    try:
        pool.apply(managed.put_square, (3, own_queue))
    except RuntimeError as error:
        print("refused:", error)
    pool.starmap(managed.put_square, [(number, answers) for number in range(4)])
print(sorted(answers.get() for _ in range(4)))

# %% [markdown]
# A manager's lock goes the same way. Here four tasks add to one entry of a manager's dict:

# %%
show(managed.add_square)

# %%
table["sum"], lock = 0, manager.Lock()
with Pool(2) as pool:
    pool.starmap(managed.add_square, [(table, number, lock) for number in range(4)])
print("0 + 1 + 4 + 9 =", table["sum"])

# %% [markdown]
# Each call on a manager's lock is a message. If many tasks use the lock often, give each worker a
# plain lock when it starts: `Pool(initializer=…, initargs=…)` (lesson 06).

# %%
own_queue.close()
counters.shutdown()
manager.shutdown()

# %% [markdown]
# ### Try it: a channel, a size, a number of messages
#
# *Run* measures on this machine, in a process of its own, and adds a point to the plot. Where does
# a pipe begin to cost a millisecond? How much does a single manager's message vary?

# %%
ChannelExplorer(measured)

# %% [markdown]
# ### Nothing is left behind
#
# > **Elsewhere.** A pipe that goes both ways has more room on Linux than that of lesson 04: over
# > 200,000 bytes, but only a few hundred tiny messages. On macOS it is about 8,000 bytes, and on
# > Windows before Python 3.14 as well (64 KiB since). On Windows, two writers don't tear messages
# > apart: a pipe there keeps each message whole. Two readers still can, because `recv` reads a
# > message of more than 128 bytes in two steps. We have read all this about macOS and Windows in
# > source code, and not run it. In Docker, shared memory has 64 MB unless you pass `--shm-size`
# > (from its documentation, not tried here).
# >
# > Only fork copies a pipe's ends into a child that was not given them. A child that
# > `Process` forks forgets the proxies' connections and opens its own (`multiprocessing.util`); one
# > by a bare `os.fork()` does not.

# %%
multiprocessing.active_children()
