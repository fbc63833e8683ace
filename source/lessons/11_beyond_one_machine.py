# %% [markdown]
# A pool uses the cores of one machine. A **cluster** is a set of processes, on one machine or on
# many, that get their tasks from one program, the scheduler. Dask is a Python library that starts
# and uses such clusters. In this lesson you run the functions that you know, unchanged, on a Dask
# cluster on your own machine. Then we kill some of its processes in the middle of the work, and
# count what is missing.
#
# **You will be able to**
#
# - run the same functions on a cluster, on this machine or on others;
# - keep data where it is needed, and say which way it travels;
# - start workers from a terminal so that pure-Python work runs in parallel;
# - say what becomes of results and tasks when a worker dies;
# - decide when a cluster is worth its price, and name the other tools.
#
# **You need** lessons 00 to 08, above all 06 (pools) and 08 (costs).

# %%
import json
import multiprocessing
import os
import tempfile
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median
from time import perf_counter, process_time

# %%
import dask
import numpy as np
import psutil
from distributed import Client, LocalCluster, as_completed, get_task_stream
from distributed import wait as wait_for

# %%
from helpers.claims import tell
from helpers.engines import ProgramCluster, close_clusters
from helpers.local_servers import CountingProxy
from helpers.plots import plot_stream, print_stream
from helpers.source_code import show
from helpers.widgets import ClusterExplorer, compare, predict
from helpers.workers import count_primes, dask_tasks, do_nothing, wait
from helpers.workers.network import fetch

# %% [markdown]
# Workers need a folder for files: here, one that we remove at the end. When a worker dies, Dask
# starts a new one. If that takes more than 15 seconds, it gives up, and never replaces the worker.
# The second setting lets it wait longer, for a busy machine.

# %%
folder = tempfile.TemporaryDirectory()
settings = dask.config.set(
    {"temporary-directory": folder.name, "distributed.deploy.lost-worker-timeout": "300s"}
)

# %% [markdown]
# ## A cluster is a scheduler, workers and a client
#
# ```text
#   client  ──tasks──▶  scheduler  ──tasks──▶  worker, worker, worker …
#   (this notebook)     (knows all)            (run the tasks, keep the results)
# ```
#
# A **worker** is a process that runs tasks and keeps their results in its memory. The **scheduler**
# knows every task, every worker, and where each result is. The **client** is your program. They
# talk over the network, so each of them may be on a machine of its own. The scheduler and each
# worker have an *address*, such as `tcp://127.0.0.1:8786`. It names a machine (127.0.0.1 is this
# one) and a *port*: the number by which the system finds the right program there.
#
# `LocalCluster` starts everything here: the scheduler in a thread of this process, and the workers
# as processes. Dask spawns them, whatever your default start method is.

# %%
close_clusters()  # ends the old cluster, if you run this cell again
cluster = LocalCluster(
    n_workers=2,
    threads_per_worker=1,
    dashboard_address="127.0.0.1:0",  # for its web pages; port 0: the system chooses a free one
    silence_logs="CRITICAL",  # no warnings when we kill workers
)
client = Client(cluster)

# %% [markdown]
# `count_primes` is the function of lesson 01. Nothing in it knows about clusters. `client.run`
# calls a function once on every worker; the scheduler does not treat that as a task.

# %%
ranges = [range(start, start + 3_000) for start in range(0, 72_000, 3_000)]
results = client.gather(client.map(count_primes, ranges))
pids = client.run(os.getpid)  # {address of a worker: what it returned}
print("the same as one loop:", results == [count_primes(numbers) for numbers in ranges])
print("worker processes:", len(pids), "   ours among them:", os.getpid() in pids.values())

# %% [markdown]
# As in a pool, a worker finds a function by importing its module. So the module must be on *every*
# machine, in the same version. Dask can do more: if you wrote the function in a cell, Dask sends
# its code. That is handy while you try things. For real work, use a module: you can test it.

# %% [markdown]
# ## `client.map` and `client.gather`
#
# In the cell above, `client.gather` was called with what `client.map` returned, a list. We now call
# one after the other. `wait(0.3)` sleeps for 0.3 s. (We explain `pure=False` below.)

