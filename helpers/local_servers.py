"""Servers on this machine that a lesson starts and stops: an HTTP server and a counting proxy.

`LoopbackServer` runs in an interpreter of its own, so that it does not compete with the learner's
threads for their GIL. It ends when its standard input closes: also when the kernel is killed.

    client  <-- relay.address -->  [CountingRelay]  <-- server's own address -->  server

`CountingRelay` knows nothing of what it carries: what it counts is what went over the wire.
"""

from __future__ import annotations

import asyncio
import re
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from types import TracebackType

from helpers.process_control import PythonProgram, end_with_parent
from helpers.validation import bad_type, bad_value, number, whole_number


class LoopbackServer:
    """Answers every request after `delay` seconds with a page of `size` bytes.

    Use it in a `with` block; `server.url` is the address. Raises RuntimeError if the server's
    process does not come up.
    """

    def __init__(self, delay: float = 0.05, size: int = 1_000) -> None:
        self.delay = number("delay", delay, 0, 60, "Pass seconds, e.g. delay=0.05.")
        self.size = whole_number("size", size, 1, 10**7, "Pass bytes, e.g. size=1_000.")
        self.url = ""
        self._process: PythonProgram | None = None

    def __enter__(self) -> LoopbackServer:
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
        except BaseException:  # an interrupt: then nobody calls __exit__
            self.__exit__(None, None, None)
            raise
        if not port:
            self.__exit__(None, None, None)
            raise RuntimeError(
                "The loopback server did not start. Is connecting to 127.0.0.1 allowed?"
            )
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
        process.end()
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
        pass  # the client went away: nothing to answer
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


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(_serve(float(sys.argv[1]), int(sys.argv[2])))
