"""What the children of lesson 05 do with pipes, events and conditions."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.sharedctypes import Synchronized
    from multiprocessing.synchronize import Condition, Event


def answer_in_capitals(connection: Connection) -> None:
    """Send each text back in capitals, until None comes."""
    text = connection.recv()
    while text is not None:
        connection.send(text.upper())
        text = connection.recv()


def send_after(seconds: float, writer: Connection) -> None:
    """Work for so many seconds, then send how many they were."""
    time.sleep(seconds)
    writer.send(seconds)


def wait_for_condition(condition: Condition, connection: Connection) -> None:
    """Wait to be notified, for at most half a second; send whether a notification came."""
    with condition:
        notified = condition.wait(timeout=0.5)
    connection.send(notified)


def wait_for_event(event: Event, connection: Connection) -> None:
    """Wait until the event is set, for at most half a second; send whether it was."""
    connection.send(event.wait(timeout=0.5))


def wait_for_flag(condition: Condition, flag: Synchronized, connection: Connection) -> None:
    """Wait until the flag is 1, for at most half a second; send whether it is."""

    def is_set() -> bool:
        return flag.value == 1

    with condition:
        connection.send(condition.wait_for(is_set, timeout=0.5))