# %%
predict(
    "beyond-map-seconds",
    "4 tasks of 0.3 s, 2 workers: how long does the line with client.map take?",
    "seconds",
)

# %%
began = perf_counter()
futures = client.map(wait, [0.3] * 4, pure=False)
map_took = perf_counter() - began
waited = client.gather(futures)
all_took = perf_counter() - began
compare("beyond-map-seconds", map_took, "seconds")
tell(f"map and gather together: {all_took:.2f} s")
print("map returned", type(futures[0]).__name__, "objects; gather returned", waited)

# %% [markdown]
# `Pool.map` would return a list of results, after 0.6 s. `client.map` only tells the scheduler what
# to do, and returns a list of **futures**. `gather` waits for their results, in the order of the
# tasks. `as_completed` gives you each future when its task has finished, as with an executor.
#
# But why `pure=False`? The scheduler finds each task by a *key*, which Dask makes from the function
# and its arguments. We submit the **same call** 20 times. The function notes each of its runs with
# `_note_run`, which creates an empty file in a folder. Later, `runs_noted` counts the files:

# %%
show(dask_tasks.count_and_note)

# %%
predict("beyond-equal-calls", "The same call, submitted 20 times: how often does it run?", "times")

# %%
with tempfile.TemporaryDirectory() as notes:
    call = (0, range(3_000), notes)
    equal = [client.submit(dask_tasks.count_and_note, call) for _ in range(20)]
    twenty = client.gather(equal)
    times_run = dask_tasks.runs_noted(notes)[0]
compare("beyond-equal-calls", times_run, "times")
print("results:", len(twenty), "   runs:", times_run)

# %% [markdown]
# As long as a future of a key exists, calls with the same key are one task. Dask assumes that your
# function is **pure**: its result depends only on its arguments. A function that draws a random
# number without a seed is not pure: 20 calls would give you the same number 20 times.
#
# > **In practice.** Make the seed an argument. For a function that is not pure, say `pure=False`:
# > then each call gets a key of its own.

# %% [markdown]
# ## A result stays where it was computed
#
# When a task has finished, its result is in the memory of the worker that computed it. It travels
# when you ask for it, or when a task on another worker needs it. The worker drops it when no task
# needs it and your program holds no future of it any more.
#
# `sums` multiplies one array of 8 MB by four numbers, and sums up each product. To see what travels
# between a client and *the scheduler*, we put a small server between them that passes on all bytes
# and counts them. (It is called a proxy, too: a proxy in a network.)


# %%
def sums(client, data):
    products = [client.submit(np.multiply, data, factor) for factor in range(4)]
    return client.gather([client.submit(np.sum, product) for product in products])


def megabytes(use):
    with CountingProxy(cluster.scheduler_address) as proxy:
        with Client(proxy.address, set_as_default=False) as counted:  # a second client
            use(counted)
        return sum(proxy.take_counts()) / 1e6


# %% [markdown]
# In `sums`, each product is a future, and we pass it on as an *argument*. That means: this task
# needs that result. The scheduler prefers the worker that already has it: **data locality**.
#
# `client.scatter(data)` puts an array into a worker's memory, and returns a future of it. By
# default, the client is connected only to the scheduler.

# %%
predict("beyond-megabytes", "`data` is the array itself: how many MB pass the scheduler?", "MB")

# %%
predict("beyond-scattered", "And if `data` is the future that `client.scatter` returned?", "MB")

# %%
numbers = np.arange(1_000_000.0)
each_call = megabytes(lambda client: sums(client, numbers))
scattered = megabytes(lambda client: sums(client, client.scatter(numbers)))
made_there = megabytes(lambda client: sums(client, client.submit(np.arange, 1_000_000.0)))

compare("beyond-megabytes", each_call, "MB")
compare("beyond-scattered", scattered, "MB")
print(f"the array in each call: {each_call:.0f} MB")
print(f"scattered once: {scattered:.0f} MB")
print(f"made by a task on a worker: {made_there:.0f} MB")

