"""In a real kernel: functions of cells, an interrupt in the middle, a kernel that is killed."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator

import psutil
import pytest
from jupyter_client.manager import KernelManager

from helpers.runner import process_states
from tests.running_processes import PROCESS_KINDS, SOON, Trap, alive_after
from tools.outline import ROOT


class Kernel:
    """One kernel and its answers."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.manager = KernelManager(kernel_name="python3")
        self.manager.start_kernel(env=environment)
        self.client = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(timeout=60)

    @property
    def pid(self) -> int:
        return self.manager.provisioner.pid

    def send(self, code: str) -> str:
        """Ask the kernel to run `code`; return the id of the request."""
        return self.client.execute(code)

    def answer(self, request: str) -> str:
        """Return what the request printed, or how it failed: `NameError: ...`."""
        text = ""
        while True:
            message = self.client.get_iopub_msg(timeout=SOON)
            content = message["content"]
            if message["parent_header"].get("msg_id") != request:
                continue
            if message["msg_type"] == "error":
                text += f"{content['ename']}: {content['evalue']}"
            elif message["msg_type"] == "stream" and content["name"] == "stdout":
                text += content["text"]
            elif message["msg_type"] == "execute_result":
                text += content["data"]["text/plain"]
            elif message["msg_type"] == "status" and content["execution_state"] == "idle":
                return text

    def run(self, code: str) -> str:
        """Run the code in the kernel; return what it printed."""
        return self.answer(self.send(code))

    def close(self) -> None:
        self.client.stop_channels()
        self.manager.shutdown_kernel(now=True)


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    notes = tmp_path_factory.mktemp("kernel") / "notes.json"
    path = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    own = {"PYTHONPATH": path, "COURSE_STATE": str(notes)}
    return {**os.environ, **own, "PYTEST_CURRENT_TEST": "in a kernel"}


@pytest.fixture(scope="module")
def kernel(environment: dict[str, str]) -> Iterator[Kernel]:
    kernel = Kernel(environment)
    try:
        kernel.run("from helpers.measure.sweeps import measure, sweep")
        kernel.run("from tests.odd_workers import double, report_and_hang")
        kernel.run("def in_a_cell(task):\n    return task")
        yield kernel
    finally:
        tree = process_states.descendants(kernel.pid)
        kernel.close()
        assert alive_after(2, tree) == []


def own_children(pid: int) -> list[psutil.Process]:
    """Return the kernel's descendants, without multiprocessing's two servers."""
    servants = ("multiprocessing.resource_tracker", "multiprocessing.forkserver")
    found = []
    for process in process_states.descendants(pid):
        try:
            words = " ".join(process.cmdline())
            below = process.ppid() != pid
        except psutil.Error:
            continue
        if below or not any(servant in words for servant in servants):
            found.append(process)
    return found


INTERRUPTED = """
try:
    measure(report_and_hang, [{address}] * 4, {engine!r})
except KeyboardInterrupt:
    print("interrupted")
"""


@pytest.mark.processes
@pytest.mark.parametrize("engine", PROCESS_KINDS)
def test_a_function_of_a_cell_is_refused_and_the_next_run_works(kernel, engine):
    refused = kernel.run(f"measure(in_a_cell, [1], {engine!r})")
    assert refused.startswith("ValueError: worker must be a function at the top level")
    assert "in_a_cell lives in a notebook's cell" in refused
    assert "%%writefile work_00.py" in refused
    assert kernel.run(f"measure(double, [1, 2], {engine!r}).results") == "[2, 4]"
    assert own_children(kernel.pid) == []


@pytest.mark.processes
def test_engines_that_share_the_cells_memory_take_its_functions(kernel):
    assert kernel.run("measure(in_a_cell, [5], 'threads').results") == "[5]"
    assert kernel.run("measure(lambda task: task, [5], 'serial').results") == "[5]"


@pytest.mark.processes
@pytest.mark.parametrize("engine", ["serial", "threads", *PROCESS_KINDS])
def test_an_interrupted_cell_comes_back_within_two_seconds_and_leaves_nothing(kernel, engine):
    with Trap() as trap:
        request = kernel.send(INTERRUPTED.format(address=trap.address, engine=engine))
        trap.catch(1 if engine == "serial" else 2)
        kernel.manager.interrupt_kernel()
        began = time.monotonic()
        assert kernel.answer(request) == "interrupted\n"
        assert time.monotonic() - began < 2
        assert alive_after(2, own_children(kernel.pid)) == []
    assert kernel.run(f"measure(double, [1, 2], {engine!r}).results") == "[2, 4]"


EXPLORER = """
from helpers.widgets import Explorer
from helpers.workers.workloads import Workload
"""


@pytest.mark.processes
def test_an_explorer_that_is_interrupted_while_it_first_runs_leaves_nothing(kernel):
    kernel.run(EXPLORER)
    with Trap() as trap:
        kernel.run(f"address = {trap.address}")
        kernel.run(
            "hanging = Workload('hanging', 'hang', report_and_hang, 'waiting', 'things', (1, 2, 3),"
            " lambda count, size: [address] * count, lambda *_: True)"
        )
        request = kernel.send("Explorer(hanging)")
        trap.catch(1)
        kernel.manager.interrupt_kernel()
        began = time.monotonic()
        assert kernel.answer(request).startswith("KeyboardInterrupt")
        assert time.monotonic() - began < 2
        assert alive_after(2, own_children(kernel.pid)) == []


@pytest.mark.processes
def test_a_killed_kernel_leaves_nothing(environment):
    kernel = Kernel(environment)
    try:
        kernel.run("from helpers.measure.sweeps import measure")
        kernel.run("from helpers.measure.interpreter import OtherInterpreter")
        kernel.run("from tests.odd_workers import report_and_hang")
        with Trap() as trap:
            kernel.run("other = OtherInterpreter()")
            kernel.run(f"other.load(report_and_hang, [{trap.address}] * 4, engine='spawn')")
            kernel.run("other.go()")
            trap.catch(2)
            kernel.send(f"measure(report_and_hang, [{trap.address}] * 4)")
            trap.catch(2)
            tree = process_states.descendants(kernel.pid)
            psutil.Process(kernel.pid).kill()
            assert trap.all_gone(limit=2)
            assert alive_after(2, tree) == []
    finally:
        kernel.close()
