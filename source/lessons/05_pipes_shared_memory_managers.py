# %% [markdown]
# A queue is one way to bring data to another process. There are three more. A **pipe** is what a
# queue is built on: faster, and bare. **Shared memory** is one block of bytes that several
# processes see: nothing is sent at all. A **manager** is a process that keeps your objects, and
# lets others call their methods.
#
# **You will be able to**
#
# - talk over a pipe, and end the talk without a hang;
# - share an array without copying it, and give its memory back;
# - keep an object in a manager, and name the two ways in which its changes get lost;
# - choose between them by two questions: who takes part, and how much data moves?
#
# **You need** lessons 02 to 04.

# %%
import contextlib
import inspect
import multiprocessing
import operator
import pickle
import sys
import threading
import timeit
from multiprocessing import Pipe, Process
from multiprocessing.managers import SharedMemoryManager
from multiprocessing.shared_memory import ShareableList, SharedMemory
from time import perf_counter

# %%
import numpy as np

from helpers.measure import machine
from helpers.workers import sharing
from helpers.plots import channels_in_words, plot_channels
from helpers.measure import in_bytes, measure_channels
from helpers.claims import claim, tell
from helpers.diagnosis import diagnose
from helpers.diagnosis import under_every_method
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.widgets import ChannelExplorer, Placement, ProgressBar, compare, predict

# %% [markdown]
# ## A pipe has two ends
#
# `Pipe()` returns two **connections**, the two ends of one line. What goes into one end comes out
# at the other, in the same order. `send()` pickles an object and writes its bytes; `recv()` waits
# for a message and unpickles it. There is no thread in between and no lock: that makes a pipe
# faster than a queue, and leaves more to you.

# %%
ours, theirs = Pipe()
child = Process(target=sharing.answer_in_capitals, args=(theirs,))
child.start()
theirs.close()  # the child has its own copy of this end

for word in ("pipe", "dream"):
    ours.send(word)
    print(ours.recv())
ours.send(None)
child.join()
ours.close()

# %% [markdown]
# That pipe was **duplex**: messages go both ways. `Pipe(duplex=False)` is a one-way street and
# returns *(reader, writer)*, in this order.

# %%
reader, writer = Pipe(duplex=False)
writer.send("one way")
print(reader.recv())
try:
    reader.send("and back?")
except OSError as error:
    print("refused:", error)
reader.close()
writer.close()

# %% [markdown]
# ## A pipe ends when every copy of its writing end is closed
#
# A pipe has an end, which a queue has not. When the writing end is closed and all is read, `recv()`
# raises `EOFError`, and the reader knows that no more will come. Here is a program that counts on
# it:

# %%
show("pipe_never_ends.py")

# %%
predict(
    "pipe-hangs", "Under how many of this machine's start methods does it hang?", "methods", high=3
)

# %% [markdown]
# The **start-method lens** runs a program under each of them, within limits, and lays the outcomes
# side by side.

# %%
lens = under_every_method("pipe_never_ends.py", limit=12)
tell(*str(lens).splitlines())
hangs = {method for method, outcome in lens.outcomes.items() if outcome.startswith("hangs")}
compare("pipe-hangs", len(hangs), "methods")
print("only fork hangs:", hangs == {"fork"} & set(lens.outcomes))

# %% [markdown]
# The parent did close the writing end, in its own process. But a forked child is a copy of its
# parent, open files included. So the child holds **a copy of the writing end** too, in a variable
# that it does not even know. It waits for an end of messages that only itself could bring about.
# Under spawn and forkserver a child gets only what it is given, and here that was the reader.
#
# The cure: hand over both ends, and let each process first close the one that it does not use.

# %%
cured = under_every_method("pipe_ends.py", limit=20)
print("messages read:", set(cured.printed("messages").values()))
print("outcomes:", set(cured.outcomes.values()))