# %% [markdown]
# The array traveled with each of the four calls of `multiply`, and when scattered, once. Both ways
# lead through the *scheduler*: `scatter` and `gather` send data through it, unless you say
# `direct=True`. (`wait_for` is Dask's `wait`: it returns when the tasks have finished.)

# %%
direct = megabytes(lambda client: client.scatter(numbers, direct=True))
made = client.submit(np.arange, 1_000_000.0)
wait_for([made])
through = megabytes(lambda other: other.gather(other.submit(np.arange, 1_000_000.0)))
past_it = megabytes(lambda other: other.gather(other.submit(np.arange, 1_000_000.0), direct=True))
print(f"scatter, direct: {direct:.0f} MB")
print(f"gather: {through:.0f} MB   gather, direct: {past_it:.0f} MB")

# %% [markdown]
# The scheduler is one process. If all data passes through it, it becomes the bottleneck of the
# cluster. With `direct=True` the client connects to the workers itself, so your machine must be
# able to reach theirs. (What workers send to one another never passes the scheduler.)
#
# > **In practice.** The best data is data that you never send: let tasks read their own part of a
# > file. Otherwise scatter once, and pass the future.
# >
# > **In an interview.** "Your cluster is slower than your laptop. Where do you look?" A weak answer
# > adds workers. A strong one asks what travels: the same data in each call, results gathered
# > through the scheduler, tasks that are too small.

# %% [markdown]
# ## A task costs more than in a pool
#
# Each task passes through the scheduler, a Python program that decides where it goes. We time 200
# tasks that do nothing, in a pool and in Dask. They take turns, 5 rounds each.


# %%
def seconds(do):
    began = perf_counter()
    do()
    return perf_counter() - began


def by_dask():
    client.gather(client.map(do_nothing, range(200), pure=False))


# %%
pool_seconds, dask_seconds = [], []
with ProcessPoolExecutor(2) as pool:
    for _ in range(6):
        pool_seconds.append(seconds(lambda: list(pool.map(do_nothing, range(200)))))
        dask_seconds.append(seconds(by_dask))
pool_median, dask_median = median(pool_seconds[1:]), median(dask_seconds[1:])  # 1st: warm-up
tell(f"Dask takes {dask_median / pool_median:.0f} times as long")
tell(f"a task: {pool_median / 200 * 1e6:.0f} µs in the pool, {dask_median / 200 * 1e6:.0f} in Dask")
print("an empty task costs more in Dask:", dask_median > pool_median)

# %% [markdown]
# The rules of lesson 08 hold, with larger numbers: few large tasks, little communication. For tasks
# of a second, the difference does not matter.

# %% [markdown]
# ## When a worker dies
#
# First a pool, as in lesson 06. Its one worker has a task, three more wait, and we kill the worker:

# %%
with ProcessPoolExecutor(1) as pool:
    pid = pool.submit(os.getpid).result()
    waiting = [pool.submit(wait, 60) for _ in range(4)]
    psutil.Process(pid).kill()
    ends = Counter(type(future.exception()).__name__ for future in waiting)
print("the pool:", dict(ends))

# %% [markdown]
# The pool is broken, and no task has a result. Now the cluster. It gets twelve tasks. As soon as
# the first one has finished, we kill the worker that ran it. That worker holds the result, and is
# busy with another task.

# %%
predict("beyond-missing", "12 tasks, a worker killed in the middle: how many results are missing?")

# %%
predict("beyond-runs", "How many runs of tasks begin in all?", "runs")


# %%
def kill_one_in_the_middle(client, tasks):
    pids = client.run(os.getpid)
    futures = client.map(dask_tasks.count_and_note, tasks)
    first = next(iter(as_completed(futures)))
    victim = client.who_has([first])[first.key][0]  # {key of a result: addresses of workers}
    psutil.Process(pids[victim]).kill()
    return victim, client.gather(futures)


# %%
futures = equal = made = None  # drop old futures: Dask would compute their results again, too
client.wait_for_workers(2, timeout=300)
with tempfile.TemporaryDirectory() as notes, get_task_stream(client) as stream:
    tasks = [(n, range(n * 20_000, n * 20_000 + 20_000), notes) for n in range(12)]
    victim, results = kill_one_in_the_middle(client, tasks)
    runs = dask_tasks.runs_noted(notes)

