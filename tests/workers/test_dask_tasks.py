"""A cluster of real programs, found by its address: one worker killed, every result comes once."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import threading
from collections import Counter
from concurrent.futures import Executor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from helpers.engines import close_clusters, executors
from helpers.engines.dask_cluster import ProgramCluster
from helpers.engines.pool import WorkFailed
from helpers.local_servers import CountingProxy
from helpers.measure.sweeps import measure
from helpers.process_control import PythonProgram
from helpers.runner.process_states import descendants
from helpers.workers import dask_tasks
from helpers.workers.compute import count_primes, do_nothing, wait
from tests import odd_workers
from tools.outline import ROOT

CPU_COUNT = pytest.importorskip("dask.system").CPU_COUNT
SOON = 120  # seconds; a loaded machine starts slowly

pytestmark = [
    # Dask's own warnings are not ours to fix.
    pytest.mark.filterwarnings("default"),
    pytest.mark.once,
]


@pytest.fixture
def nothing_left():
    before = {process.pid for process in psutil.Process().children(recursive=True)}
    threads = set(threading.enumerate())
    yield
    left = [
        process
        for process in descendants(os.getpid())
        if process.pid not in before and "resource_tracker" not in " ".join(process.cmdline())
    ]
    assert left == []
    # Dask keeps one idle thread of its own for what blocks, as a pool does.
    started = {t.name for t in threading.enumerate() if t not in threads}
    assert {name for name in started if not name.startswith("Dask-Offload")} == set()


def client_of(address: str):
    from distributed import Client

    return Client(address, set_as_default=False)


def tasks_noted_in(folder: object, count: int) -> list:
    return [(n, range(n * 10_000, n * 10_000 + 40_000), str(folder)) for n in range(count)]


@pytest.mark.processes
def test_one_worker_of_two_is_killed_and_every_result_arrives_once(nothing_left, tmp_path):
    from distributed import as_completed

    tasks = tasks_noted_in(tmp_path, 12)
    with ProgramCluster(2) as programs, client_of(programs.address) as client:
        client.wait_for_workers(2, timeout=SOON)
        futures = client.map(dask_tasks.count_and_note, tasks)
        first = next(iter(as_completed(futures, loop=client.loop)))
        (victim,) = client.who_has([first])[first.key]
        assert programs.kill(victim)
        results = client.gather(futures)
        assert list(client.run(os.getpid)) != [victim]
    assert results == [(n, count_primes(numbers)) for n, numbers, _ in tasks]
    runs = dask_tasks.runs_noted(tmp_path)
    assert set(runs) == set(range(12))
    assert runs.total() > 12  # what the dead one had was made again


@pytest.mark.processes
def test_programs_listen_on_this_machine_only_and_say_how_to_start_them():
    with ProgramCluster(1) as programs:
        pids = [one.pid for one in psutil.Process().children(recursive=True)]
        listening = [
            connection.laddr.ip
            for pid in pids
            for connection in psutil.Process(pid).net_connections()
            if connection.status == psutil.CONN_LISTEN
        ]
        assert len(listening) >= 2
        assert set(listening) == {"127.0.0.1"}
        assert programs.commands == [
            "dask scheduler --host 127.0.0.1",
            f"dask worker {programs.address} --nthreads 1 --no-nanny --host 127.0.0.1",
        ]


@pytest.mark.processes
@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "threads"),
    [
        ("dask worker ADDRESS", [CPU_COUNT]),  # one process: pure Python meets the GIL
        ("dask worker ADDRESS --nworkers 2 --nthreads 1", [1, 1]),
    ],
)
def test_the_worker_s_command_decides_about_processes_and_threads(command, threads, nothing_left):
    with ProgramCluster(1, command) as programs, client_of(programs.address) as client:
        client.wait_for_workers(len(threads), timeout=SOON)
        assert list(client.nthreads().values()) == threads
        nannies = {psutil.Process(pid).ppid() for pid in client.run(os.getpid).values()}
        assert len(nannies) == 1  # one program, which watches its workers


@pytest.mark.parametrize("worker", ["dask scheduler", "rm", "", 7, None])
def test_another_command_is_refused(worker):
    with pytest.raises((TypeError, ValueError), match="worker must be"):
        ProgramCluster(1, worker)


def commands_of_the_lesson() -> list[str]:
    """Return the commands that lesson 11 asks the learner to type into terminals."""
    text = (ROOT / "source/lessons/11_beyond_one_machine.py").read_text(encoding="utf-8")
    return re.findall(r"^# (dask (?:scheduler|worker) .*)$", text, re.MULTILINE)


@pytest.mark.processes
@pytest.mark.slow
def test_the_commands_of_the_lesson_start_a_cluster_on_this_machine_only(nothing_left, tmp_path):
    scheduler, worker = commands_of_the_lesson()
    with suppress(OSError), socket.create_connection(("127.0.0.1", 8786), timeout=1):
        pytest.skip("port 8786 is taken, by a cluster of another program")
    folder = {"DASK_TEMPORARY_DIRECTORY": str(tmp_path)}
    programs = []
    try:
        for command in (scheduler, worker):
            dask, *words = command.split()
            installed = str(Path(sys.executable).with_name(dask))
            options = {"python": installed, "stderr": subprocess.DEVNULL}
            programs.append(PythonProgram(*words, variables=folder, **options))
        with client_of("tcp://127.0.0.1:8786") as client:
            client.wait_for_workers(2, timeout=SOON)
            assert list(client.nthreads().values()) == [1, 1]
            assert client.submit(count_primes, range(100)).result() == 25
            ports = {int(address.rpartition(":")[2]) for address in client.nthreads()} | {8786}
            listening = {
                connection.laddr
                for pid in [*client.run(os.getpid).values(), programs[0].pid]
                for connection in psutil.Process(pid).net_connections()
                if connection.status == psutil.CONN_LISTEN and connection.laddr.port in ports
            }
            assert listening == {("127.0.0.1", port) for port in ports}  # what runs code
    finally:
        for program in reversed(programs):
            program.kill_tree()


@pytest.mark.processes
def test_a_worker_that_is_not_there_can_not_be_killed(nothing_left):
    with ProgramCluster(1) as programs:
        assert not programs.kill("tcp://127.0.0.1:1")


def test_a_cluster_that_is_ended_while_it_starts_says_so(nothing_left):
    programs = ProgramCluster(1)
    programs.end()
    with pytest.raises(RuntimeError, match="ended before it had started"), programs:
        pass


@pytest.mark.parametrize("workers", [0, 33, "2", None])
def test_a_cluster_of_nothing_is_refused(workers):
    with pytest.raises((TypeError, ValueError), match="workers must be a whole number"):
        ProgramCluster(workers)


# --- Dask as an engine ----------------------------------------------------------------------------


def test_dask_is_an_engine_but_none_that_is_tried_by_itself():
    assert executors.why_missing("dask") == ""
    assert "dask" not in executors.available()
    assert executors.starts_processes("dask")


def test_without_dask_the_engine_says_what_to_install(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ValueError, match="pip install distributed"):
        executors.executor("dask")


@pytest.mark.processes
def test_the_dask_engine_is_a_standard_executor(nothing_left):
    with executors.executor("dask", 1) as pool:
        assert isinstance(pool, Executor)
        assert list(pool.map(odd_workers.double, range(5))) == [0, 2, 4, 6, 8]
        with pytest.raises(ValueError, match="on purpose, with 7"):
            pool.submit(odd_workers.fail, 7).result(SOON)
    with pytest.raises(RuntimeError, match="cannot schedule new futures after"):
        pool.submit(odd_workers.double, 1)


@pytest.mark.slow
def test_equal_tasks_all_run_under_the_dask_engine(nothing_left, tmp_path):
    tasks = [(0, range(10), str(tmp_path))] * 5
    run = measure(dask_tasks.count_and_note, tasks, "dask", workers=2)
    assert run.results == [(0, 4)] * 5
    assert dask_tasks.runs_noted(tmp_path) == {0: 5}
    assert len(run.records) == 5
    assert run.startup > 0


@pytest.mark.slow
def test_a_task_that_kills_each_of_dasks_workers_is_told(nothing_left):
    with pytest.raises(WorkFailed, match="worker process of engine 'dask' died"):
        measure(odd_workers.die, [1], "dask", workers=1)


@pytest.mark.slow
def test_an_executor_waits_for_a_worker_that_starts_slowly(nothing_left):
    """Dask would give up a worker that starts more slowly than its limit, here 0.1 s."""
    import dask

    with dask.config.set({"distributed.deploy.lost-worker-timeout": "100ms"}):
        pool = executors.executor("dask", 1)
        try:
            psutil.Process(pool.submit(os.getpid).result(SOON)).kill()
            assert pool.submit(wait, 2).result(SOON) == 2  # it outlasts a worker that is closed
        finally:
            pool.shutdown(cancel_futures=True)
        assert dask.config.get("distributed.deploy.lost-worker-timeout") == "100ms"


@pytest.mark.slow
def test_a_run_under_dask_can_be_stopped(nothing_left):
    from helpers.engines.pool import Stopped

    stop = threading.Event()
    with pytest.raises(Stopped):
        measure(
            do_nothing, range(100), "dask", workers=1, stop=stop, progress=lambda *_: stop.set()
        )


@pytest.mark.processes
@pytest.mark.slow
def test_closing_the_clusters_of_an_earlier_run_leaves_nothing(nothing_left, tmp_path):
    import dask
    from distributed import Client, LocalCluster

    close_clusters()  # there may be none
    with dask.config.set({"temporary-directory": str(tmp_path)}):
        cluster = LocalCluster(n_workers=1, dashboard_address="127.0.0.1:0")
        client = Client(cluster)
    close_clusters()
    assert (cluster.status.name, client.status) == ("closed", "closed")
    close_clusters()


@pytest.mark.processes
def test_a_cluster_without_workers_is_closed(nothing_left, tmp_path):
    """Dask removes a worker that it could not replace in time."""
    import dask
    from distributed import LocalCluster

    with dask.config.set({"temporary-directory": str(tmp_path)}):
        cluster = LocalCluster(n_workers=0, dashboard_address="127.0.0.1:0")
    close_clusters()
    assert cluster.status.name == "closed"


def test_the_lesson_lets_dask_wait_for_a_worker_that_starts_slowly():
    """After Dask's default of 15 s it would give up a worker that a busy machine still starts."""
    text = (ROOT / "source/lessons/11_beyond_one_machine.py").read_text(encoding="utf-8")
    [seconds] = re.findall(r'"distributed.deploy.lost-worker-timeout": "(\d+)s"', text)
    assert int(seconds) >= 300


