"""Which processes have the other end of the pipe or socket at which one is blocked (Linux).

    71  blocked in read(4)        /proc/71/syscall, /proc/71/fd/4 -> pipe:[900]
    72  has pipe:[900], writable  /proc/72/fd, /proc/72/fdinfo
    71 reads an end of which 72 has the other one

A process that reads waits until something is written, or until no process has the writing end any
more. So the list of these processes shows whether that can happen, and fork copies open ends into
processes that know nothing of them.
"""

from __future__ import annotations

import contextlib
import re
import socket
import struct
from collections.abc import Iterable
from pathlib import Path

import psutil

from helpers.runner import deadlock

_PROC = Path("/proc")
_ENDS = re.compile(r"^(pipe|socket):\[(\d+)\]$")
_ACCESS = 3  # the bits of the flags in /proc/PID/fdinfo/N that say how a file was opened
_READ_ONLY, _WRITE_ONLY = 0, 1
# https://man7.org/linux/man-pages/man7/sock_diag.7.html
_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, _DUMP, _DONE = 4, 20, 0x301, 3
_ALL_STATES, _SHOW_PEER, _PEER = 0xFFFFFFFF, 4, 2


def blocked_at_ends(pids: Iterable[int]) -> list[dict]:
    """Return a dict for each process whose main thread is blocked in reading or writing.

    `way` is "reads" or "writes", `end` names the pipe or socket, and `holders` are those of `pids`
    that have its other end open, the process itself included.
    """
    living = list(pids)
    blocked = {pid: call for pid in living if (call := deadlock.blocked_in_file(pid))}
    if not blocked:
        return []
    opened = {pid: _opened(pid) for pid in living}
    peers = _Peers(living)
    found = []
    for pid, (way, descriptor) in blocked.items():
        end = opened[pid].get(descriptor)
        if end:
            holders = [one for one in living if _has_other(opened[one], end, way, peers)]
            told = {"pid": pid, "way": way, "end": f"{end[0]} {end[1]}", "holders": holders}
            found.append(told)
    return found


End = tuple[str, int, int]  # "pipe" or "socket", its number in the kernel, how it was opened


def _opened(pid: int) -> dict[int, End]:
    """Return the pipes and sockets that a process has open, by their descriptors."""
    found: dict[int, End] = {}
    with contextlib.suppress(OSError):  # it has just ended
        for path in (_PROC / str(pid) / "fd").iterdir():
            with contextlib.suppress(OSError):
                if match := _ENDS.match(str(path.readlink())):
                    found[int(path.name)] = match[1], int(match[2]), _access(pid, path.name)
    return found


def _access(pid: int, descriptor: str) -> int:
    text = (_PROC / str(pid) / "fdinfo" / descriptor).read_text()
    flags = next(line for line in text.splitlines() if line.startswith("flags:"))
    return int(flags.split()[1], 8) & _ACCESS


def _has_other(opened: dict[int, End], end: End, way: str, peers: _Peers) -> bool:
    kind, number, _ = end
    if kind == "pipe":
        wrong = _READ_ONLY if way == "reads" else _WRITE_ONLY
        return any(one[:2] == (kind, number) and one[2] != wrong for one in opened.values())
    return any(one[0] == kind and one[1] in peers.of(number) for one in opened.values())


class _Peers:
    """Which socket is connected to which, among those of some processes."""

    def __init__(self, pids: list[int]) -> None:
        self._pids = pids
        self._known: dict[int, set[int]] | None = None

    def of(self, number: int) -> set[int]:
        """Return the numbers of the sockets to which this one is connected."""
        if self._known is None:
            self._known = {one: {other} for one, other in _unix_peers()}
            self._known |= _internet_peers(self._pids)
        return self._known.get(number, set())


def _internet_peers(pids: list[int]) -> dict[int, set[int]]:
    ends: dict[tuple, set[int]] = {}
    for pid in pids:
        with contextlib.suppress(psutil.Error, OSError):
            process = psutil.Process(pid)
            ask = getattr(process, "net_connections", None) or process.connections
            for one in ask(kind="inet"):
                if one.laddr and one.raddr:
                    number = int(str((_PROC / f"{pid}/fd/{one.fd}").readlink())[8:-1])
                    ends.setdefault((one.laddr, one.raddr), set()).add(number)
    return {
        number: ends.get((there, here), set())
        for (here, there), numbers in ends.items()
        for number in numbers
    }


def _unix_peers() -> list[tuple[int, int]]:
    """Return each connected Unix socket of this machine with its peer; [] if not to be had."""
    request = struct.pack("=BBHIIIII", socket.AF_UNIX, 0, 0, _ALL_STATES, 0, _SHOW_PEER, 0, 0)
    head = struct.pack("=IHHII", 16 + len(request), _SOCK_DIAG_BY_FAMILY, _DUMP, 0, 0)
    found: list[tuple[int, int]] = []
    with (
        contextlib.suppress(OSError, AttributeError),
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as asking,
    ):
        asking.settimeout(0.5)
        asking.send(head + request)
        while _add_peers(asking.recv(65536), found):
            pass
    return found


def _add_peers(data: bytes, found: list[tuple[int, int]]) -> bool:
    """Add the pairs in an answer of the kernel; return whether more answers follow."""
    while len(data) >= 16:
        size, kind = struct.unpack_from("=IH", data)
        if kind != _SOCK_DIAG_BY_FAMILY or size < 32:
            return False
        number = struct.unpack_from("=I", data, 20)[0]
        attributes = data[32:size]
        while len(attributes) >= 4:
            length, what = struct.unpack_from("=HH", attributes)
            if what == _PEER and length >= 8:
                found.append((number, struct.unpack_from("=I", attributes, 4)[0]))
            attributes = attributes[max(4, (length + 3) & ~3) :]
        data = data[(size + 3) & ~3 :]
    return True
