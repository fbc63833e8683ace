# %% [markdown]
# A pool ends where the machine ends. A **cluster** goes on: many processes, on one machine or on
# many, that take tasks from one place. This lesson runs the functions that you know, unchanged, on
# Dask's distributed scheduler. It starts on your own machine, then kills part of the cluster in the
# middle of the work, and counts.
#
# **You will be able to**
#
# - run the same functions on a cluster, here or anywhere, by its address;
# - keep data where it is needed, and say what travels;
# - say what is done again when a worker dies, and what is lost;
# - decide when a cluster is worth its price, and name the other tools.
#
# **You need** lessons 00 to 08, above all 06 (pools) and 08 (costs).

# %%
import multiprocessing
import os
import tempfile
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

import dask
import numpy as np
import psutil
from distributed import Client, LocalCluster, as_completed, get_task_stream

# %%
from helpers.workers import dask_tasks
from helpers.claims import tell
from helpers.engines import ProgramCluster
from helpers.measure import measure_cuts
from helpers.plots import plot_parts, print_in_words
from helpers.local_servers import CountingProxy
from helpers.plots import plot_stream, print_stream
from helpers.widgets import ClusterExplorer, compare, predict
from helpers.workers import count_primes, do_nothing, mandelbrot_row, wait
from helpers.workers.network import fetch
from helpers.workers.workloads import workload

# %% [markdown]
# ## A cluster is a scheduler, workers and a client
#
# ```
#   client  ──tasks──▶  scheduler  ──tasks──▶  worker, worker, worker …
#   (this notebook)     (knows all)            (do the work, keep the results)
# ```
#
# A **worker** is a process that does tasks and keeps their results in its memory. The **scheduler**
# knows every task, every worker, and where each result is. The **client** is your program. They
# talk over TCP, so each may be on a machine of its own. `LocalCluster` starts all of it here: the
# workers as processes, always by spawn unless you configure it otherwise; the scheduler in a thread
# of this notebook's own process.

# %%
folder = tempfile.TemporaryDirectory()
_ = dask.config.set({"temporary-directory": folder.name})  # for what does not fit into memory
cluster = LocalCluster(
    n_workers=2,
    threads_per_worker=1,
    dashboard_address="127.0.0.1:0",  # for us only; port 0: the system chooses a free one
    silence_logs="CRITICAL",  # we are going to kill some, and it would complain
)
client = Client(cluster)

# %% [markdown]
# `client.map` sends a call for each task, `client.gather` brings the results, in the order of the
# tasks. `count_primes` is the function of lesson 01; nobody told it about clusters.

# %%
tasks = workload("primes").tasks(count=24, size=3_000)
futures = client.map(count_primes, tasks)
results = client.gather(futures)
pids = client.run(os.getpid)  # not a task: run it once on every worker

print("the same results as one loop:", results == [count_primes(task) for task in tasks])
print(
    "worker processes:",
    len(set(pids.values())),
    "   ours among them:",
    os.getpid() in pids.values(),
)

# %% [markdown]
# As in a pool, a worker finds a function by importing its module, so that module must be there: on
# *every* machine, in the same version. (A function from a cell would work, too: Dask sends such a
# function by value, as code. Handy for a try; a module can be tested.)

# %% [markdown]
# ## A future stands for a result that stays where it was made
#
# `submit` and `map` return **futures** at once, as an executor does. The difference: when the work
# is done, the result lies in the memory of the worker that made it. It travels when you ask for it,
# and it is dropped when you let go of its future.

# %%
holders = client.who_has(futures)
print("results:", len(holders), "   workers that hold them:", len(set(sum(holders.values(), ()))))

# %% [markdown]
# `as_completed` gives each future as it is done, not in the order of the tasks. Rows of the
# Mandelbrot set take unequal time:

# %%
rows = client.map(mandelbrot_row, workload("mandelbrot").tasks(24, 300))
order = [rows.index(future) for future in as_completed(rows)]
print("each came once:", sorted(order) == list(range(24)))
tell(f"they came in the order {order}")

# %% [markdown]
# One thing is unlike an executor. Here the **same call**, with the same arguments, is submitted 20
# times. The function notes each of its runs as a small file, so that we can count.

# %%
predict("beyond-equal-calls", "The same call, submitted 20 times: how often is it run?", "times")

# %%
with tempfile.TemporaryDirectory() as notes:
    equal = [client.submit(dask_tasks.count_and_note, (0, tasks[0], notes)) for _ in range(20)]
    twenty = client.gather(equal)
    times_run = dask_tasks.runs_noted(notes)[0]

