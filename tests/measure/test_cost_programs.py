"""The programs of lesson 08: threads of BLAS in each worker, and what is taken for the cores."""

from __future__ import annotations

import os

import psutil
import pytest

from helpers.runner.run import run_safely

pytestmark = [pytest.mark.usefixtures("quiet"), pytest.mark.processes]


def rows(report) -> dict[str, str]:
    return dict(line.split(": ", 1) for line in report.output.splitlines())


def test_blas_takes_one_thread_where_it_is_told_to():
    report = run_safely("blas_threads.py", "one", 2, limit=60)
    assert report.verdict == "ended"
    found = rows(report)
    assert found["workers"] == "2"
    assert found["threads in each"] == "1"


@pytest.mark.skipif(not hasattr(psutil.Process, "cpu_affinity"), reason="no affinity here")
def test_a_program_kept_to_one_core_is_told_so_by_those_who_look():
    report = run_safely("how_many.py", limit=60)
    assert report.verdict == "ended"
    found = rows(report)
    assert found["loky.cpu_count()"] == "1"
    if hasattr(os, "sched_getaffinity"):  # elsewhere it is another name for os.cpu_count
        assert found.get("os.process_cpu_count()", "1") == "1"
    assert int(found["os.cpu_count()"]) == psutil.cpu_count()