# %%
expected = [(number, count_primes(numbers)) for number, numbers, _ in tasks]
print("every result once, and right:", results == expected)
compare("beyond-missing", 12 - len(results))
compare("beyond-runs", runs.total(), "runs")
print("more runs than results:", runs.total() > 12)

# %% [markdown]
# The scheduler records which tasks each worker finished, and when: the **task stream**. Each row is
# a worker, each blue bar such a task. Where it is white, the worker waited, was dead, or computed a
# task that it did not finish.

# %%
ax = plot_stream(stream.data)
print_stream(stream.data)

# %% [markdown]
# One row ends early. What that worker was computing, and the results in its memory, were lost with
# it. But the scheduler knows how to make each result: with which function, from which arguments,
# and which tasks made these arguments. That recipe is the result's **lineage**. With it, the
# scheduler let another worker compute the results again. So: **results exactly once, runs at least
# once**. A task should be **idempotent**: running it twice does no harm. A task that only computes
# is idempotent. A task that sends a mail or appends to a file is not: let the client do that, with
# the results.
#
# Each worker has a **nanny**, which starts a new worker when the old one dies. Here the nannies are
# a part of this process. A start takes seconds. If the tasks take longer, a third row can appear.

# %%
client.wait_for_workers(2, timeout=300)
workers = client.run(os.getpid)
print("workers again:", len(workers), "   the killed one among them:", victim in workers)

# %% [markdown]
# ## What is lost
#
# **Data without a lineage.** A result has a recipe. An array that you scattered has none: only your
# program knows where it came from. This loop collects results and failures, as in lesson 10:


# %%
def collect(futures):
    results, failures = [], []
    for future in futures:
        error = future.exception()
        if error is None:
            results.append(future.result())
        else:
            failures.append(error)
    return results, failures


# %%
pids = client.run(os.getpid)
there = client.scatter(np.arange(1_000.0), hash=False)  # a new key each time
holder = client.who_has([there])[there.key][0]
psutil.Process(pids[holder]).kill()
total = client.submit(np.sum, there)
print("exception():", total.exception(), "   the array:", there.status, "   its sum:", total.status)

# %% [markdown]
# No task failed, so there is no exception. But the array is gone, so Dask has *cancelled* the sum.
# We give `collect` this future, and one more of a task that needs no array.

# %%
both = [total, client.submit(count_primes, range(100))]
predict("beyond-collected", "Of these two futures: how many results does collect return?", high=2)

# %%
try:
    counted, failures = collect(both)
except Exception as error:
    counted = []
    print("collect raised", type(error).__name__)
compare("beyond-collected", len(counted), "results")

# %% [markdown]
# There is no exception, so `collect` asks for the result, and *that* raises. (If a future of an
# executor was cancelled, `exception()` raises, too.) You get none of the other results. Ask for the
# **status**:


# %%
def collect_all(futures):
    results, failures = [], []
    for future in futures:
        error = future.exception()  # waits
        if future.status == "finished":
            results.append(future.result())
        else:
            failures.append((future.status, error))
    return results, failures


print(collect_all(both))

# %% [markdown]
# Keep the original of scattered data, to scatter it again. (`broadcast=True` sends it to every
# worker, but by default Dask soon drops copies that no task needs.)
#
# **The scheduler.** What it knows is in its memory only. If it ends, lineage does not help: the
# work is lost. **The client.** If your program ends, the scheduler drops the results that no other
# client wants. Against both, save each finished result to a file, from which the next start of your
# program continues: a **checkpoint** (see *Deeper*).

# %%
close_clusters()  # client.close() and cluster.close(), once no worker is starting