# %%
compare("beyond-equal-calls", times_run, "times")
print("results:", len(twenty), "   runs:", times_run)

# %% [markdown]
# Dask makes a key from the function and its arguments, and equal keys are one task: it takes your
# function to be **pure**, one whose result depends on its arguments alone. A function that draws
# random numbers without a seed is not, and would give you one draw 20 times. Make the seed an
# argument, or say `pure=False`.

# %% [markdown]
# ## Data stays where it is
#
# What travels costs (lesson 08), and between machines more than between processes. To count it, we
# put a proxy between a client and the scheduler: it passes everything on and counts the bytes. The
# work: four products of one array of 8 MB, and the sum of each.


# %%
def sums(client, data) -> list[float]:
    products = [client.submit(np.multiply, data, factor) for factor in range(4)]
    return client.gather([client.submit(np.sum, product) for product in products])


def megabytes(use) -> float:
    with CountingProxy(cluster.scheduler_address) as proxy:
        with Client(proxy.address, set_as_default=False) as counted:
            use(counted)
        return sum(proxy.take_counts()) / 1e6


# %% [markdown]
# Look at `sums`: the products are futures, and they are passed on as *arguments*. A future as an
# argument means: this task needs that result. Nothing is brought here in between.

# %%
predict("beyond-megabytes", "`data` is the array itself: how many MB pass the proxy?", "MB")

# %%
numbers = np.arange(1_000_000.0)
each_call = megabytes(lambda client: sums(client, numbers))
scattered = megabytes(lambda client: sums(client, client.scatter(numbers)))
made_there = megabytes(lambda client: sums(client, client.submit(np.arange, 1_000_000.0)))

compare("beyond-megabytes", each_call, "MB")
print(f"the array in each call: {each_call:.0f} MB")
print(f"scattered once, then its future: {scattered:.0f} MB")
print(f"made there, by a task: {made_there:.0f} MB")

# %% [markdown]
# Four calls, four copies. `scatter` puts the array into a worker's memory once and gives a future
# for it. Best of all is data that is never here: tasks that read their own part of a file, say. The
# scheduler sends a task to where its data is, if it can: **data locality**. It is why a cluster
# can work on data that no single machine could hold. (What workers send to one another does not
# pass this proxy; it goes from worker to worker.)

# %% [markdown]
# ## Watching: the task stream and the dashboard
#
# The scheduler keeps a record of what each worker did: the **task stream**. It is your timeline, of
# machines that you can't see.

# %%
with get_task_stream(client) as stream:
    there = client.scatter(numbers)
    uneven = client.map(count_primes, [range(n * 5_000, n * 5_000 + 5_000) for n in range(24)])
    parts = [client.submit(np.multiply, there, factor) for factor in range(10, 16)]
    _ = client.gather([*uneven, *[client.submit(np.sum, part) for part in parts]])

# %%
ax = plot_stream(stream.data)
print_stream(stream.data)

# %% [markdown]
# A lane for each worker, a bar for each thing it did. Blue is work. A red bar is a worker that
# fetches what another one holds; white is a worker with nothing to do. Look for the same things as
# in every timeline: white at the end is an uneven last task, red everywhere is data in the wrong
# place.
#
# The scheduler shows the same live, as web pages: the **dashboard**. The link below opens it, as
# long as the cluster lives. Its *Status* page has the task stream, the memory of each worker, the
# tasks that each has waiting, and progress by kind of task. *Workers* lists processor, memory and
# network of each; *Graph* shows which task waits for which.

# %%
tell(f"in a browser on this machine: {cluster.dashboard_link}")
health = cluster.dashboard_link.replace("/status", "/health")
print("it answers:", fetch(health) > 0)

# %% [markdown]
# ## A worker dies, and the work is finished all the same
#
# First a pool, to remember. One worker has four tasks waiting and is killed, as by a power cut:

# %%
with ProcessPoolExecutor(1) as pool:
    pid = pool.submit(os.getpid).result()
    waiting = [pool.submit(wait, 60) for _ in range(4)]
    psutil.Process(pid).kill()
    ends = Counter(type(future.exception()).__name__ for future in waiting)

print("the pool:", dict(ends))

# %% [markdown]
# The pool is broken, and all four tasks with it. Now the cluster: twelve tasks, and as soon as the
# first is done, we kill the worker that did it. It holds that result, and is busy with others.
# How many results will be missing, or come twice? And how many runs does it take?
# (Before, we let go of all older futures: the cluster would make their results again, too.)

