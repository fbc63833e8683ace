"""The time and the bytes of a message and its answer, by channel and size.

    measure_channels()  ->  Exchanges: one Exchange for each channel and size

The channels take turns at every size, so that a busy minute affects all of them alike.
"""

from __future__ import annotations

import multiprocessing
import shutil
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.reduction import ForkingPickler
from pathlib import Path
from statistics import median
from time import perf_counter

import psutil

from helpers.engines import executors
from helpers.engines.ratios import Ratio, ratio_by_round
from helpers.measure.transports import COPIED, IN_PLACE, NAMES, Channel, NoAnswer, open_channels
from helpers.number_text import in_digits
from helpers.validation import bad_type, bad_value, number, one_of, whole_number

CHANNELS = NAMES
SIZES = tuple(16**power for power in range(1, 8))  # 16 bytes to 256 MiB
LARGEST = SIZES[-1]
# How often a message's pickled bytes are sent. A manager receives them and sends them on.
_TIMES_SENT = {"thread queue": 0, "process queue": 1, "pipe": 1, IN_PLACE: 0, "manager": 2}
_COPIES = 8  # at most, of the largest message: in sender, manager and receiver, pickled and not
_BATCH_BYTES, _BATCH = 2**22, 20  # the most bytes in a batch, and the most messages
_MOST_SECONDS = 8.0  # a size whose round is expected to take longer is left out
_ENOUGH_SECONDS = 0.7  # after this, only cheap channels get more rounds
_ROUNDS, _CHEAP_SECONDS = 5, 0.01


@dataclass(frozen=True)
class Exchange:
    """A message of `size` bytes and its answer over one channel.

    `rounds` has the seconds of the median exchange of each round.
    """

    channel: str
    size: int
    rounds: tuple[float, ...]
    moved: int  # bytes that had to be sent or copied for the message

    @property
    def seconds(self) -> float:
        """Return the seconds of the median round, for a message and its answer."""
        return median(self.rounds)


@dataclass(frozen=True)
class Exchanges:
    """The exchanges over several channels and sizes, measured in turns.

    `note` says why sizes were left out; it is empty if none was.
    """

    all: tuple[Exchange, ...]
    note: str = ""

    @property
    def sizes(self) -> tuple[int, ...]:
        """Return the measured sizes in bytes, ascending."""
        return tuple(sorted({one.size for one in self.all}))

    @property
    def channels(self) -> tuple[str, ...]:
        """Return the names of the measured channels."""
        return tuple(dict.fromkeys(one.channel for one in self.all))

    def of(self, channel: str, size: int) -> Exchange:
        """Return the Exchange of that channel and size. Raise ValueError if it was not measured."""
        for one in self.all:
            if (one.channel, one.size) == (channel, size):
                return one
        have = ", ".join(f"{one.channel} at {one.size}" for one in self.all[:6])
        raise bad_value("channel", f"{channel} at {size}", f"measured, as {have}", "Measure it.")

    def ratio(self, channel: str, other: str, size: int) -> float:
        """Return how many times as long as `other` the channel took for `size` bytes."""
        return self.of(channel, size).seconds / self.of(other, size).seconds

    def ratio_range(self, channel: str, other: str, size: int) -> Ratio:
        """Return the same ratio in the rounds that both took part in, as a Ratio."""
        both = (self.of(channel, size).rounds, self.of(other, size).rounds)
        shared = min(map(len, both))  # a cheap channel has more rounds at the end
        return ratio_by_round(*(rounds[:shared] for rounds in both))


def measure_channels(
    channels: Sequence[str] = CHANNELS,
    sizes: Sequence[int] = SIZES,
    *,
    method: str = "",
    progress: Callable[[int, int], None] | None = None,
) -> Exchanges:
    """Measure a message and its answer by channel and size; return Exchanges.

    Each time is the median of up to 5 rounds, of up to 20 exchanges in a row each; for messages of
    more than 2 MiB a round is one exchange. A size is left out if this machine has too little
    memory for it, or is too busy now. `method` is the start method of the processes. Raise
    TypeError or ValueError for arguments that can't be used, and NoAnswer if the other side dies.
    No process or shared memory is left in any case.
    """
    names = _check_channels(channels)
    wanted = _check_sizes(sizes)
    context = executors.context(_check_method(method) or "processes")
    most, why = room(), "there is no room here for larger messages"
    sizes = [size for size in wanted if size <= most] or wanted[:1]
    done: list[Exchange] = []
    pace = 0.0
    with open_channels(names, sizes[-1], context) as opened:
        for one in opened.values():  # the first exchange waits until the other side has started
            one.prepare(b"m")
            _batch(one, b"m", 1)
        for done_so_far, size in enumerate(sizes, 1):
            if done and pace * size / done[-1].size > _MOST_SECONDS:
                why = "larger messages would take too long here now"
                break
            some, pace = _exchanges(opened, size)
            done += some
            if progress is not None:
                progress(done_so_far, len(sizes))
    if done[-1].size == wanted[-1]:
        return Exchanges(tuple(done))
    return Exchanges(tuple(done), f"only up to {in_bytes(done[-1].size)}: {why}")