# %% [markdown]
# ## Any cluster, by its address
#
# For several machines you start the parts yourself, or a tool does, such as `dask-jobqueue`. Try it
# in two terminals (after `. .venv/bin/activate` in the course's folder; on Windows
# `.venv\Scripts\activate`):
#
# ```text
# dask scheduler --host 127.0.0.1 --port 8786
# dask worker tcp://127.0.0.1:8786 --host 127.0.0.1 --nworkers 2 --nthreads 1
# ```
#
# Then `Client("tcp://127.0.0.1:8786")` is your client. On several machines, `--host` is each
# machine's own address in a private network (one that only they can reach), and `tcp://…` the
# scheduler's. Without `--host`, scheduler and workers listen on *every* network of their machine.
# Their web servers do so in any case: restrict them by `--dashboard-address 127.0.0.1:0`.
#
# Many tutorials leave out `--nworkers` and `--nthreads`. Then you get *one* process, with a thread
# for each core that it may use. We compare that with the command above: two processes with one
# thread each. `ProgramCluster(1, command)` starts a scheduler and runs the command once; it adds
# `--host` and chooses free ports.
#
# Both do the same work in turns: a round to warm up, then 5 more. The work, `count_primes`, is pure
# Python.

# %%
predict("beyond-workers", "How many times as fast as one process are the two?", "times")

# %% [markdown]
# We also ask the workers for the CPU seconds that they have used. Divided by the elapsed seconds,
# that is how many cores they kept busy.

# %%
ranges = [range(start, start + 20_000) for start in range(0, 240_000, 20_000)]


def one_round(client):
    before = client.run(process_time)  # {address: CPU seconds so far}
    took = seconds(lambda: client.gather(client.map(count_primes, ranges, pure=False)))
    used = sum(client.run(process_time).values()) - sum(before.values())
    return took, used / took


# %%
default, split = "dask worker ADDRESS", "dask worker ADDRESS --nworkers 2 --nthreads 1"
with (
    ProgramCluster(1, default) as one,
    ProgramCluster(1, split) as two,
    Client(one.address) as first,
    Client(two.address) as second,
):
    first.wait_for_workers(1, timeout=300)
    second.wait_for_workers(2, timeout=300)
    threads = [list(client.nthreads().values()) for client in (first, second)]
    rounds = [(one_round(first), one_round(second)) for _ in range(6)][1:]

# %%
print("worker processes:", len(threads[0]), "and", len(threads[1]))
tell(f"threads of each worker: {threads[0]} and {threads[1]}")
compare("beyond-workers", median(a[0] / b[0] for a, b in rounds), "times")
cores = [median(both[place][1] for both in rounds) for place in (0, 1)]
tell(f"cores kept busy: {cores[0]:.2f} and {cores[1]:.2f}")

# %% [markdown]
# One process with many threads is right for NumPy, which releases the GIL in large operations. But
# `count_primes` is pure Python: its threads take turns (lesson 07), and together they keep about
# one core busy, however many there are. Two processes can keep two cores busy. (If other programs
# use your cores, both numbers are lower.)

# %% [markdown]
# > **In practice.** For pure Python: `--nworkers N --nthreads 1`, with N the number of cores. Each
# > worker has a nanny by default; `--no-nanny` turns it off, and works only with one worker per
# > command. All machines need the same Python, packages and modules, and files that every worker
# > can reach. A scheduler asks for no password: a program that reaches its port can run any code
# > as you. Keep it inside a private network, or use encrypted connections (TLS), which Dask
# > supports.
# >
# > **In an interview.** "A worker dies in the middle of a job. What happens?" A weak answer says
# > that the framework handles it. A strong one says what is lost (its memory), what is computed
# > again (whatever has a lineage), what that asks of a task (idempotent), and what needs a
# > checkpoint (the scheduler, the client).
# >
# > **Elsewhere.** Local workers are spawned on every system. In a script, `LocalCluster` therefore
# > needs `if __name__ == "__main__":`.

# %% [markdown]
# ## When to use a cluster, and which
#
# Stay on one machine as long as you can: nothing travels over a network, and all workers see the
# same files. Go further when the data is larger than its memory, when more machines turn hours into
# minutes, or when you need what a pool lacks: results that stay on workers, and work that goes on
# when a worker dies.
#
# - **Dask**: Python functions, arrays and tables in parts.
# - **Ray**: tasks, and *actors*, objects that live in a worker and keep state. Common for training
#   and serving models.
# - **MPI**, in Python `mpi4py`: all processes run the same program and exchange arrays directly.
#   Simulations on supercomputers. There is no lineage: as a rule, when one process dies the whole
#   job ends. You start it again, and it continues from a checkpoint if your program wrote one.
# - **Spark**: tables on many machines, and SQL, a language for databases. It is written for Java's
#   runtime, and has an interface for Python. It, too, computes lost parts again by their lineage.