# %%
predict("beyond-missing", "12 tasks, a worker killed in the middle: how many results are missing?")

# %%
predict("beyond-runs", "How many runs of tasks are begun in all, for these 12 results?", "runs")


# %%
def kill_one_in_the_middle(client, tasks) -> tuple[str, list]:
    pids = client.run(os.getpid)
    futures = client.map(dask_tasks.count_and_note, tasks)
    first = next(iter(as_completed(futures)))
    (victim,) = client.who_has([first])[first.key]
    psutil.Process(pids[victim]).kill()
    return victim, client.gather(futures)


# %%
del futures, rows, equal, there, uneven, parts
with tempfile.TemporaryDirectory() as notes, get_task_stream(client) as stream:
    tasks = [(n, range(n * 20_000, n * 20_000 + 20_000), notes) for n in range(12)]
    victim, results = kill_one_in_the_middle(client, tasks)
    runs = dask_tasks.runs_noted(notes)

# %%
expected = [(number, count_primes(numbers)) for number, numbers, _ in tasks]
print("every result once, and right:", results == expected)
print("results missing:", 12 - len(results), "   more runs than results:", runs.total() > 12)
compare("beyond-missing", 12 - len(results))
compare("beyond-runs", runs.total(), "runs")

# %%
ax = plot_stream(stream.data)
print_stream(stream.data)

# %% [markdown]
# One lane ends early. What that worker was doing, and what it had done and kept in its memory, was
# lost with it. But the scheduler knows how each result is made, so it had them made again,
# elsewhere. That is the whole secret: **results exactly once, runs at least once**. So a task
# should be **idempotent**: to run it twice must do no harm. One that computes is. One that sends a
# mail or adds to a file is not: let the client do that, with the results.
#
# Each local worker also has a **nanny**, which watches it and starts another in its place. If that
# came in time, the picture has a third lane.

# %%
client.wait_for_workers(2, timeout=60)
after = client.run(os.getpid)
print("workers again:", len(after), "   the killed one among them:", victim in after)

# %% [markdown]
# ## What is lost
#
# **Data that nobody can make again.** A result has a recipe; an array that you scattered has none.

# %%
there = client.scatter(numbers)
(holder,) = client.who_has([there])[there.key]
psutil.Process(after[holder]).kill()
total = client.submit(np.sum, there)
_ = total.exception()
print("the array:", there.status, "   the sum of it:", total.status)

# %% [markdown]
# So keep the original, or `scatter(…, broadcast=True)` to every worker.
#
# **A task that kills its workers.** Memory that runs out, a crash in C code: each attempt takes a
# worker with it, and a scheduler that tried forever would lose them all, one after the other. It
# gives up a task that was there when *more* than `allowed-failures` workers died, 3 by default. We
# set it to 1.

# %%
predict("beyond-deaths", "With allowed-failures 1: how many workers does it bring down?", "workers")

# %%
cluster.scheduler.allowed_failures = 1
with tempfile.TemporaryDirectory() as notes:
    error = client.submit(dask_tasks.note_and_die, 0, notes).exception()
    deaths = dask_tasks.runs_noted(notes)[0]

print(type(error).__name__, "after", deaths, "workers")
compare("beyond-deaths", deaths, "workers")

# %% [markdown]
# An exception is another matter: it is a result like others, comes back to you, and nothing is
# tried again unless you say `retries=`.
#
# **The scheduler, or the client.** The scheduler's knowledge is in its memory only. If it ends, the
# work is lost, and the client has to begin anew. If your client ends, nobody wants the results any
# more, and they are dropped.

# %%
client.wait_for_workers(2, timeout=60)  # one that is being started can't be closed in order
client.close()
cluster.close()
folder.cleanup()

# %% [markdown]
# ## Any cluster, by its address
#
# `LocalCluster` is for one machine. For several, one starts the parts by hand (or lets
# `dask-jobqueue`, `dask-kubernetes` or a cloud service do it): `dask scheduler` on one, and
# `dask worker tcp://…` on each of the others. Here are the same programs, on this machine, with a
# few words more so that they listen on `127.0.0.1` only. Your program needs one thing: the address.
# If you have a cluster, set `DASK_SCHEDULER_ADDRESS` before you start JupyterLab, and the cell runs
# there.

