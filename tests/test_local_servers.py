"""The small HTTP server: started, used, stopped; it ends with the process that started it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import psutil
import pytest

from helpers import local_servers
from helpers.local_servers import HttpServer
from helpers.workers import network
from tests.running_processes import SOON, alive_after
from tools.outline import ROOT

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.standard_library]


@pytest.mark.processes
def test_many_requests_at_once_are_answered():
    with HttpServer(delay=0.05, size=10) as server, ThreadPoolExecutor(16) as pool:
        began = time.perf_counter()
        assert list(pool.map(network.fetch, [server.url] * 32)) == [10] * 32
        assert time.perf_counter() - began < 32 * 0.05  # one after the other would take longer


@pytest.mark.processes
def test_an_answer_comes_after_the_delay():
    with HttpServer(delay=0.1) as server:
        began = time.perf_counter()
        assert network.fetch(server.url) == 1_000
        assert time.perf_counter() - began >= 0.1


@pytest.mark.processes
def test_after_its_end_nobody_answers():
    with HttpServer(delay=0) as server:
        process = psutil.Process(server._process.pid)
    assert alive_after(0, [process]) == []
    with pytest.raises(urllib.error.URLError):
        network.fetch(server.url)


@pytest.mark.processes
def test_it_can_be_used_again():
    server = HttpServer(delay=0, size=3)
    for _ in range(2):
        with server:
            assert network.fetch(server.url) == 3


@pytest.mark.processes
def test_a_client_that_goes_away_does_no_harm():
    import socket
    from urllib.parse import urlsplit

    with HttpServer(delay=0) as server:
        address = urlsplit(server.url)
        socket.create_connection((address.hostname, address.port)).close()
        assert network.fetch(server.url) == 1_000


@pytest.mark.processes
def test_it_ends_when_whoever_started_it_is_killed():
    code = (
        "from helpers.local_servers import HttpServer\n"
        "with HttpServer() as server:\n"
        "    print(server._process.pid, flush=True)\n"
        "    input()\n"
    )
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        server = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait(SOON)
    assert alive_after(2, [server]) == []


@pytest.mark.processes
def test_a_server_that_does_not_come_up_is_told(monkeypatch):
    no_python = shutil.which("sort")  # every system has one, and it ends when its input does
    monkeypatch.setattr(local_servers, "sys", SimpleNamespace(executable=no_python))
    with pytest.raises(RuntimeError, match="The HTTP server did not start"), HttpServer():
        pass


@pytest.mark.parametrize(
    ("changes", "match"),
    [
        ({"delay": -1}, "delay must be a number from 0 to 60"),
        ({"delay": "1"}, "delay must be a number"),
        ({"delay": float("nan")}, "delay must be a number"),
        ({"size": 0}, "size must be a whole number from 1 to"),
        ({"size": 10**12}, "size must be a whole number from 1 to"),
        ({"size": None}, "size must be a whole number"),
    ],
)
def test_a_server_of_nothing_is_refused(changes, match):
    with pytest.raises((TypeError, ValueError), match=match):
        HttpServer(**changes)