# %% [markdown]
# **You can now**
#
# - run the same functions on a cluster: `Client(cluster)` here, `Client("tcp://…")` anywhere;
# - keep data in place: futures as arguments, scatter once, `direct=True`, or make it there;
# - start workers with `--nworkers N --nthreads 1`, and say why;
# - say what is computed again (what has a lineage), what is not, and why tasks should be
#   idempotent;
# - choose the tool by the size of the data and the shape of the work.

# %% [markdown]
# ## Deeper

# %% [markdown]
# ### Try it: kill workers while they work
#
# A real cluster of programs, without nannies. Press *Run*, and *Kill a worker* while it works. The
# work is finished as long as one worker is left. Kill all, and it can't be: press *Stop*.

# %%
ClusterExplorer()

# %% [markdown]
# ### A worker has a memory limit
#
# By default, `LocalCluster` divides the machine's memory equally among its workers. When the
# results of a worker take 60 % of its limit, or the whole process 70 %, it moves results to disk
# (**spill**). At 80 % it starts no more tasks (*pause*). At 95 % its nanny terminates it. We start
# one with a small limit.

# %%
close_clusters()
settings = dask.config.set({"distributed.scheduler.allowed-failures": 1})  # for the next section
small = LocalCluster(
    n_workers=1,
    threads_per_worker=1,
    memory_limit="400MB",
    dashboard_address="127.0.0.1:0",
    silence_logs="CRITICAL",
)
client = Client(small)

# %%
show(dask_tasks.random_bytes)

# %%
show(dask_tasks.count_on_disk)

# %%
predict("beyond-spilled", "12 results of 32 MB each, limit 400 MB: how many are on disk?")

# %%
large = client.map(dask_tasks.random_bytes, range(12), [32] * 12)
wait_for(large, timeout=120)  # an error after 120 s, instead of waiting forever
[(in_memory, on_disk)] = client.run(dask_tasks.count_on_disk).values()  # one worker, one pair
compare("beyond-spilled", on_disk)
lengths = client.map(len, large)
wait_for(lengths, timeout=120)
print("results:", in_memory + on_disk, "   some on disk:", on_disk > 0)
print("all there:", set(client.gather(lengths)) == {32_000_000})
large = lengths = None

# %% [markdown]
# All 12 results would be 384 MB, below the limit. But 60 % of it is 240 MB, seven results. The
# process itself needs memory, too: above 70 %, it moves results to disk until it is below 60 %.
#
# Spilling handles *results*. It can't help when one task needs more memory than there is. The nanny
# terminates the worker, and the scheduler gives the task to the next worker, which is terminated,
# too. How many deaths with the same task does the scheduler allow? The setting is
# `allowed-failures`: by default 3, and we have set it to 1.

# %%
show(dask_tasks.note_and_fill)

# %%
predict("beyond-deaths", "With allowed-failures 1: how many workers does the task end?", "workers")

# %%
with tempfile.TemporaryDirectory() as notes:
    filling = client.submit(dask_tasks.note_and_fill, 0, 500, notes)
    error = filling.exception(timeout=180)  # a new worker must start meanwhile
    deaths = dask_tasks.runs_noted(notes)[0]
compare("beyond-deaths", deaths, "workers")
print(type(error).__name__, "after", deaths, "workers")

# %% [markdown]
# One death was allowed; the scheduler gave up at the second. **`KilledWorker`** means: this task
# was there each time a worker died. Look for memory first, then for a crash in C code. An exception
# that a task raises is different: it is a result like any other, and Dask runs the task again only
# if you say `retries=`.

# %% [markdown]
# ### Who gets the next task
#
# 20 tasks, one worker with one thread. How many does the scheduler hand to the worker in advance?
# If it hands over all, the worker never waits for its next task. If it hands over one at a time, a
# faster worker that comes later still finds work.

# %%
predict("beyond-assigned", "While one task runs: how many has the worker been given?")