# %%
with ProgramCluster(workers=2) as programs:
    address = os.environ.get("DASK_SCHEDULER_ADDRESS", programs.address)
    with Client(address) as client:
        client.wait_for_workers(2, timeout=60)
        tasks = workload("primes").tasks(count=24, size=3_000)
        primes = client.gather(client.map(count_primes, tasks))
        totals = sums(client, client.scatter(numbers))
        pids = client.run(os.getpid)
    tell(*programs.commands)

# %%
print("the same results:", primes == [count_primes(task) for task in tasks])
print("the same sums:", totals == [np.sum(numbers * factor) for factor in range(4)])
print(
    "at least two workers, none of them ours:", len(pids) >= 2 and os.getpid() not in pids.values()
)

# %% [markdown]
# Nothing changed but the argument of `Client`. In return you look after more: the same Python,
# packages and modules on every machine; files that all can reach; and **who may connect**. A
# scheduler asks nobody for a password, and whoever reaches its port can run any code as you. So
# keep it inside a private network, or use TLS with certificates, which Dask has.

# %% [markdown]
# ## What it costs
#
# Each task passes through the scheduler, a Python program that thinks about it. The same empty
# tasks, through a pool and through Dask:

# %%
predict(
    "beyond-per-task", "200 empty tasks: how many times as LONG as a pool does Dask take?", "times"
)

# %%
empty = measure_cuts(do_nothing, {"empty": (range(200), 1)}, ("processes", "dask"))
pool, dask = empty["processes", "empty"], empty["dask", "empty"]
compare("beyond-per-task", pool.speedup(dask), "times")
tell(f"a task: {pool.wall / 200 * 1e6:.0f} µs by the pool, {dask.wall / 200 * 1e6:.0f} µs by Dask")
print("an empty task costs more through Dask:", dask.wall > pool.wall)

# %%
ax = plot_parts([pool, dask])
print_in_words(pool, dask)

# %% [markdown]
# Starting is dearer, too. Dask's documentation speaks of 0.2 to 1 ms for each task; a busy or slow
# machine needs more. The rules of lesson 08 hold as before, with larger numbers: few large tasks,
# little talk. For tasks of a second, nobody sees the difference.

# %% [markdown]
# ## Break it yourself
#
# A real cluster of programs, without nannies. Press *Run*, and *Kill a worker* while it works: the
# work is finished as long as one is left. Kill all, and it waits for a worker that never comes,
# until you press *Stop*.

# %%
ClusterExplorer()

# %% [markdown]
# ## When to go there, and with what
#
# Stay on one machine as long as you can: it has more cores than most people use, no network and one
# file system. Go further when the work does not fit: data larger than its memory, or hours that
# more machines would make minutes. Or when you want what a pool lacks: futures that stay, workers
# that may die.
#
# - **Dask**: Python functions, arrays and tables in parts. As here.
# - **Ray**: tasks, and *actors*, objects that live in a worker and keep state. Common for training
#   and serving models.
# - **MPI**, from Python `mpi4py`: all processes run the same program and exchange arrays directly,
#   fast, by networks made for it. Simulations on supercomputers. Nobody makes a lost part again:
#   as a rule, when one process dies the whole job ends, and starts from what it last saved.
# - **Spark**: tables on many machines, queries in SQL, on the Java virtual machine; Python drives
#   it.

# %% [markdown]
# > **In practice.** Write workers as in this course: plain data in, plain data out, in a module.
# > Then a pool today and a cluster next year differ by one line; `client.get_executor()` even gives
# > a standard `Executor`. Close the client and the cluster, or use `with`.
# >
# > **In an interview.** "A worker dies in the middle of a job. What happens?" A weak answer says
# > that the framework handles it. A strong one says what is lost (its memory), what is made again
# > (whatever has a recipe), what that asks of a task (idempotent), and what can't be saved (the
# > scheduler).
# >
# > **Elsewhere.** Local workers are spawned on every system, so Windows and macOS should show what
# > Linux does, on which this was tried. In a script, `LocalCluster` therefore needs `if __name__ ==
# > "__main__":`.

# %% [markdown]
# ## Nothing is left behind

# %%
multiprocessing.active_children()

# %% [markdown]
# **You can now**
#
# - run the same functions on a cluster: `Client(cluster)` here, `Client("tcp://…")` anywhere;
# - keep data in place: futures as arguments, scatter once, or make it there;
# - say what is made again (results), what is not (scattered data, the scheduler), and why tasks
#   should be idempotent;
# - place the tool, by the size of the data and the shape of the work: pool, Dask, Ray, MPI, Spark.
