# %% [markdown]
# Six programs, each with one fault. Read the symptom, find the cause, and correct the program
# where it stands. Run its cell, then the check below it. Each puzzle takes two to five minutes.
#
# The check runs your program under two start methods (on Windows, there is one). It says what it
# saw; the cause is for you to find.

# %%
# %load_ext helpers.magics

# %%
from helpers.checks import check, hint, solution

# %% [markdown]
# ## 1.1 One baker
#
# Each cake should have a process of its own. The dict that comes back names the same process for
# all the cakes.

# %%
# %%module work_1_1
import os
from multiprocessing import Process, SimpleQueue


def bake(cake, done):
    done.put((cake, os.getpid()))


def bake_all(cakes):
    """Return {cake: id of the process that baked it}."""
    done = SimpleQueue()
    ### BEGIN BROKEN
    bakers = [Process(target=bake(cake, done)) for cake in cakes]
    ### END BROKEN
    ### BEGIN SOLUTION
    bakers = [Process(target=bake, args=(cake, done)) for cake in cakes]
    ### END SOLUTION
    for baker in bakers:
        baker.start()
    for baker in bakers:
        baker.join()
    return dict(done.get() for _ in cakes)


# %%
check("1.1")

# %% [markdown]
# ## 1.2 A race that never begins
#
# A `Barrier` lets no process pass until all are there: each runner waits at the line until the last
# one has arrived. The race never begins.

# %%
# %%module work_1_2
from multiprocessing import Barrier, Process, SimpleQueue


def run(name, line, finish):
    line.wait()
    finish.put(name)


def race(names):
    """Return the names in the order in which the runners finish."""
    line, finish = Barrier(len(names)), SimpleQueue()
    runners = [Process(target=run, args=(name, line, finish)) for name in names]
    ### BEGIN BROKEN
    for runner in runners:
        runner.start()
        runner.join()
    ### END BROKEN
    ### BEGIN SOLUTION
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
    ### END SOLUTION
    return [finish.get() for _ in names]


# %%
check("1.2")

# %% [markdown]
# ## 1.3 A backup without failures
#
# A folder that is locked can't be copied: you can see the words with which its copy ends. Yet
# `back_up` returns an empty list of failures.

# %%
# %%module work_1_3
from multiprocessing import Process


def copy(folder):
    if folder.startswith("/locked"):
        raise SystemExit(f"{folder} can't be read")


def back_up(folders):
    """Return the folders whose copy failed, in their order."""
    copies = [Process(target=copy, args=(folder,)) for folder in folders]
    for process in copies:
        process.start()
    for process in copies:
        process.join()
    pairs = zip(folders, copies, strict=True)
    ### BEGIN BROKEN
    return [folder for folder, process in pairs if process.is_alive()]
    ### END BROKEN
    ### BEGIN SOLUTION
    return [folder for folder, process in pairs if process.exitcode != 0]
    ### END SOLUTION


# %%
check("1.3")

# %% [markdown]
# ## 1.4 The machine that never answers
#
# A process asks each machine how it is. A machine whose name begins with "stuck" does not answer.
# `silent` should return these; it returns an empty list.

# %%
# %%module work_1_4
import time
from multiprocessing import Process


def ask(machine):
    if machine.startswith("stuck"):
        time.sleep(3600)


def silent(machines, patience):
    """Wait for each machine, for `patience` seconds at most; return those that don't answer."""
    asking = [Process(target=ask, args=(machine,)) for machine in machines]
    for process in asking:
        process.start()
    for process in asking:
        process.join(patience)
    pairs = zip(machines, asking, strict=True)
    ### BEGIN BROKEN
    late = [machine for machine, process in pairs if process.exitcode]
    ### END BROKEN
    ### BEGIN SOLUTION
    late = [machine for machine, process in pairs if process.is_alive()]
    ### END SOLUTION
    for process in asking:
        process.kill()
        process.join()
    return late


# %%
check("1.4")

# %% [markdown]
# ## 1.5 The last one turns off the light
#
# When `water_all` returns, some of the gardeners' processes may not have ended.

# %%
# %%module work_1_5
from multiprocessing import Process, SimpleQueue


def water(bed, watered):
    watered.put(bed)


def water_all(beds):
    """Water each bed by a process of its own, wait for all, and return the beds."""
    watered = SimpleQueue()
    ### BEGIN BROKEN
    for bed in beds:
        gardener = Process(target=water, args=(bed, watered))
        gardener.start()
    gardener.join()
    ### END BROKEN
    ### BEGIN SOLUTION
    gardeners = [Process(target=water, args=(bed, watered)) for bed in beds]
    for gardener in gardeners:
        gardener.start()
    for gardener in gardeners:
        gardener.join()
    ### END SOLUTION
    return [watered.get() for _ in beds]


# %%
check("1.5")

# %% [markdown]
# ## 1.6 Works on my machine
#
# The author ran this program under fork, and it worked. A colleague runs it under spawn, and gets
# an error before anything is shouted.

# %%
# %%module work_1_6
from multiprocessing import Process, SimpleQueue


### BEGIN BROKEN
def shout_all(words):
    """Return the words in capitals, in their order; a process of its own does each."""
    answers = SimpleQueue()

    def shout(place, word):
        answers.put((place, word.upper()))

    shouters = [Process(target=shout, args=pair) for pair in enumerate(words)]
    ### END BROKEN
    ### BEGIN SOLUTION


def shout(place, word, answers):
    answers.put((place, word.upper()))


def shout_all(words):
    """Return the words in capitals, in their order; a process of its own does each."""
    answers = SimpleQueue()
    shouters = [Process(target=shout, args=(*pair, answers)) for pair in enumerate(words)]
    ### END SOLUTION
    for shouter in shouters:
        shouter.start()
    for shouter in shouters:
        shouter.join()
    return [word for _, word in sorted(answers.get() for _ in words)]


# %% tags=["nbval-ignore-output"]
check("1.6")