# %%
client.wait_for_workers(1, timeout=120)  # the nanny starts the next one
sleeping = client.map(wait, [0.1] * 20, pure=False)
next(iter(as_completed(sleeping, timeout=120)))  # the first one that finishes
given = client.processing()  # {address of a worker: keys of the tasks it has been given}
assigned = sum(len(keys) for keys in given.values())
compare("beyond-assigned", assigned)
print("most tasks stay at the scheduler:", assigned < 5)
finished = wait_for(sleeping, timeout=120)

# %% [markdown]
# One that runs and one that is next. The others have no inputs of their own, and wait at the
# scheduler. So no worker runs ahead and fills its memory with results, and a new or a faster worker
# finds work at once. Tasks that have inputs of their own are different: as soon as its inputs
# exist, each is assigned to a worker that holds some of them. When another worker is idle, the
# scheduler moves some of these tasks: **work stealing**. It looks once a second, and weighs the
# time that a move would save against the time to copy the inputs.

# %% [markdown]
# ### "Sending large graph"
#
# Dask calls the tasks that you submit a *graph*. If they contain more than 10 MB, it warns. We
# catch the warning and print its first line:

# %%
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    total = client.submit(np.sum, np.arange(2_000_000.0)).result(timeout=120)
print(str(caught[0].message).splitlines()[0])

# %% [markdown]
# It means that data travels as an argument. Scatter it, or make it on a worker.
#
# ### `upload_file` sends a module to every worker
#
# `client.upload_file("my_module.py")` copies one module to the scheduler and to all workers, also
# to those that join later, and imports it again if it was there before. That is for a module that
# you are still changing. Install packages on each machine instead.

# %% [markdown]
# ### A checkpoint outlives the client
#
# The client saves all results whenever a new one arrives, and at its next start it submits what is
# missing. But it may also be killed *while* it saves.


# %%
def save(done, file):
    new = file.with_suffix(".new")
    new.write_text(json.dumps(done))
    new.replace(file)


# %%
def count_all(client, ranges, file, stop_after=None):
    done = json.loads(file.read_text()) if file.exists() else {}
    missing = [name for name in ranges if name not in done]
    futures = {client.submit(count_primes, ranges[name]): name for name in missing}
    for future in as_completed(futures):
        done[futures[future]] = future.result()
        save(done, file)
        if len(done) == stop_after:
            break  # as if the program had been killed here
    return done, len(missing)


# %%
predict(
    "beyond-checkpoint",
    "12 tasks; 5 are saved; killed in the middle of saving the 6th: how many are submitted next?",
    "tasks",
)

# %%
ranges = {str(start): range(start, start + 1_000) for start in range(0, 12_000, 1_000)}
with tempfile.TemporaryDirectory() as saved:
    file = Path(saved, "primes.json")
    with Client(small.scheduler_address, set_as_default=False) as first:
        count_all(first, ranges, file, stop_after=5)
    file.with_suffix(".new").write_text('{"0": 168, "10')  # killed in the middle of the 6th save
    with Client(small.scheduler_address, set_as_default=False) as second:
        done, submitted = count_all(second, ranges, file)
compare("beyond-checkpoint", submitted, "tasks")
print("submitted again:", submitted, "   all there:", sum(done.values()) == 1_438)

# %% [markdown]
# Seven, the sixth among them. `save` writes a second file, and renames it when it is complete, so
# the old checkpoint stays whole. Had it written into `file` itself, half a file would be left:
# `json.loads` would fail, and all saved results would be lost.

# %% [markdown]
# ### Watch it live: the dashboard
#
# The scheduler shows the task stream as a web page, the **dashboard**, as long as the cluster runs.
# *Status* also has the memory of each worker and the tasks that it has been given. *Workers* lists
# processor, memory and network of each one. *Graph* shows which task waits for which.

# %%
tell(f"in a browser on this machine: {small.dashboard_link}")
print("it answers:", fetch(small.dashboard_link.replace("/status", "/health")) > 0)

# %% [markdown]
# ## Nothing is left behind

# %%
close_clusters()
folder.cleanup()
multiprocessing.active_children()
