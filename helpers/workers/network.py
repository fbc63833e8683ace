"""Workers that wait for a server on this machine: the I/O-bound workload of the course."""

from __future__ import annotations

import urllib.request
from urllib.parse import SplitResult, urlsplit

from helpers.validation import bad_value

_HOSTS = ("127.0.0.1", "localhost")


def fetch(url: str) -> int:
    """Return how many bytes the page at `url` holds. It must be an address of this machine."""
    _own_address(url)
    with urllib.request.urlopen(url, timeout=30) as response:
        return len(response.read())


async def fetch_async(url: str) -> int:
    """Return the same as `fetch`, without blocking the event loop.

    The standard library has no HTTP client for asyncio, so this sends a bare GET.
    """
    import asyncio  # slow to load, and `fetch` does not need it

    parts = _own_address(url)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    writer.write(f"GET {parts.path} HTTP/1.0\r\nHost: {parts.hostname}\r\n\r\n".encode())
    page = (await reader.read()).partition(b"\r\n\r\n")[2]
    writer.close()
    await writer.wait_closed()
    return len(page)


def _own_address(url: str) -> SplitResult:
    """Return the parts of the URL. Raise ValueError unless it is of this machine."""
    parts = urlsplit(url) if isinstance(url, str) else None
    if parts is None or parts.scheme != "http" or parts.hostname not in _HOSTS:
        advice = "Take it from an HttpServer: server.url."
        raise bad_value("url", url, "an http address of this machine", advice)
    return parts