# %% [markdown]
# Nothing but `writer.close()` in the child was added. It works under every start method, so write
# it always; a program that was written under spawn may be run under fork by somebody else.

# %% [markdown]
# ## One reader for each end
#
# A message in a pipe is its length in bytes, then its bytes. `recv()` reads the length first and
# then that many bytes, in several steps if there are many. Nothing stops another process from
# reading in between. Here two children read from one end, and count the messages that arrive whole.

# %%
show("two_readers.py")

# %%
predict("torn", "100 messages, two readers, no lock: how many arrive whole?", "messages", high=100)

# %%
bare = run_safely("two_readers.py", "bare", still=1, limit=12)
whole = bare.output.count("whole")
compare("torn", whole, "messages")
tell(diagnose(bare).name if whole < 100 else "nothing was torn this time")

locked = run_safely("two_readers.py", "locked", still=1, limit=12)
print("behind a lock, whole:", locked.output.count("whole"))

# %% [markdown]
# Each reader took a piece of the other's message for the length of its next one. What follows is
# luck: an `UnpicklingError`, an `EOFError` that looks like a proper end, a wait without end. Two
# writers at one end can do the same to each other, with large messages. (On Windows a pipe knows
# where a message ends, so that it happens less often.)
#
# With a lock around `recv()` each message is read by one process as a whole. That is what a queue
# is: a pipe, a lock at each end (on Windows at the reading end only), and (in `Queue`, not in
# `SimpleQueue`) a thread that writes. So: **two processes, a pipe; more of them, a queue.**

# %% [markdown]
# ## Shared memory: nothing is sent
#
# `SharedMemory(create=True, size=…)` asks the operating system for a block of bytes with a name.
# Another process that knows the name sees the same bytes. NumPy can lay an array over them, without
# a copy. The child squares a million numbers where they lie.

# %%
predict("bytes-to-child", "8 MB of numbers, shared by name: how many bytes are sent?", "bytes")

# %%
numbers = np.arange(1_000_000, dtype=np.float64)
memory = SharedMemory(create=True, size=numbers.nbytes)
shared = np.frombuffer(memory.buf, np.float64, len(numbers))
shared[:] = numbers

child = Process(target=sharing.square, args=(memory.name, len(numbers)))
child.start()
child.join()
print("squared by the child:", bool((shared == numbers**2).all()))

# %%
compare("bytes-to-child", len(pickle.dumps((memory.name, len(numbers)))), "bytes")
tell(f"the array itself, pickled: {len(pickle.dumps(numbers)):,} bytes")
print(inspect.getsource(sharing.square))

# %% [markdown]
# Only the name and a length were sent. And that is all that shared memory does for you. Nobody is
# told that something has changed, nobody waits, and two who write at once overwrite each other.
# Here `join()` did the waiting. In general you need a lock, an event or a message besides (lesson
# 03).

# %% [markdown]
# ## Close in every process, unlink once
#
# The block has two kinds of ends. **`close()`** says: *this process* no longer uses it. Each
# process that has it does that. **`unlink()`** says: *nobody* needs it any more. The name is gone
# at once, and the memory is given back when the last process has closed it. It is called once, by
# the **owner**, as a rule whoever created it. (On Windows `unlink()` does nothing: there the block
# goes with its last user.)
#
# `close()` refuses while something still looks into the memory, such as our array:

# %%
try:
    memory.close()
except BufferError:
    print("BufferError: an array still looks into it")

# %% [markdown]
# And a name that is taken can't be created again. That is what you meet in a notebook when you run
# a cell with `name="results"` twice:

# %%
try:
    SharedMemory(name=memory.name, create=True, size=80)
except FileExistsError:
    print("FileExistsError: there is a block of that name")

# %% [markdown]
# So let the system choose the name, as we did. And this is the orderly end: first the arrays, then
# `close()`, then `unlink()`; in a real program in a `finally` clause.

# %%
del shared
memory.close()
memory.unlink()
try:
    SharedMemory(name=memory.name)