def measure_one(task: tuple[str, int, int]) -> Exchange:
    """Measure `count` exchanges, each a round; the task is (channel, size in bytes, count).

    Return an Exchange. Raise NoAnswer if the other side dies.
    """
    channel, size, count = task
    context, message = multiprocessing.get_context(), b"m" * size
    with open_channels((channel,), size, context) as opened:
        opened[channel].prepare(message)
        _batch(opened[channel], message, 1)
        rounds = tuple(_batch(opened[channel], message, 1) for _ in range(count))
    return Exchange(
        channel, size, rounds, _moved(channel, size, len(ForkingPickler.dumps(message)))
    )


def room() -> int:
    """Return the largest message, in bytes, that this machine has enough memory to measure.

    The limits are the free memory, a container's limit and, on Linux, the size of /dev/shm. In
    Docker that is 64 MiB by default: https://docs.docker.com/reference/cli/docker/container/run/
    """
    free = min(psutil.virtual_memory().available, *_container_room()) // _COPIES
    if sys.platform == "linux":
        with suppress(OSError):
            free = min(free, shutil.disk_usage("/dev/shm").free - 2**20)
    return free


def in_bytes(size: float) -> str:
    """Return a size in words, such as `16 B`, `4 KiB` or `256 MiB`.

    Raise TypeError or ValueError for what is not a number from 0 up.
    """
    number("size", size, 0, 1e18, "Pass bytes.")
    for unit, scale in (("B", 1), ("KiB", 2**10), ("MiB", 2**20)):
        if size < 1024 * scale:
            return f"{size / scale:.4g} {unit}"
    return f"{size / 2**30:.4g} GiB"


def in_seconds(seconds: float) -> str:
    """Return a time in words, such as `12 µs`, `3.4 ms` or `1.2 s`."""
    for unit, scale in (("µs", 1e-6), ("ms", 1e-3)):
        if seconds < 999.5 * scale:
            return f"{in_digits(seconds / scale)} {unit}"
    return f"{in_digits(seconds)} s"


def _exchanges(opened: dict[str, Channel], size: int) -> tuple[list[Exchange], float]:
    """Return the exchanges of that size, and the seconds of one exchange on every channel."""
    rounds = _ROUNDS if size <= 2**20 else 3 if size <= 2**24 else 1
    count = max(1, min(_BATCH, _BATCH_BYTES // size))
    seconds: dict[str, list[float]] = {name: [] for name in opened}
    began = perf_counter()
    for turn in range(1, _ROUNDS + 1):
        late = turn > rounds or (turn > 1 and perf_counter() - began > _ENOUGH_SECONDS)
        if not late:
            message, turns = bytes([turn]) * size, turn
        for name, one in opened.items():
            if late and median(seconds[name]) > _CHEAP_SECONDS:
                continue
            one.prepare(message)
            seconds[name].append(_batch(one, message, count))
    pace = (perf_counter() - began) / (turns * count)
    pickled = len(ForkingPickler.dumps(message))
    done = [
        Exchange(name, size, tuple(times), _moved(name, size, pickled))
        for name, times in seconds.items()
    ]
    return done, pace


def _moved(channel: str, size: int, pickled: int) -> int:
    return size if channel == COPIED else _TIMES_SENT[channel] * pickled


def _batch(channel: Channel, message: bytes, count: int) -> float:
    """Return the seconds of the median of `count` exchanges; raise NoAnswer for a wrong answer."""
    seconds = []
    for _ in range(count):
        began = perf_counter()
        answer = channel.exchange(message)
        seconds.append(perf_counter() - began)
        if answer != message[-1]:
            raise NoAnswer(f"The answer was {answer}, not {message[-1]}.")
    return median(seconds)


def _container_room() -> list[int]:
    """Return the bytes that a Linux container may still use, in a list; empty without a limit.

    The files are those of control groups, version 2 and version 1:
    https://docs.kernel.org/admin-guide/cgroup-v2.html
    """
    folder = Path("/sys/fs/cgroup")
    for limit, used in (
        ("memory.max", "memory.current"),
        ("memory/memory.limit_in_bytes", "memory/memory.usage_in_bytes"),
    ):
        with suppress(OSError, ValueError):  # no such file, or "max"
            return [int((folder / limit).read_text()) - int((folder / used).read_text())]
    return []


def _check_channels(channels: object) -> tuple[str, ...]:
    advice = f"Pass some of {', '.join(CHANNELS)}."
    if not isinstance(channels, (list, tuple)):
        raise bad_type("channels", channels, "a list of names", advice)
    if not channels:
        raise bad_value("channels", channels, "a list with at least one name", advice)
    return tuple(dict.fromkeys(one_of("channels", one, CHANNELS, advice) for one in channels))


def _check_sizes(sizes: object) -> list[int]:
    advice = "Pass bytes, e.g. sizes=(16, 4096)."
    if not isinstance(sizes, (list, tuple)):
        raise bad_type("sizes", sizes, "a list of whole numbers", advice)
    if not sizes:
        raise bad_value("sizes", sizes, "a list with at least one number", advice)
    return sorted({whole_number("sizes", size, 1, LARGEST, advice) for size in sizes})


def _check_method(method: object) -> str | None:
    have = ("", *multiprocessing.get_all_start_methods())
    return one_of("method", method, have, "Leave it out for the default.") or None
