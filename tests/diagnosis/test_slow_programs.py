"""A right program that is stopped because it takes longer than its limit is not given a name."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from helpers.diagnosis.match import diagnose
from helpers.runner.deadlock import can_be_seen
from helpers.runner.run import run_safely
from tests.running_processes import METHODS

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.processes]
LIMIT = 2.0  # seconds; each program below needs 60 and looks as if it hung
START = """
import multiprocessing, sys, time
from concurrent.futures import ProcessPoolExecutor
context = multiprocessing.get_context(sys.argv[1])
"""
PROGRAMS = {
    "a producer that is slow, and a consumer that waits for it": """
def produce(queue):
    time.sleep(60)
    queue.put(None)

def consume(queue):
    while queue.get() is not None:
        pass

if __name__ == "__main__":
    queue = context.Queue()
    processes = [context.Process(target=target, args=(queue,)) for target in (produce, consume)]
    for process in processes:
        process.start()
    for process in reversed(processes):
        process.join()
""",
    "a parent that waits for a slow child's item": """
def produce(queue):
    time.sleep(60)
    queue.put(1)

if __name__ == "__main__":
    queue = context.Queue()
    process = context.Process(target=produce, args=(queue,))
    process.start()
    print(queue.get())
    process.join()
""",
    "a lock that is held for long": """
def work(lock):
    with lock:
        time.sleep(60)

if __name__ == "__main__":
    lock = context.Lock()
    processes = [context.Process(target=work, args=(lock,)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
""",
    "a barrier whose last party is late": """
def work(barrier, seconds):
    time.sleep(seconds)
    barrier.wait()

if __name__ == "__main__":
    barrier = context.Barrier(2)
    processes = [context.Process(target=work, args=(barrier, s)) for s in (0, 60)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
""",
    "an event that is set late": """
def work(event):
    event.wait()

if __name__ == "__main__":
    event = context.Event()
    process = context.Process(target=work, args=(event,))
    process.start()
    time.sleep(60)
    event.set()
    process.join()
""",
    "a bounded queue with a slow consumer": """
def consume(queue):
    for _ in range(5):
        time.sleep(60)
        queue.get()

if __name__ == "__main__":
    queue = context.Queue(1)
    process = context.Process(target=consume, args=(queue,))
    process.start()
    for number in range(5):
        queue.put(number)
    process.join()
""",
    "a pool with slow tasks": """
if __name__ == "__main__":
    with context.Pool(2, maxtasksperchild=1) as pool:
        print(pool.map(time.sleep, [0, 0, 0, 60, 60], chunksize=1))
""",
    "a second pool, after the first was terminated": """
if __name__ == "__main__":
    with context.Pool(2) as pool:
        pool.map(abs, range(4))
    with context.Pool(2) as pool:
        print(pool.map(time.sleep, [60, 60]))
""",
    "an executor with slow tasks": """
if __name__ == "__main__":
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        print(list(executor.map(time.sleep, [60, 60])))
""",
    "a child that takes long after the main program has ended": """
if __name__ == "__main__":
    context.Process(target=time.sleep, args=(60,)).start()
""",
    "a pipe whose writer is slow": """
def work(reader):
    print(reader.recv())

if __name__ == "__main__":
    reader, writer = context.Pipe(duplex=False)
    process = context.Process(target=work, args=(reader,))
    process.start()
    time.sleep(60)
    writer.send(1)
    process.join()
""",
    "workers that compute": """
def work():
    until = time.process_time() + 60
    while time.process_time() < until:
        pass

if __name__ == "__main__":
    processes = [context.Process(target=work) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
""",
}


def test_a_slow_program_is_not_given_a_failures_name(tmp_path: Path):
    if not can_be_seen(os.getpid()):
        pytest.skip("this system does not show which processes wait forever")

    def name_of(place: int, text: str) -> str | None:
        program = tmp_path / f"slow_{place}.py"
        program.write_text(START + text, encoding="utf-8")
        report = run_safely(program, METHODS[place % len(METHODS)], limit=LIMIT)
        assert report.stop == "time"
        found = diagnose(report)
        return found.name if found.known else None

    with ThreadPoolExecutor(4) as threads:
        names = list(threads.map(name_of, range(len(PROGRAMS)), PROGRAMS.values()))
    assert {title: name for title, name in zip(PROGRAMS, names, strict=True) if name} == {}
