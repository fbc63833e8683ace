"""Execution of a composed notebook in a fresh kernel, in the same way as nbval runs it.

execute(notebook, folder, root, show) -> the same notebook with its outputs, or ExecutionFault
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from subprocess import DEVNULL

from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from tools.build.kernel_environment import kernel_environment, scratch_folder
from tools.build.stored_outputs import ESCAPE, tidy, unstorable
from tools.pytest_leftovers.watch import Watch

CELL_LIMIT = 120  # seconds, as for nbval (pyproject.toml)
DEFAULT_START = 60  # seconds for a kernel to answer

Show = Callable[[int, int], None]


class ExecutionFault(Exception):
    """A notebook can't be stored as it ran; it has one message per fault."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = faults


def execute(notebook: NotebookNode, folder: Path, root: Path, show: Show) -> None:
    """Run every code cell in a scratch folder with the name of `folder`; keep the outputs.

    Raises ExecutionFault if a cell fails, prints what must not be stored, or leaves something
    behind. `show(done, total)` is told before each code cell.
    """
    with scratch_folder() as scratch:
        watch = Watch.begin(root, folder, scratch)
        client = _client(notebook, scratch.working(folder))
        try:
            with kernel_environment(scratch):
                _start(client)
            faults = _run_cells(client, notebook, show) or watch.still_running()
        finally:
            watch.end_kernel()
            if client.kc is not None:
                client._cleanup_kernel()
            left = watch.left_behind()
    faults = faults + left or _stored_faults(notebook, root)
    if faults:
        raise ExecutionFault(faults)


def _client(notebook: NotebookNode, folder: Path) -> NotebookClient:
    # The kernel of this very environment, as under nbval; a user's own kernel "python3" may differ.
    manager = AsyncKernelManager(
        kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
    )
    return NotebookClient(
        notebook,
        km=manager,
        timeout=CELL_LIMIT,
        startup_timeout=DEFAULT_START,
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
        shutdown_kernel="immediate",
    )


def _start(client: NotebookClient) -> None:
    try:
        # What children print goes nowhere, as under nbval.
        client.start_new_kernel(stdout=DEVNULL, stderr=DEVNULL)
        client.start_new_kernel_client()
    except (RuntimeError, OSError) as error:
        raise ExecutionFault([f"its kernel did not start: {error}"]) from None


def _run_cells(client: NotebookClient, notebook: NotebookNode, show: Show) -> list[str]:
    """Run the cells in order; return the faults of the first that fails."""
    code = [place for place, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    for count, place in enumerate(code, 1):
        cell = notebook.cells[place]
        show(count, len(code))
        if fault := _run_cell(client, cell, place):
            return [f"cell {cell.id} {fault}\n\n{_indented(cell.source)}"]
        tidy(cell, count)
    return []


def _run_cell(client: NotebookClient, cell: NotebookNode, place: int) -> str:
    """Run one cell; return what went wrong, or nothing."""
    try:
        # nbval keeps no history either, and IPython shows some results differently with one.
        client.execute_cell(cell, place, store_history=False)
    except CellExecutionError as error:
        return "raised an error. Fix it, or tag the cell raises-exception:\n\n" + _indented(
            error.traceback
        )
    except CellTimeoutError:
        return (
            f"took more than {CELL_LIMIT} s. Give it less to do, or put a limit on what it awaits"
        )
    except DeadKernelError:
        return "ended its kernel. Run what may crash in a process of its own"
    raised = any(output.output_type == "error" for output in cell.outputs)
    if "raises-exception" in cell.metadata.get("tags", ()) and not raised:
        return "is tagged raises-exception, but raised nothing. Remove the tag, or fix the cell"
    return ""


def _stored_faults(notebook: NotebookNode, root: Path) -> list[str]:
    return [
        f"cell {cell.id} has {fault}\n\n{_indented(cell.source)}"
        for cell in notebook.cells
        for fault in unstorable(cell, root)
    ]


def _indented(text: str) -> str:
    return re.sub(r"(?m)^", "    ", ESCAPE.sub("", text).strip("\n"))
