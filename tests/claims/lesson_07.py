"""What shows each claim of lesson 07, what contradicts it, and what decides nothing."""

from __future__ import annotations

import os

from helpers.engines.records import Run, Sweep, TaskRecord

LOOP = 10.0  # seconds
OURS = os.getpid()


def run(engine, workers, speedups, *, at_once=False, processes=1, threads=1, others=0.0):
    """Return a Run of as many rounds as there are speedups over LOOP."""
    walls = tuple(LOOP / one for one in speedups)
    cpu = 0.95 if at_once else 0.95 / workers  # of each task's seconds
    records = tuple(
        TaskRecord(i, OURS + i % processes, i % threads, 0.0, min(walls), cpu * min(walls))
        for i in range(max(workers, processes, threads))
    )
    cpus = tuple((workers if at_once else 1) * 0.95 * wall for wall in walls)
    return Run("work", engine, workers, "", 0.0, walls, records, [], cpus, others)


def work(threads=(1,) * 7, processes=(1.9,) * 7, ceiling=2.0, at_once=("processes",), others=0.0):
    """Return a Sweep with two threads and two processes, of these speedups."""
    runs = [
        run(name, 2, speedups, at_once=name in at_once)
        for name, speedups in (("threads", threads), ("processes", processes))
    ]
    baseline = run("serial", 1, (1,) * 7, others=others)
    return Sweep(baseline, tuple(runs), {2: (LOOP / ceiling,) * 7})


def requests(threads=(9,) * 7, processes=(9,) * 7, coroutines=(9,) * 7, coroutine_threads=1):
    return {
        "serial": run("serial", 1, (1,) * 7),
        "threads": run("threads", 12, threads, threads=12),
        "processes": run("processes", 12, processes, processes=12),
        "asyncio": run("asyncio", 1, coroutines, threads=coroutine_threads),
    }


