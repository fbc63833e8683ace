"""Servers on this machine that a lesson starts and stops: an HTTP server and a counting proxy.

`HttpServer` runs in an interpreter of its own, so that it does not compete with the learner's
threads for their GIL. It ends when its standard input closes, so it ends even when the kernel is
killed.

    client  <-- proxy.address -->  [CountingProxy]  <-- server's own address -->  server

`CountingProxy` does not read what it passes on, so it counts the bytes of any protocol over TCP.
"""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType

from helpers.process_control import PythonProgram, exit_with_parent
from helpers.validation import bad_type, bad_value, number, whole_number


class HttpServer:
    """A server that answers every request after `delay` seconds with a page of `size` bytes.

    Use it in a `with` block; `server.url` is its address, `http://127.0.0.1:PORT/`. Entering the
    block raises RuntimeError if the server's process does not start. Raise TypeError or ValueError
    for a delay or a size that is not possible.
    """

    def __init__(self, delay: float = 0.05, size: int = 1_000) -> None:
        self.delay = number("delay", delay, 0, 60, "Pass seconds, e.g. delay=0.05.")
        self.size = whole_number("size", size, 1, 10**7, "Pass bytes, e.g. size=1_000.")
        self.url = ""
        self._process: PythonProgram | None = None

    def __enter__(self) -> HttpServer:
        self._process = PythonProgram(
            *("-m", "helpers.local_servers", str(self.delay), str(self.size)),
            python=sys.executable,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        try:
            port = self._process.stdout.readline().strip()
        except BaseException:  # after an interrupt here, Python does not call __exit__
            self.__exit__(None, None, None)
            raise
        if not port:
            self.__exit__(None, None, None)
            raise RuntimeError("The HTTP server did not start. Is connecting to 127.0.0.1 allowed?")
        self.url = f"http://127.0.0.1:{port}/"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill_tree()
        process.stdin.close()
        process.stdout.close()


async def _answer(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, delay: float, page: bytes
) -> None:
    try:
        await reader.readuntil(b"\r\n\r\n")
        await asyncio.sleep(delay)
        writer.write(b"HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n" % len(page) + page)
        await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass  # the client closed the connection before the answer
    finally:
        writer.close()


async def _serve(delay: float, size: int) -> None:
    page = b"x" * size
    server = await asyncio.start_server(
        lambda reader, writer: _answer(reader, writer, delay, page), "127.0.0.1", 0, backlog=512
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


_ADDRESS = re.compile(r"tcp://(127\.0\.0\.1|localhost):(\d+)")
_RECEIVE_BYTES = 1 << 18  # the most that one recv returns


class CountingProxy:
    """A TCP proxy that passes on all bytes to and from the server at `address`, and counts them.

    Use it in a `with` block. Clients connect to `proxy.address`; `proxy.sent` counts the bytes from
    clients to the server, `proxy.received` those from the server. `address` must be of this
    machine, as "tcp://127.0.0.1:8786"; anything else raises ValueError or TypeError.
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
        self._listener: socket.socket | None = None
        self._sockets: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self.sent = self.received = 0
        self.address = ""

    def __enter__(self) -> CountingProxy:
        listener = socket.create_server(("127.0.0.1", 0))
        self._listener = listener
        self.address = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        self._start_thread(self._accept_clients, listener)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        with self._lock:
            open_sockets = [*self._sockets, *filter(None, [self._listener])]
        for each in open_sockets:
            # On Linux, shutdown wakes a thread that waits in accept or recv, and close alone does
            # not. On Windows, a listener has no connection to shut down, and close wakes accept.
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        for thread in self._threads:
            thread.join(2)

    def take_counts(self) -> tuple[int, int]:
        """Return (bytes sent to the server, bytes received from it), and set both counts to 0."""
        with self._lock:
            counted, self.sent, self.received = (self.sent, self.received), 0, 0
        return counted

    def _start_thread(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True, name="counting proxy")
        self._threads.append(thread)
        thread.start()

    def _accept_clients(self, listener: socket.socket) -> None:
        with suppress(OSError):  # __exit__ closed the listener
            while True:
                client, _ = listener.accept()
                server = socket.create_connection(self._server)
                with self._lock:
                    self._sockets += [client, server]
                for each in (client, server):
                    # Pass on small messages at once, as the direct connection would.
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._start_thread(self._forward, client, server, "sent")
                self._start_thread(self._forward, server, client, "received")

    def _forward(self, source: socket.socket, target: socket.socket, count: str) -> None:
        """Send on all bytes from `source` to `target`; add up their number in attribute `count`."""
        with suppress(OSError):  # one side closed the connection
            while data := source.recv(_RECEIVE_BYTES):
                with self._lock:
                    setattr(self, count, getattr(self, count) + len(data))
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


if __name__ == "__main__":
    exit_with_parent()
    asyncio.run(_serve(float(sys.argv[1]), int(sys.argv[2])))
