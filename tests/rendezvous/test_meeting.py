"""The meeting that proves that workers were alive together, by whatever way they were started."""

from __future__ import annotations

import os
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import current_process, get_context

import pytest

from helpers.checks.lifecycle import Lifecycle
from helpers.engines import executors
from helpers.rendezvous import meeting as jobs
from helpers.rendezvous.meeting import Meeting
from helpers.workers.lab_01 import do_job
from tests.running_processes import PROCESS_KINDS, SOON

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.standard_library]
JOBS = ["sort", "count", "paint"]


def test_without_a_meeting_a_job_is_done_at_once():
    assert do_job("sort") == os.getpid()


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_processes_meet_by_every_start_method(engine):
    with Meeting(3, SOON) as meeting, executors.executor(engine, 3) as pool:
        pids = list(pool.map(do_job, JOBS))
    assert meeting.most_together == 3
    assert len(set(pids)) == 3
    assert {(job, pid) for job, pid, _ in meeting.reports} == set(zip(JOBS, pids, strict=True))


def test_threads_are_together_in_one_process():
    with Meeting(3, SOON) as meeting, ThreadPoolExecutor(3) as pool:
        pids = set(pool.map(do_job, JOBS))
    assert meeting.most_together == 3
    assert pids == {os.getpid()}
    assert len({thread for _, _, thread in meeting.reports}) == 3


def test_a_plain_loop_is_never_together():
    with Meeting(3, 0.05) as meeting:
        pids = {do_job(job) for job in JOBS}
    assert meeting.most_together == 1
    assert pids == {os.getpid()}


@pytest.mark.processes
def test_start_and_join_in_turn_is_never_together():
    with Meeting(3, 0.05) as meeting:
        for job in JOBS:
            process = get_context("spawn").Process(target=do_job, args=(job,))
            process.start()
            process.join()
    assert meeting.most_together == 1
    assert len({pid for _, pid, _ in meeting.reports}) == 3


@pytest.mark.processes
def test_a_pool_of_one_is_one_process_and_never_together():
    with Meeting(3, 0.05) as meeting, executors.executor("spawn", 1) as pool:
        list(pool.map(do_job, JOBS))
    assert meeting.most_together == 1
    assert len({pid for _, pid, _ in meeting.reports}) == 1


@pytest.mark.processes
def test_a_parent_that_joins_before_it_has_started_all_is_not_waited_for_long():
    with Meeting(2, 10 * SOON) as meeting, Lifecycle() as lifecycle:
        process = executors.context("spawn").Process(target=do_job, args=("sort",))
        process.start()
        process.join()
    assert (meeting.most_together, len(lifecycle.seen_ended)) == (1, 1)


@pytest.mark.processes
def test_a_parent_that_joins_when_all_are_started_is_waited_for():
    with Meeting(2, SOON) as meeting, Lifecycle():
        context = executors.context("spawn")
        first, second = (context.Process(target=do_job, args=(job,)) for job in ("sort", "count"))
        first.start()
        while not meeting.reports:
            time.sleep(0.001)  # the report itself is the event; nothing signals its arrival
        second.start()
        first.join()
        second.join()
    assert meeting.most_together == 2


def test_who_waits_when_the_meeting_ends_goes_on():
    done = threading.Event()
    meeting = Meeting(2, SOON)
    with meeting:
        thread = threading.Thread(target=lambda: (do_job("sort"), done.set()))
        thread.start()
        while not meeting.reports:
            time.sleep(0.001)  # the report itself is the event; nothing signals its arrival
    assert done.wait(SOON)
    thread.join()


@pytest.mark.processes
def test_a_worker_of_an_old_meeting_does_not_wait_for_the_new_one():
    with executors.executor("spawn", 1) as pool:
        with Meeting(1, SOON) as old:
            pid = pool.submit(do_job, "sort").result(SOON)
        with Meeting(1, SOON) as new:
            assert pool.submit(do_job, "count").result(SOON) == pid
    assert [job for job, _, _ in old.reports] == ["sort"]
    assert new.reports == []


def test_a_stranger_or_a_dead_worker_does_no_harm():
    with Meeting(1, SOON) as meeting:
        address = meeting._listener.address
        for words in (b"", b"\x00\x00\x00\x05hello"):
            with socket.socket(meeting._listener._listener._socket.family) as stranger:
                stranger.connect(address)
                stranger.sendall(words)
        assert do_job("sort") == os.getpid()
    assert [job for job, _, _ in meeting.reports] == ["sort"]


def test_where_a_socket_can_t_be_in_a_folder_it_is_on_the_network(monkeypatch):
    monkeypatch.setattr(jobs, "_LONGEST_PATH", 5)
    with Meeting(1, SOON) as meeting:
        assert meeting._listener.address[0] == "127.0.0.1"
        assert do_job("sort") == os.getpid()
    assert len(meeting.reports) == 1


def test_a_meeting_that_is_over_leaves_no_trace():
    with Meeting(1, SOON) as meeting:
        assert "course_meeting" in current_process()._config
    assert "course_meeting" not in current_process()._config
    assert not meeting._accept_thread.is_alive()
    assert do_job("sort") == os.getpid()


@pytest.mark.parametrize("job", [None, 5, ["sort"]])
def test_what_is_no_job_is_refused(job):
    with pytest.raises(TypeError, match=r"job must be one job's name, got .*\. Call do_job once"):
        do_job(job)


@pytest.mark.parametrize(("expected", "patience"), [(0, 1), ("3", 1), (3, -1), (3, "1"), (3, None)])
def test_what_is_no_meeting_is_refused(expected, patience):
    with pytest.raises((TypeError, ValueError), match=r"(expected|patience) must be a .*number fr"):
        Meeting(expected, patience)