# --- notes and the proxy --------------------------------------------------------------------------


def test_every_run_is_noted_even_one_that_dies(tmp_path):
    dask_tasks.count_and_note((3, range(10), str(tmp_path)))
    dask_tasks.count_and_note((3, range(10), str(tmp_path)))
    assert dask_tasks.runs_noted(tmp_path) == Counter({3: 2})


def test_a_proxy_counts_the_bytes_of_both_directions():
    server = socket.create_server(("127.0.0.1", 0))
    with server, CountingProxy(f"tcp://127.0.0.1:{server.getsockname()[1]}") as proxy:
        port = int(proxy.address.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port)) as client:
            there, _ = server.accept()
            client.sendall(b"x" * 1_000)
            assert len(there.recv(1_000, socket.MSG_WAITALL)) == 1_000
            there.sendall(b"y" * 10)
            assert client.recv(10, socket.MSG_WAITALL) == b"y" * 10
            there.close()
        assert proxy.take_counts() == (1_000, 10)
        assert proxy.take_counts() == (0, 0)
    with suppress(OSError):
        assert socket.create_connection(("127.0.0.1", port), timeout=1) is None


@pytest.mark.parametrize("address", ["127.0.0.1:80", "tcp://10.0.0.1:80", "", None, 8786])
def test_a_proxy_to_elsewhere_is_refused(address):
    with pytest.raises((TypeError, ValueError), match="address must be"):
        CountingProxy(address)
