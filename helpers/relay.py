"""A relay on this machine that counts the bytes which pass between a client and a server.

    client  <-- relay.address -->  [relay: counts]  <-- server's own address -->  server

It knows nothing of what it carries, so that what it counts is what really went over the wire.
"""

from __future__ import annotations

import re
import socket
import threading
from contextlib import suppress
from types import TracebackType

from helpers.refusals import bad_type, bad_value

_ADDRESS = re.compile(r"tcp://(127\.0\.0\.1|localhost):(\d+)")
_MOST = 1 << 18  # bytes taken at once


class CountingRelay:
    """Passes on what comes, to and from the server at `address`, and counts it.

    Use it in a `with` block: `relay.address` is where clients connect; `relay.sent` and
    `relay.received` are bytes from clients to the server and back, `relay.take()` gives both and
    begins anew. Refuses what is no address of this machine, such as "tcp://127.0.0.1:8786".
    """

    def __init__(self, address: str) -> None:
        advice = "Pass the scheduler's address: cluster.scheduler_address."
        if not isinstance(address, str):
            raise bad_type("address", address, "a str", advice)
        found = _ADDRESS.fullmatch(address)
        if found is None:
            raise bad_value("address", address, "tcp://127.0.0.1:PORT", advice)
        self._server = (found[1], int(found[2]))
        self._lock = threading.Lock()
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.sent = self.received = 0
        self.address = ""

    def __enter__(self) -> CountingRelay:
        self._door = socket.create_server(("127.0.0.1", 0))
        self.address = f"tcp://127.0.0.1:{self._door.getsockname()[1]}"
        self._spawn(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            open_ones = [self._door, *self._sockets]
        for one in open_ones:
            with suppress(OSError):  # not connected: only closing ends its accept, on Windows
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        for thread in self._threads:
            thread.join(2)

    def take(self) -> tuple[int, int]:
        """(bytes sent to the server, bytes received from it) since the last call."""
        with self._lock:
            counted, self.sent, self.received = (self.sent, self.received), 0, 0
        return counted

    def _spawn(self, target: object, *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True, name="counting relay")
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError):  # the door was closed
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(self._server)
                with self._lock:
                    self._sockets += [client, server]
                for one in (client, server):
                    one.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._spawn(self._pump, client, server, "sent")
                self._spawn(self._pump, server, client, "received")

    def _pump(self, source: socket.socket, target: socket.socket, count: str) -> None:
        with suppress(OSError):  # the other side went away
            while data := source.recv(_MOST):
                with self._lock:
                    setattr(self, count, getattr(self, count) + len(data))
                target.sendall(data)
        for one in (source, target):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
