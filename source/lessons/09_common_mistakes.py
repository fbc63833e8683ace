# %% [markdown]
# A program with several processes fails in its own ways. It starts and nothing comes. It stands
# still, and no core is busy. It ends well, and the result is wrong. There are not so many of these
# ways, and each has a name, a cause and a cure. This lesson shows you more than thirty of them,
# alive. Nothing here can hurt: each runs in the bounded runner, which ends it.
#
# **You will be able to**
#
# - avoid the five mistakes that everybody makes, and say what each costs;
# - read the stacks of all processes *together*, and name a failure by who waits for whom;
# - cure it, and show that it is cured.
#
# **You need** lessons 00 to 07.

# %%
import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import connection
from time import perf_counter

# %%
from helpers.workers import children
from helpers.runner import process_states
from helpers.claims import claim, tell
from helpers.diagnosis import diagnose
from helpers.diagnosis import under_every_method
from helpers.local_servers import HttpServer
from helpers.runner import run_safely
from helpers.source_code import show
from helpers.diagnosis import visit, visit_hall
from helpers.widgets import Exhibit, Hall, ProgressBar, compare, predict, score

# %% [markdown]
# ## The first mistake: processes for tiny tasks
#
# A task goes to a worker as a message, and its result comes back as another. The price of these two
# is the same whether the task takes a second or nothing at all. The task here is `abs(number)`:
# nothing at all. Two workers do 2,000 of them, and stand ready when the clock starts.

# %%
predict("museum-tiny", "How many times as LONG as a loop do the two workers take?", "times")


# %%
def seconds(work) -> float:
    """The best of three rounds, as the machine may be busy with something else."""
    rounds = []
    for _ in range(3):
        began = perf_counter()
        list(work())
        rounds.append(perf_counter() - began)
    return min(rounds)


# %%
numbers = range(-2_000, 0)
with ProcessPoolExecutor(2) as executor:
    list(executor.map(abs, range(100)))  # now the workers are there
    one_each = seconds(lambda: executor.map(abs, numbers))
    packed = seconds(lambda: executor.map(abs, numbers, chunksize=500))
loop = seconds(lambda: map(abs, numbers))

# %%
compare("museum-tiny", one_each / loop, "times")
tell(f"a loop: {loop * 1e3:.2f} ms; a message each: {one_each * 1e3:.0f} ms; "
     f"four messages: {packed * 1e3:.2f} ms")  # fmt: skip
claim("M1", loop < packed < one_each)

# %% [markdown]
# Two workers, and it takes hundreds or thousands of times as long. `executor.map` sends each number
# in a message of its own, unless you say `chunksize`. With 500 numbers in a message most of the
# cost is gone, and the loop still wins: there is no work that could be shared. So the cure has two
# steps. Make the tasks large, and measure one task before you make it parallel. Lesson 08 finds the
# size from which it pays.

# %% [markdown]
# ## The second mistake: to expect that memory is shared
#
# Three children count the word *sea*, each on a page of its own, and add what they find to a global
# `total`.

# %%
show("stays_at_zero.py")

# %%
predict("museum-total", "The pages have one, one and one. Which total does the parent see?")

# %%
report = run_safely("stays_at_zero.py")
print(report.output)
compare("museum-total", float(report.output.split()[-1]))

# %% [markdown]
# Each child sees a 1, in its own copy of `total`. The parent's copy is still 0. No error, no
# warning, exit code 0. (Lesson 03 looks into the copies.) The cure is to send what was found, and
# to let one process add it up.

# %%
cured = run_safely("stays_at_zero_cured.py")
print(cured.output)
claim("M2", report.output.endswith("0\n") and cured.output.endswith("3\n"))

# %% [markdown]
# ## The third mistake: no design for the communication
#
# Three workers take numbers from a queue. They can't know how many will come, so somebody has to
# tell them that it is over. Here that is a `None` at the end.

# %%
show("museum/one_sentinel.py")

# %%
predict("museum-sentinel", "After a minute, how many of the three workers still wait?", high=100)

# %%
stuck = visit("one_sentinel")
print("the program", stuck.outcome)
waiting = [child for child in stuck.report.children if child.state == "alive"]
compare("museum-sentinel", len(waiting))

# %% [markdown]
# Every number was squared, and then nothing moves any more. Look at **all processes at the same
# instant**, since none of them is wrong by itself. Each line is the *stack* of one thread: the
# calls that it is in, the outermost first. (Which functions of Python it is in differs between
# versions.)

