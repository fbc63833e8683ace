"""What lesson 07's workers do: they meet, begin beside others, and divide a task in two."""

from __future__ import annotations

import os
import threading
from queue import SimpleQueue

import pytest

from helpers.engines.executors import context
from helpers.workers import beside, count_primes
from tests.running_processes import METHODS

pytestmark = pytest.mark.usefixtures("quiet")


def start_two(kind, barrier, answers):
    workers = [kind(target=beside.meet_and_tell_ids, args=(barrier, answers)) for _ in range(2)]
    for worker in workers:
        worker.start()
    ids = [answers.get() for _ in workers]
    for worker in workers:
        worker.join()
    return ids


def test_two_threads_meet_and_are_of_one_process():
    ids = start_two(threading.Thread, threading.Barrier(2), SimpleQueue())
    assert {process for process, _ in ids} == {os.getpid()}
    assert len(set(ids)) == 2


@pytest.mark.processes
@pytest.mark.parametrize("method", METHODS)
def test_two_processes_meet_and_are_two(method):
    ctx = context(method)
    ids = start_two(ctx.Process, ctx.Barrier(2), ctx.SimpleQueue())
    assert len({process for process, _ in ids} - {os.getpid()}) == 2


def test_the_task_is_done_after_the_event_is_set():
    begun, seen = threading.Event(), []
    beside.begin_and_do(begun, lambda task: seen.append((task, begun.is_set())), "task")
    assert seen == [("task", True)]


@pytest.mark.parametrize("numbers", [range(0), range(5, 6), range(1_000, 1_101)])
def test_two_threads_count_what_one_counts(numbers):
    assert beside.count_in_two_threads(numbers) == count_primes(numbers)
