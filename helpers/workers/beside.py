"""What the threads and processes of lesson 07 run: two that meet, one that computes beside others.

The annotations name the types of multiprocessing; threads get the same objects.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from helpers.workers.compute import count_primes

if TYPE_CHECKING:
    from multiprocessing.queues import SimpleQueue
    from multiprocessing.synchronize import Barrier, Event


def meet_and_tell_ids(both_here: Barrier, answers: SimpleQueue) -> None:
    """Wait until two are here. Then put (process id, thread id) of this one."""
    both_here.wait()
    answers.put((os.getpid(), threading.get_native_id()))


def begin_and_do(begun: Event, function: Callable, task: object) -> None:
    """Set `begun`, then do the task."""
    begun.set()
    function(task)


def count_in_two_threads(numbers: range) -> int:
    """Return how many of the numbers are prime: two threads of this process count one half each."""
    middle = len(numbers) // 2
    with ThreadPoolExecutor(2) as executor:
        return sum(executor.map(count_primes, (numbers[:middle], numbers[middle:])))