# %%
tell(*stuck.report.stacks())

# %% [markdown]
# The main program is in `join`: it waits for a worker. One worker is in `get` and reads from the
# pipe. One more is in `get` as well, and waits for the queue's own lock until the other has read.
# The third has gone home. It took the only `None` along. The workers wait for a next item, and the
# one who could put it waits for them: a **deadlock**, a circle of waits in which nobody goes first.
#
# That is how such a failure gets its name: who lives, where is each, for whom does each wait, and
# can that one still come? `diagnose` asks these questions by rules.

# %%
print(diagnose(stuck.report).name)
print(diagnose(stuck.report).cure)
claim("M3", stuck.outcome == "hangs" and stuck.right and stuck.healed)

# %% [markdown]
# The last line is computed from two runs: the broken program hangs, and the cured one (one `None`
# for each worker) ends well. *Put a None for each worker* is a small thing to remember. The large
# one is to **decide the end before the beginning**: who says that it is over, to whom, how often,
# and what if he dies before.

# %% [markdown]
# ## The fourth mistake: processes where the bottleneck is waiting
#
# Twelve requests at once, to a small HTTP server on this machine that answers after 0.2 seconds. A
# program makes them with twelve processes, with twelve threads, or with asyncio. Nobody computes.

# %%
predict("museum-waiting", "12 processes: how many times the CPU time of 12 threads?", "times")


# %%
def best(how: str, name: str) -> float:
    """The least over the rounds of what the program printed after that name."""
    lines = [line for one in runs[how] for line in one.output.splitlines()]
    return min(float(line.split()[1]) for line in lines if line.startswith(f"{name}:"))


def least_cpu(how: str) -> float:
    return min(one.cpu_seconds for one in runs[how])


# %%
runs = {"processes": [], "threads": [], "asyncio": []}
with HttpServer(delay=0.2) as server:
    for _ in range(4):
        for how in runs:
            runs[how].append(run_safely("fetches.py", how, server.url))
        others = max(best("threads", "seconds"), best("asyncio", "seconds"))
        if others < 1.2 * best("processes", "seconds"):
            break  # it has been seen

# %%
compare("museum-waiting", least_cpu("processes") / least_cpu("threads"), "times")
for how, one in runs.items():
    print(f"{how:9}  pages: {best(how, 'pages'):.0f}   more than one process:",
          len(one[0].children) > 0)  # fmt: skip
    tell(f"{best(how, 'seconds'):.2f} s, {least_cpu(how):.2f} CPU seconds, "
         f"{len(one[0].children)} processes started")  # fmt: skip

# %%
as_fast = others < 1.5 * best("processes", "seconds")
cheaper = max(map(least_cpu, ("threads", "asyncio"))) < least_cpu("processes")
none_started = not runs["threads"][0].children and not runs["asyncio"][0].children
claim("M4", as_fast and cheaper and none_started and len(runs["processes"][0].children) > 1)

# %% [markdown]
# The same pages in the same time: a wait is as long in a process as in a thread. What differs is
# the price. Every process is an interpreter that is started and ended; every CPU second beyond that
# of the threads went into this, and none into the requests. Under spawn that is far more than under
# fork: each child also imports what it needs. The cure is a word: `ThreadPoolExecutor`, or
# `asyncio` where everything is written for it.

# %% [markdown]
# ## The fifth mistake: nobody looks after the life cycle
#
# Three prices are read by three children and added up by their parent. One of them was typed with a
# letter O in place of a zero.

# %%
show("museum/exception_lost.py")

# %%
predict("museum-exit", "With which exit code does the program end?", low=-300, high=300)

# %%
lost = visit("exception_lost")
compare("museum-exit", lost.report.exit_code)
print("last line:    ", lost.report.output.splitlines()[-1])
print("it is called: ", lost.named)
print("cured, it says", lost.cured.output.splitlines()[-1])

# %% [markdown]
# A wrong total and exit code 0. The child's exception stands on its standard error, and the exit
# code that tells of it was never asked for. The cured program uses an executor, which carries each
# exception to whoever asks for the result.
#
# The other half of the mistake: children that are still there when the program is not. This one
# leaves by `os._exit`, which is what happens too when it is killed.