except FileNotFoundError:
    print("given back")

# %% [markdown]
# ## A manager keeps the object, you hold a proxy
#
# `multiprocessing.Manager()` starts a process. `manager.dict()` makes a dict *there* and gives you
# a **proxy**: it looks like a dict, but each operation is a message to that process and an answer
# back. A proxy can be sent to other processes, and all of them change the one dict. No pipe, no
# array: any object, from anywhere.

# %%
predict("proxy-times", "How many times as long as in a dict does writing one entry take?", "times")


# %%
def seconds_to_write(table: dict, times: int) -> float:
    """Seconds for one entry, the best of five tries."""
    tries = []
    for _ in range(5):
        began = perf_counter()
        for number in range(times):
            table["n"] = number
        tries.append((perf_counter() - began) / times)
    return min(tries)


# %%
manager = multiprocessing.Manager()
table = manager.dict()
ordinary, by_proxy = seconds_to_write({}, 10_000), seconds_to_write(table, 200)
compare("proxy-times", by_proxy / ordinary, "times")
tell(f"in a dict {ordinary * 1e9:.0f} ns, by a proxy {by_proxy * 1e6:.0f} µs")

# %% [markdown]
# ## A change inside a value is lost
#
# A proxy sends copies. This cell puts a list into the dict and appends to it.

# %%
predict("nested", "How long is the list after this append?", "items", high=10)

# %%
table["seen"] = []
table["seen"].append("first")
nested = len(table["seen"])
compare("nested", nested, "items")
print("the list:", table["seen"])

# %% [markdown]
# `table["seen"]` fetched a *copy* of the list. The append changed the copy, which was thrown away:
# no error, no warning. There are two cures: put the changed list back, or keep a proxy inside the
# proxy.

# %%
seen = table["seen"]
seen.append("first")
table["seen"] = seen

table["others"] = manager.list()
table["others"].append("first")
print(table["seen"], list(table["others"]))

# %% [markdown]
# ## Two that add at once lose additions
#
# `table["n"] += 1` is two messages: get, then set. Between the two, the other process may do the
# same. Two processes add 1, 200 times each, with and without the manager's lock. (A barrier keeps
# them in step: before every twentieth addition they wait for each other.)

# %%
predict("lost-adds", "2 × 200 times += 1 on a manager's dict: what is the total?", high=400)


