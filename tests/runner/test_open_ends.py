"""Which processes have the other end of the pipe or socket at which one is blocked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time

import pytest

from helpers.runner.deadlock import blocked_in_file, can_be_seen
from helpers.runner.open_ends import blocked_at_ends

pytestmark = [
    pytest.mark.processes,
    pytest.mark.skipif(not can_be_seen(os.getpid()), reason="needs Linux and its /proc"),
]
READS = "import os, sys; os.read(int(sys.argv[1]), 1)"
SLEEPS = "import time; time.sleep(60)"


def start(code: str, *descriptors: int) -> subprocess.Popen:
    """Start a Python that has these descriptors open; the first one is its argument."""
    command = [sys.executable, "-c", code, *map(str, descriptors[:1])]
    return subprocess.Popen(command, pass_fds=descriptors, stdin=subprocess.DEVNULL)


def end_all(*processes: subprocess.Popen) -> None:
    for process in processes:
        process.kill()
        process.wait()


def wait_until_blocked(pid: int) -> None:
    until = time.monotonic() + 20
    while not blocked_in_file(pid) and time.monotonic() < until:
        time.sleep(0.01)


def pipe() -> tuple[int, int]:
    return os.pipe()


def unix_sockets() -> tuple[int, int]:
    return tuple(end.detach() for end in socket.socketpair())


def internet_sockets() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        client = socket.create_connection(server.getsockname())
        accepted, _ = server.accept()
    return client.detach(), accepted.detach()


@pytest.mark.parametrize("make", [pipe, unix_sockets, internet_sockets])
def test_the_processes_with_the_other_end_are_found(make):
    near, far = make()
    reader, holder = start(READS, near), start(SLEEPS, far)
    try:
        wait_until_blocked(reader.pid)
        (found,) = blocked_at_ends([reader.pid, holder.pid])
        assert (found["pid"], found["way"], found["holders"]) == (reader.pid, "reads", [holder.pid])
        os.close(far)
    finally:
        end_all(reader, holder)
        os.close(near)


def test_a_reader_that_has_the_writing_end_itself_is_its_own_holder():
    near, far = os.pipe()
    reader = start(READS, near, far)
    try:
        wait_until_blocked(reader.pid)
        (found,) = blocked_at_ends([reader.pid])
        assert found["holders"] == [reader.pid]
    finally:
        end_all(reader)
        os.close(near)
        os.close(far)


def test_a_process_that_is_not_blocked_at_a_file_is_left_out():
    process = start(SLEEPS)
    try:
        assert blocked_at_ends([process.pid]) == []
    finally:
        end_all(process)