# %%
left = visit("left_alone")
print(left.named, "→", left.cured.verdict)
tell(f"still alive after the program: {len(left.report.left)} processes")
claim(
    "M5",
    lost.right and lost.report.exit_code == 0 and lost.healed
    and left.right and len(left.report.left) > 0 and left.healed,
)  # fmt: skip

# %% [markdown]
# ## The museum
#
# Four halls. Each exhibit shows a program and what was seen of it: how it ended, how each process
# was, where its threads were, what it printed. **You name it first**, from four names that are all
# plausible. Then come the name by the diagnosis, the cause, the cure, and the cured program with
# the changed lines marked. Your first choice is kept; at the end there is a score.
#
# Two hints. Look at the *main program's* line first: it tells whom it waits for. Then ask whether
# that one is alive. And take your time: two pieces of each hall are enough for a first visit. The
# others are there on another day, a minute or two each. Some are about things that stand in the
# deeper parts of lessons 03 to 06; pass by what you have not met.

# %% [markdown]
# ### Hall 1: it never starts
#
# Nothing came, or an error before any work was done, or somebody else did the work. Most of these
# are found by reading the program; two of them work under fork.

# %%
never_starts = visit_hall("never starts", progress=ProgressBar("hall 1"))
Hall(never_starts)

# %% [markdown]
# The labels of the hall, for when you have named them all: how the broken program ended, what it is
# called, and what came of the cured one.

# %%
print(*never_starts.values(), sep="\n")

# %% [markdown]
# ### Hall 2: it never ends
#
# Nobody uses a core, and nothing moves. Here the stacks are everything. An exception in a child can
# be the beginning of a hang in the parent, so read the output as well.

# %%
never_ends = visit_hall("never ends", progress=ProgressBar("hall 2"))
Hall(never_ends)

# %% [markdown]
# The labels. All of these hang, and nearly all are a wait for somebody who will not come: because
# he is gone, because he waits himself, or because nobody told him.

# %%
for one in never_ends.values():
    if one.piece.method != "fork":  # which not every system has
        print(one)
    else:
        tell(str(one))

# %% [markdown]
# ### Hall 3: it ends, and something is lost or wrong
#
# The most expensive hall. All of these end, most of them with exit code 0, and their tests may be
# green.

# %%
lost_or_wrong = visit_hall("lost or wrong", progress=ProgressBar("hall 3"))
Hall(lost_or_wrong)

# %% [markdown]
# The labels.

# %%
print(*lost_or_wrong.values(), sep="\n")

# %% [markdown]
# ### Hall 4: it is right, and slow
#
# No stack shows these, and the diagnosis is silent. What shows them is a number: how many processes
# were started, how many lived at the same time, how much CPU time was used. The number is taken of
# the broken and of the cured program.

# %%
slow = visit_hall("slow", progress=ProgressBar("hall 4"))
Hall(slow)

# %% [markdown]
# The labels, and the numbers.

# %%
for one in slow.values():
    print(one)
    tell(f"{one.piece.number}: {one.numbers[0]:.3g}, cured {one.numbers[1]:.3g}")

# %% [markdown]
# Last, one exhibit for itself, from the first room: you have seen its program above, and now you
# can take your time with it.

# %%
Exhibit(stuck)

# %% [markdown]
# ## What you have named
#
# Run this again whenever you like. It counts first choices only.

# %%
score()

# %%
halls = [*never_starts.values(), *never_ends.values(), *lost_or_wrong.values(), *slow.values()]
print("named as the museum says:", all(one.right for one in halls))
print("cured and well:", all(one.healed for one in halls))
tell(f"{len(halls)} exhibits here, {2 * len(halls)} programs")

# %% [markdown]
# > **In practice.** When a program hangs, don't add prints: take the stacks of *all* its processes
# > while it hangs. `py-spy dump --pid` does that from outside; or, not on Windows, let the program
# > register `faulthandler` for a signal. Then cure the design, not the line: one owner for each
# > result, an end that somebody sends, a `with` around what must be given back.
# >
# > **In an interview.** "Your program hangs now and then. What do you do?" A weak answer adds
# > timeouts until it works. A strong one asks who waits for whom, names the few shapes there are
# > (the peer is gone; a cycle; no sentinel is sent; a buffer is full), and says how it would see
# > which one it is.
# >
# > **Elsewhere.** Go's runtime ends a program in which all goroutines are asleep, and databases
# > look for cycles of locks. Python's multiprocessing does neither. From 3.14 on, `pdb -p`
# > attaches to a running process, but needs the rights for it.