MIXED = (0.9, 1, 1.1, 1.1, 1.6, 1.7, 1.8)  # some rounds above every bound, the median below
CHANCE = (0.5, 0.9, 1.1, 1.5, 1.9, 3.1, 3.9)  # the same, the median above
BOTH = ("threads", "processes")
# What the cells before leave behind if the claim holds: one measurement shows several of them.
MEASURED = {
    **{name: work() for name in ("primes", "pi", "blur", "words")},
    "hashing": work(threads=(1.9,) * 7, at_once=BOTH),
    "fetches": requests(),
    "beside_thread": [5.1] * 5,
    "at_20_ms": [20.2] * 5,
    "beside_process": [0.1] * 5,
    "tiny_loop": [0.0002] * 3,
    "tiny_processes": [0.3] * 3,
    "thread_pids": {OURS},
    "thread_ids": [(OURS, 1), (OURS, 2)],
    "process_pids": {OURS + 1, OURS + 2},
    "given_to_thread": [1, 2, 3, 4],
    "given_to_process": [1, 2, 3],
    "merged": {"process": 264},
    "shared": {"process": 264},
}
HOLDS = dict.fromkeys(("G1", "G2", "G3", "G4", "T1", "T2", "T3", "T4", "T5", "T6"), MEASURED)
# What contradicts it, one thing at a time.
CONTRADICTS = [
    ("G1", "threads are faster", {"primes": work(threads=(1.8,) * 7)}),
    ("G1", "threads run at once", {"primes": work(at_once=BOTH)}),
    ("G2", "processes are as fast as the loop", {"primes": work(processes=(1.1,) * 7)}),
    ("T3", "processes take turns", {"primes": work(at_once=())}),
    ("T3", "threads run at once", {"primes": work(at_once=BOTH)}),
    ("G3", "hashing takes turns", {"hashing": work()}),
    ("G3", "words run at once in threads", {"words": work(at_once=BOTH)}),
    ("G3", "the delay does not follow the interval", {"at_20_ms": [5.3] * 5}),
    ("G3", "a process delays as a thread does", {"beside_process": [5.0] * 5}),
    ("G1", "threads run at once beside others", {"primes": work(at_once=BOTH, others=1.7)}),
    (
        "T5",
        "asyncio needs threads, beside others",
        {"words": work(others=1.7), "fetches": requests(coroutine_threads=12)},
    ),
    ("T1", "a thread ran in another process", {"thread_pids": {OURS, OURS + 1}}),
    ("T1", "both tasks were of one thread", {"thread_ids": [(OURS, 1), (OURS, 1)]}),
    ("T1", "the processes are one", {"process_pids": {OURS + 1}}),
    ("T1", "one of the processes is ours", {"process_pids": {OURS, OURS + 1}}),
    ("T2", "the thread changed a copy", {"given_to_thread": [1, 2, 3]}),
    ("T2", "the process changed our list", {"given_to_process": [1, 2, 3, 4]}),
    ("T4", "the tables differ", {"merged": {"process": 263}}),
    ("T4", "nothing was counted", {"merged": {"process": 0}, "shared": {"process": 0}}),
    ("G4", "simulation gains nothing", {"pi": work(processes=(1.0,) * 7)}),
    ("G4", "images gain nothing", {"blur": work(processes=(1.0,) * 7)}),
    ("G4", "words run at once in threads", {"words": work(at_once=BOTH)}),
    (
        "G4",
        "one is undecided and another contradicts",
        {"pi": work(processes=MIXED), "blur": work(processes=(1.0,) * 7)},
    ),
    ("T5", "threads wait in turns", {"fetches": requests(threads=(1.1,) * 7)}),
    ("T5", "coroutines wait in turns", {"fetches": requests(coroutines=(1.1,) * 7)}),
    ("T5", "processes wait better", {"fetches": requests(processes=(30,) * 7)}),
    ("T5", "asyncio needs threads", {"fetches": requests(coroutine_threads=12)}),
    ("T5", "primes gain nothing", {"primes": work(processes=(1.0,) * 7)}),
    ("T6", "large tasks gain nothing", {"primes": work(processes=(1.0,) * 7)}),
    ("T6", "tiny tasks gain", {"tiny_processes": [0.0001] * 3}),
    ("T6", "threads wait in turns", {"fetches": requests(threads=(1.1,) * 7)}),
]
DISAGREE = "some rounds were above {} times and some were not"
BUSY = "other programs kept 1.7 cores busy"
# What decides nothing, and why.
LEFT_OPEN = [
    (
        "G1",
        "the rounds disagree",
        {"primes": work(threads=(1, 1, 1, 1.3, 1.3, 1.4, 1.5))},
        DISAGREE.format(1.2),
    ),
    ("G2", "the rounds disagree", {"primes": work(processes=MIXED)}, DISAGREE.format(1.2)),
    ("G2", "others use the cores", {"primes": work(processes=(1.0,) * 7, others=1.7)}, BUSY),
    ("G2", "it may have held by chance", {"primes": work(processes=CHANCE, others=1.7)}, BUSY),
    (
        "G2",
        "there is no room",
        {"primes": work(processes=(1.0,) * 7, ceiling=1.1)},
        "2 independent programs together",
    ),
    ("T3", "others use the cores", {"primes": work(at_once=(), others=1.7)}, BUSY),
    ("G3", "the rounds disagree", {"at_20_ms": [5.0, 5.0, 5.0, 20.0, 20.0]}, DISAGREE.format(1.5)),
    ("G3", "others use the cores", {"words": work(others=1.7), "at_20_ms": [5.0] * 5}, BUSY),
    ("G4", "the rounds of one disagree", {"words": work(processes=MIXED)}, DISAGREE.format(1.2)),
    (
        "T5",
        "the rounds disagree",
        {"fetches": requests(threads=(2, 2, 2, 2, 9, 9, 9))},
        DISAGREE.format(3),
    ),
    (
        "T5",
        "processes may wait better",
        {"fetches": requests(processes=(9, 9, 9, 20, 20, 20, 20))},
        DISAGREE.format(2),
    ),
    ("T6", "the rounds disagree", {"primes": work(processes=MIXED)}, DISAGREE.format(1.2)),
]
# What holds although the machine was disturbed.
HELD_ANYWAY = [
    (
        "G2",
        "others use the cores",
        {"primes": work(others=1.7, processes=(1.3, 1.4, 1.5, 1.5, 1.5, 1.6, 1.9))},
    ),
]
