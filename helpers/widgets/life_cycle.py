"""The life cycle of a process: one real child, and a button for each action of its parent."""

from __future__ import annotations

import html
import multiprocessing
from collections.abc import Callable
from multiprocessing import connection
from multiprocessing.context import SpawnProcess
from multiprocessing.synchronize import Event

import ipywidgets as w

from helpers.runner import process_states
from helpers.workers import children


class LifeCycle(w.VBox):
    """One real child process, and buttons for what its parent can do with it.

    The table shows the state according to the Process object and to the operating system. The child
    waits for an event. It is a daemon, so that it can't outlive the notebook.
    """

    def __init__(self) -> None:
        # With spawn, this process is the parent; with forkserver, the fork server would be.
        self._context = multiprocessing.get_context("spawn")
        self._finish, self.process = self._new_process()
        self.table = w.HTML()
        steps = {
            "Process(…)": self.new,
            "start()": self.start,
            "let it finish": self.finish,
            "terminate()": self.terminate,
            "kill()": self.kill,
            "join(1)": self.join,
            "look again": self.look,
        }
        narrow = {"width": "8.5em"}  # so that all seven fit in a row on a small laptop
        self.buttons = {text: w.Button(description=text, layout=narrow) for text in steps}
        for text, step in steps.items():
            self.buttons[text].on_click(lambda _, step=step: step())
        title = w.HTML("<b>One child, and what its parent can do</b>")
        rows = {"flex_flow": "row wrap"}
        super().__init__([title, w.HBox(list(self.buttons.values()), layout=rows), self.table])
        self.look()

    def __repr__(self) -> str:
        return "Life cycle of a process: open this notebook in JupyterLab to use it"

    def new(self) -> None:
        """Create a Process object, not yet a process; kill the earlier one if it still runs."""
        if self.process.pid is not None and self.process.is_alive():
            self.process.kill()
            self.process.join()
        self._finish, self.process = self._new_process()
        self.look()

    def _new_process(self) -> tuple[Event, SpawnProcess]:
        """Return an event, and a Process that will wait for it."""
        finish = self._context.Event()
        return finish, self._context.Process(target=children.wait_for, args=(finish,), daemon=True)

    def start(self) -> None:
        """Call start(), which starts the process."""
        self._do(self.process.start)

    def finish(self) -> None:
        """Set the event that the child waits for, and wait for its sentinel, before any join."""
        self._finish.set()
        self._await_end()

    def terminate(self) -> None:
        """Call terminate(), which asks the child to end: by SIGTERM, except on Windows."""
        self._do(self.process.terminate)
        self._await_end()

    def kill(self) -> None:
        """Call kill(), which ends the child in a way that it can't ignore."""
        self._do(self.process.kill)
        self._await_end()

    def join(self) -> None:
        """Call join(1), which waits at most one second for the child's end."""
        self._do(lambda: self.process.join(1))

    def look(self, said: str = "") -> None:
        """Show the state, and `said`, the error of the last step.

        Ask the operating system first, because is_alive() reaps a zombie.
        """
        pid = self.process.pid
        system = "no process yet" if pid is None else process_states.state(pid)
        rows = {
            "operating system": system,
            "pid": pid,
            "sentinel ready": pid is not None and bool(connection.wait([self.process.sentinel], 0)),
        }
        if said:
            rows["answer"] = said
        if system != "zombie":
            rows |= {"is_alive()": self.process.is_alive(), "exitcode": self.process.exitcode}
        else:
            rows |= {
                "is_alive()": "not asked: asking clears a zombie away",
                "exitcode": "not asked",
            }
        cells = "".join(
            f"<tr><td style='padding-right:2em'>{name}</td><td>{html.escape(str(value))}</td></tr>"
            for name, value in rows.items()
        )
        self.table.value = f"<table>{cells}</table>"

    def _do(self, step: Callable[[], None]) -> None:
        """Take the step and show the state, with the error if Python refuses the step."""
        try:
            step()
        except (AssertionError, ValueError, AttributeError) as error:
            self.look(said=f"{type(error).__name__}: {error}")
        else:
            self.look()

    def _await_end(self) -> None:
        """Wait at most one second for the end of the child, and show the state."""
        if self.process.pid is not None:
            if connection.wait([self.process.sentinel], timeout=1):
                process_states.state_after_end(self.process.pid)
            self.look()