# %% [markdown]
# **You can now**
#
# - avoid the five mistakes, and say for each what it costs and what replaces it;
# - read the stacks of all processes together, and name a failure by who waits for whom;
# - cure it, and prove the cure by running both programs.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Guideline: join every process that was started
#
# A child that has ended stays in the system's table until its parent has asked for its exit code: a
# **zombie**. Four children end here, and nobody joins them. (They are spawned: under forkserver the
# fork server is their parent as far as the system knows, and it collects them.)

# %%
predict("museum-zombies", "How many zombies are there, on Linux or macOS?", high=100)


# %%
def ended(count: int) -> list[multiprocessing.Process]:
    """So many children that have come to their end, unjoined."""
    spawn = multiprocessing.get_context("spawn")
    may_end = spawn.Event()
    started = [spawn.Process(target=children.wait_for, args=(may_end,)) for _ in range(count)]
    for process in started:
        process.start()
    may_end.set()
    for process in started:
        connection.wait([process.sentinel])
    return started


# %%
four = ended(4)
unjoined = [process_states.state_after_end(process.pid) for process in four]
for process in four:
    process.join()
joined = [process_states.state(process.pid) for process in four]

# %%
compare("museum-zombies", unjoined.count("zombie"))
no_zombies = "Windows keeps no zombies" if sys.platform == "win32" else ""
claim("R4", unjoined == ["zombie"] * 4 and joined == ["gone"] * 4, unless=no_zombies)

# %% [markdown]
# Four zombies, and after `join` none. There are seldom many: Python itself collects those that have
# ended whenever it starts another process or is asked for `active_children()`. They are a sign all
# the same, namely of exit codes that nobody has read.

# %% [markdown]
# ### Guideline: importing the main file must start nothing
#
# Under spawn and forkserver a child imports the file of the main program, to find its function
# there. What stands at the top level then runs *again*, in the child. In the next program that is
# what starts the child.

# %%
show("museum/no_guard.py")

# %%
predict("museum-guard", "Under how many of your system's start methods does it work?", high=100)

# %%
no_guard = under_every_method("museum/no_guard.py")
guard = under_every_method("museum/no_guard_cured.py")
for method, outcome in no_guard.outcomes.items():
    print(f"{method:10}  without: {outcome:33}  with the guard: {guard.outcomes[method]}")
compare("museum-guard", list(no_guard.outcomes.values()).count("works"))

# %%
needs_it = [no_guard.outcomes[method] for method in no_guard.outcomes if method != "fork"]
claim(
    "R12",
    all(outcome.startswith("error") for outcome in needs_it)
    and set(guard.outcomes.values()) == {"works"},
)

# %% [markdown]
# It works under fork, which copies the process and imports nothing. That is how such a program gets
# written: on Linux, with a Python before 3.14. From 3.14 on Linux's default is forkserver; on macOS
# and Windows it has long been spawn. Safe to import means: definitions at the top level, everything
# that *does* something below `if __name__ == "__main__":`.

# %% [markdown]
# ### Guideline: a child closes standard input, whatever you put in its place
#
# A child must not take the keyboard away from its parent. So one of the first things that
# multiprocessing does in it is `sys.stdin.close()`, and then it opens an empty input instead. If a
# program has put an object of its own in the place of `sys.stdin`, as tools for testing do, a
# forked child has a copy of that object, and closes it. This one writes what was typed when it is
# closed:

# %%
show("typed.py")

# %%
predict("museum-typed", "One line is typed; two children are forked. Lines in the file?", high=100)

# %%
no_fork = "fork" not in multiprocessing.get_all_start_methods()
written = []
for kind in () if no_fork else ("plain", "knows its process"):
    written.append(int(run_safely("typed.py", kind, method="fork").output.split()[-1]))
tell(f"lines in the file, plain and fork-safe: {written}")

# %%
if written:
    compare("museum-typed", written[0])
claim("R9", written == [3, 1], unless="this system has no fork" if no_fork else "")

# %% [markdown]
# Three lines: the parent's own, and one from each child, which had a copy of the line that was not
# written yet. Every object with a buffer has this trouble after a fork. The cure is the one that
# the documentation gives: the object keeps the id of the process that filled it, and does nothing
# in another one.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()
