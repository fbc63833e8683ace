"""The meter of what other programs use."""

from __future__ import annotations

import os
import time

import pytest

from helpers.measure import cpu_load

pytestmark = pytest.mark.once


def test_what_others_use_is_the_machines_time_less_ours(monkeypatch):
    machine, ours, clock = iter((100.0, 110.0)), iter(({1: 5.0}, {1: 7.0, 2: 3.0})), iter((0, 4))
    monkeypatch.setattr(cpu_load, "_machine_seconds", lambda: next(machine))
    monkeypatch.setattr(cpu_load, "_our_seconds", lambda: next(ours))
    monkeypatch.setattr(cpu_load, "perf_counter", lambda: next(clock))
    assert cpu_load.CpuLoadMeter().cores_used_by_others() == (10 - 2 - 3) / 4


def test_our_own_work_is_counted_as_ours_and_as_the_machines():
    machine, ours = cpu_load._machine_seconds(), cpu_load._our_seconds()[os.getpid()]
    began = time.process_time()
    while time.process_time() - began < 0.3:
        pass
    assert cpu_load._our_seconds()[os.getpid()] - ours > 0.25
    assert cpu_load._machine_seconds() - machine > 0.25
