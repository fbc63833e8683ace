"""A small HTTP server on this machine, for honest I/O: started, used, stopped.

It runs in an interpreter of its own, so that it does not compete with the learner's threads for
their GIL. It ends when its standard input closes: also when the notebook's kernel is killed.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
from types import TracebackType

from helpers.process_control import PythonProgram, end_with_parent
from helpers.refusals import number, whole_number


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
            *("-m", "helpers.loopback", str(self.delay), str(self.size)),
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


if __name__ == "__main__":
    end_with_parent()
    asyncio.run(_serve(float(sys.argv[1]), int(sys.argv[2])))