# %%
def two_add(kind: type, lock: object) -> int:
    """The total after two workers of that kind have each added 1, 200 times."""
    table["n"], both = 0, multiprocessing.Barrier(2)
    args = (table, 200, lock, both)
    workers = [kind(target=sharing.add_often, args=args) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return table["n"]


no_lock = contextlib.nullcontext()

# %%
by_processes = two_add(Process, no_lock)
compare("lost-adds", by_processes)
print("without a lock, additions lost:", by_processes < 400)
print("with manager.Lock():", two_add(Process, manager.Lock()))

# %% [markdown]
# This is the race of lesson 03 again, only slower: a manager does not make `+=` one step. Each
# *single* call on a manager's dict or list is one step; everything that takes two calls needs a
# lock.

# %% [markdown]
# ## What each of them costs
#
# Now the same exchange over each of them: a message of so many bytes to another worker, and an
# answer back that proves it came whole. A queue between threads is there for comparison. Shared
# memory comes twice: with the data **in place**, so that one byte of it is changed, and **copied
# in**, where the data was made elsewhere. Reading it afterward would cost the same everywhere, and
# is left out. Small messages are sent up to 100 times, in turns, and the best counts: the others
# had to wait for a core.

# %%
predict("pipe-16", "16 bytes through a pipe and back: how many µs?", "µs")

# %%
predict("pipe-ratio", "The largest: how many times as long as shared memory, by pipe?", "times")

# %%
tell(*machine.about())
measured = measure_channels(progress=ProgressBar("sizes"))
largest = measured.sizes[-1]
compare("pipe-16", measured.of("pipe", 16).seconds * 1e6, "µs")
compare("pipe-ratio", measured.ratio("pipe", "shared memory", largest), "times")
tell(f"the largest message: {in_bytes(largest)}")

# %%
ax = plot_channels(measured)
tell(*channels_in_words(measured))

# %% [markdown]
# **Read it from left to right.** On the left the lines are flat: a message has a price, whatever is
# in it. It is the price of waking another worker, and of each hand it goes through: a queue's
# thread, a manager's process. On the right all that send bytes rise together: now it is the bytes
# that are paid for. They are pickled, written, read and unpickled, and each of these is a copy. A
# manager gets them from one and sends them to another, so it moves them twice.
#
# The two lines that stay low send nothing. Threads hand over a reference. In shared memory the data
# is where it was. And *copied in* shows that one copy is still far cheaper than a message.
#
# One price is left to name. In this plot a message by shared memory includes waking the other, by a
# semaphore: a counter for which one can wait. Who need not be told pays for the touch alone:

# %%
block = SharedMemory(create=True, size=16)
tries = timeit.repeat("numbers[0] = 1", globals={"numbers": block.buf}, number=10_000)
touch = min(tries) / 10_000
block.close()
block.unlink()

# %%
by_message = ("process queue", "pipe", "manager")
large = {name: measured.ratio(name, "shared memory", largest) for name in by_message}
small = {name: measured.of(name, 16).seconds / touch for name in by_message}
tell(f"writing one byte into shared memory, and telling nobody: {touch * 1e9:.0f} ns")
for name in by_message:
    tell(f"{name}: 16 bytes {small[name]:,.0f} times that; the largest {large[name]:,.0f} times")
claim("Q4", min(large.values()) > 5 and min(small.values()) > 10)

# %% [markdown]
# ## Which one: who takes part, and how much moves?
#
# Two questions decide. **How tightly are they coupled?** Hand over and forget, talk in turns, or
# work on one thing together? And **how much data** goes from one to the other?
#
# | | little data | much data |
# | --- | --- | --- |
# | many hand over to many | queue | queue of names, the data in blocks |
# | two talk in turns | pipe | pipe for the turn, the data in a block |
# | all change one thing | `Value`, `Array`, or a manager | shared memory and a lock |
#
# Choose for these four, before they are looked up in what was measured.

# %%
works = {
    "results": "eight workers, each sends 200 bytes a task",
    "talk": "two processes, question and answer, 200 bytes",
    "image": "two work on one large array, part by part",
    "settings": "any Python objects, changed now and then by all",
}
placed = Placement("channels", works, ("process queue", "pipe", "shared memory", "manager"))
placed

# %% [markdown]
# The coupling says which of them *can* do it: many must not read from one pipe, and raw memory
# holds no Python objects. Of those that can, the amount says which is fastest.

# %%
can = {
    "results": (("process queue", "manager"), 256),
    "talk": (("process queue", "pipe", "manager"), 256),
    "image": (("process queue", "pipe", "shared memory", "manager"), largest),
    "settings": (("manager",), 256),
}
best = {
    work: min(channels, key=lambda name: measured.of(name, size).seconds)
    for work, (channels, size) in can.items()
}
placed.compare(best)

# %%
only_behind_lock = whole < 100 == locked.output.count("whole")
lucky = sys.platform == "win32" and whole == 100
claim(
    "Q3",
    only_behind_lock and len(set(best.values())) == 4,
    unless="this time Windows kept all messages whole" if lucky else "",
)

# %% [markdown]
# Look at the plot once more, at its left half. Queue, pipe and shared memory differ there by less
# than a millisecond a message. A worker that sends ten messages a second won't notice. So take the
# queue first, and leave it when you have measured that messages take a large part of the time.

# %% [markdown]
# ## Try it: a channel, a size, a number of messages
#
# *Run* measures on this machine, in a process of its own, and adds a point to the plot. Where does
# a pipe begin to cost a millisecond? How much does a single manager's message vary?

# %%
ChannelExplorer(measured)

# %% [markdown]
# > **In practice.** Send little. If much must move, send *where it is*: a shared block's name, or
# > a file's. Let one process own each block, and write `close` and `unlink` into its `finally`. Use
# > a manager for what is small and seldom changed. In Docker, shared memory has 64 MB unless the
# > container was started with `--shm-size` (read in its documentation, not tried here).
# >
# > **In an interview.** "How do processes share a large array?" A weak answer says: by a queue. A
# > strong one counts copies: pickling, writing, reading, unpickling, against none; then says what
# > shared memory does *not* give: no objects, no waiting, no lock, and somebody must unlink it.
# >
# > **Elsewhere.** Only fork copies a pipe's ends into a child that was not given them. A child that
# > `Process` forks forgets the proxies' connections and opens its own (`multiprocessing.util`); one
# > by a bare `os.fork()` does not. From 3.13 on the resource tracker's warning names the blocks.

# %% [markdown]
# **You can now**
#
# - talk over a pipe, and close both ends so that the talk ends under every start method;
# - lay an array over shared memory, and say who closes and who unlinks it, and when;
# - use a manager, knowing that nested changes and `+=` get lost, and that a lock cures the second;
# - choose by coupling and amount, and back the choice with a measured plot.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### An array does not always keep its memory
#
# Our array came from `np.frombuffer(…)`, and holds on to the block: hence the `BufferError`. One
# made by `np.ndarray(…, buffer=…)` only points into it. In this program a function returns such an
# array. Its `SharedMemory` object is a local variable: when the function ends it is collected, and
# the block goes out of this process.

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
# On Linux `-11`: a signal, a **segmentation fault**. No exception, no traceback. In this notebook
# it would have been *The kernel has died*, and all your variables with it. Many examples use
# `np.ndarray(…, buffer=memory.buf)`. It is fine as long as `memory` lives as long as the array;
# keep both in one object. With `frombuffer` a mistake is a `BufferError`, which can be read.

# %% [markdown]
# ### A block that nobody unlinks
#
# What if the owner forgets, or dies?

# %%
show("never_unlinked.py")

# %%
report = run_safely("never_unlinked.py")
print(report.verdict)
warning = report.output.partition("resource_tracker: ")[2]
tell(*warning.splitlines()[:1], f"blocks that were left: {len(report.shared)}")
forgotten = diagnose(report)
tell("nothing to complain of" if forgotten is None else forgotten.name)

# %% [markdown]
# On Linux and macOS Python runs a **resource tracker** beside your program: a small process that
# writes down each block, and removes what is left when the program is over. It says so, in a
# warning that comes at the very end. That is a net, not a plan: the block is there until then, and
# if the tracker dies too, it stays until the machine restarts.
#
# The tracker has a trap of its own. A program that is *not* a child and merely attaches to your
# block has a tracker of its own, which removes the block when that program ends. From Python 3.13
# on, such a program attaches with `SharedMemory(name, track=False)`.

# %% [markdown]
# For several blocks, let a `SharedMemoryManager` own them: it unlinks all at the end of its `with`
# block. It also makes a `ShareableList`: a list of a fixed length, of numbers, texts, bytes and
# `None` only, that lies in shared memory.

# %%
with SharedMemoryManager() as owner:
    results = owner.ShareableList([0, 2.5, "text"])
    results[0] += 1
    same = ShareableList(name=results.shm.name)  # as another process would
    print(list(same))
    same.shm.close()
    results.shm.close()

# %% [markdown]
# ### What is passed to a proxy's methods must be picklable
#
# That is one of the standard library's **programming guidelines**. The arguments travel as any
# message does, so they are pickled. What looks like an ordinary call may fail for that reason.

# %%
words = manager.list(["pipe", "queue", "ox"])
try:
    words.sort(key=lambda word: len(word))
    refused = False
except (pickle.PicklingError, AttributeError, TypeError):
    refused = True
print("sort by a lambda refused:", refused, "   the list:", list(words))

# %%
words.sort(key=len)
pairs = manager.list([("b", 1), ("a", 2)])
pairs.sort(key=operator.itemgetter(0))
print(list(words), list(pairs))
claim("R2", refused and list(words) == ["ox", "pipe", "queue"] and pairs[0] == ("a", 2))

# %% [markdown]
# A lambda has no name by which the manager's process could find it; `len` and `itemgetter` have
# one. A function or class of a notebook's cell is not found there either, unless the manager was
# forked after that cell had run. The *result* of a method must be picklable too. (Which exception
# you get depends on the Python version, so don't build on it.)

# %% [markdown]
# ### One proxy, several threads
#
# The next guideline says: *do not use a proxy object from more than one thread unless you protect
# it with a lock.* What goes wrong otherwise? A reasonable fear is that two threads' messages get
# mixed on the proxy's connection, so that one thread reads the other's answer. Let us look for it:
# two threads write and read their own entries, 300 times each.

# %%
both = threading.Barrier(2)
threads = [
    threading.Thread(target=sharing.keep_own_key, args=(table, name, 300, both)) for name in "AB"
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
mixed_up = table["wrong A"] + table["wrong B"]
print("answers that were another thread's:", mixed_up)

# %% [markdown]
# None. Proxies keep **one connection for each thread** that uses them (`BaseProxy._callmethod` in
# `Lib/multiprocessing/managers.py` keeps it in a variable that each thread has for itself), and the
# manager serves each connection by a thread of its own. To see that, we keep an object of our own
# class in a manager. This is the class:

# %%
print(inspect.getsource(sharing.Counter))

# %%
counters = sharing.CounterManager()
counters.start()
counter = counters.Counter()
served_by = []
threads = [
    threading.Thread(target=sharing.ask_who, args=(counter, served_by, both)) for _ in range(2)
]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
print("two of our threads, served by", len(set(served_by)), "threads of the manager")

# %% [markdown]
# So the messages are safe, and the **object** is not: its methods run in several threads of the
# manager at once. Here is what that does. First the dict and `+= 1`, by two threads; then our
# counter, whose `press()` is even a single call.


# %%
def two_press(kind: type, lock: object) -> int:
    """How often the counter counts, when two workers of that kind press it 200 times each."""
    before, both = counter.read(), multiprocessing.Barrier(2)
    args = (counter, 200, lock, both)
    workers = [kind(target=sharing.press_often, args=args) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return counter.read() - before


# %%
bare_threads = two_add(threading.Thread, no_lock), two_press(threading.Thread, no_lock)
bare_processes = two_press(Process, no_lock)
tell(
    f"without a lock, of 400: += 1 by threads {bare_threads[0]}, "
    f"press() by threads {bare_threads[1]}, press() by processes {bare_processes}"
)
print("lost by threads:", [total < 400 for total in bare_threads])
print("lost by processes:", bare_processes < 400)

# %%
lock = threading.Lock()
behind_lock = two_add(threading.Thread, lock), two_press(threading.Thread, lock)
across = two_press(Process, manager.Lock())
print("behind a lock:", *behind_lock, across)
claim("R3", max(bare_threads) < 400 and set(behind_lock) == {400})

# %% [markdown]
# The guideline goes on: *there is never a problem with different processes using the same proxy.*
# That holds for the connection. For the object you have just seen that it does not: processes lose
# as threads do. Read it as: **whatever takes more than one step, on the proxy or inside the object,
# needs a lock**, and all who use the object need the same one. A `threading.Lock` is enough while
# only threads of one process use it; else take `manager.Lock()`, or put the lock into the class.

# %%
counters.shutdown()
manager.shutdown()

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
