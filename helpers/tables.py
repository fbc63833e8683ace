"""Words counted by their lengths: into one table that all share, or into a table of one's own.

Every call of a manager's proxy is a message to the manager's process and one back. They are counted
where all of them pass: in `BaseProxy._callmethod`, which the documentation names for proxies.
"""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from multiprocessing.managers import BaseProxy


def count_into(
    words: Sequence[str],
    table: MutableMapping[int, int],
    lock: AbstractContextManager | None = None,
) -> int:
    """Count each word into `table[its length]`, behind `lock` if there is one.

    Returns how many messages these calls took: two for each call of a proxy, there and back. (What
    proxies say to the manager when they are made and go is not among them.)
    """
    with _calls_counted() as calls:
        for word in words:
            with lock or nullcontext():
                table[len(word)] = table.get(len(word), 0) + 1
    return 2 * len(calls)


def count_alone(words: Sequence[str]) -> dict[int, int]:
    """How many words there are of each length."""
    table: dict[int, int] = {}
    for word in words:
        table[len(word)] = table.get(len(word), 0) + 1
    return table


@contextmanager
def _calls_counted() -> Iterator[list[str]]:
    """The names of the methods that proxies of this process call in the block."""
    calls: list[str] = []
    before = BaseProxy._callmethod

    def counted(proxy: BaseProxy, name: str, *arguments: object) -> object:
        calls.append(name)
        return before(proxy, name, *arguments)

    BaseProxy._callmethod = counted
    try:
        yield calls
    finally:
        BaseProxy._callmethod = before
