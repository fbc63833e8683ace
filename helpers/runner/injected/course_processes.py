"""Hooks that note what happens to processes: starts, ends, kills, and collected exit codes.

A library module is patched when the program imports it, not before. So a program that does not use
multiprocessing pays nothing.
"""

from __future__ import annotations

import functools
import importlib.machinery
import importlib.util
import os
import signal
import sys
from collections.abc import Callable
from types import ModuleType

import course_events
from course_events import note

TYPE_CHECKING = False  # type checkers take it as True; importing typing would slow every start
if TYPE_CHECKING:
    from typing import Any

_waiting: dict[str, list[Callable[[ModuleType], None]]] = {}


def install() -> None:
    """Install the hooks in this process."""
    sys.meta_path.insert(0, _AfterImport())
    when_imported("multiprocessing.process", _hook_process)
    when_imported("multiprocessing.util", _hook_util)
    _hook_system()


def when_imported(name: str, change: Callable[[ModuleType], None]) -> None:
    """Call `change(module)` right after the module `name` is first imported; now, if it was."""
    if name in sys.modules:
        change(sys.modules[name])
    else:
        _waiting.setdefault(name, []).append(change)


class _AfterImport:
    """A finder for sys.meta_path. Without its base class, which is slow to import."""

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        changes = _waiting.pop(name, [])
        spec = importlib.util.find_spec(name) if changes else None
        if spec is None or spec.loader is None:
            return None
        loader: Any = spec.loader
        run = loader.exec_module

        def exec_module(module: ModuleType) -> None:
            run(module)
            for change in changes:
                change(module)

        loader.exec_module = exec_module
        return spec


def _hook_process(module: Any) -> None:
    base = module.BaseProcess
    start, run, bootstrap = base.start, base.run, base._bootstrap

    @functools.wraps(start)
    def noted_start(self: Any) -> None:
        if len(self._identity) > course_events.DEEPEST:
            course_events.raise_flag("depth")
        target = getattr(self, "_target", None)
        empty = target is None and type(self).run is base.run
        facts = {
            "name": self.name,
            "daemon": self.daemon,
            "target": "" if empty else _full_name(type(self).run if target is None else target),
            "empty": empty,
        }
        try:
            start(self)
        except BaseException as error:
            note("start failed", name=self.name, error=type(error).__name__)
            raise
        note(
            "start",
            child=self.pid,
            method=getattr(type(self._popen), "method", ""),
            **facts,
        )

    @functools.wraps(run)
    def noted_run(self: Any) -> None:
        if self._popen is None and self._parent_pid == os.getpid():
            note("run here", name=self.name)
        run(self)

    @functools.wraps(bootstrap)
    def noted_bootstrap(self: Any, *args: object, **options: object) -> int:
        note("begin", name=self.name)
        code = bootstrap(self, *args, **options)
        course_events.flush()
        note("end", code=code)
        return code

    base.start, base.run, base._bootstrap = noted_start, noted_run, noted_bootstrap


def _full_name(function: Any) -> str:
    """Return the module and qualified name of a function, a partial one, or an object's class."""
    function = getattr(function, "func", function)  # of functools.partial
    name = getattr(function, "__qualname__", type(function).__qualname__)
    return f"{function.__module__}.{name}"


def _hook_util(module: Any) -> None:
    """Note when the main process has run all of its own code, and begins to join its children."""
    leave = module._exit_function

    @functools.wraps(leave)
    def noted_leave(*args: object, **options: object) -> None:
        if os.getpid() == main:
            note("leaving")
            course_events.flush()
        leave(*args, **options)

    main = os.getpid()
    import atexit

    atexit.unregister(leave)
    module._exit_function = noted_leave
    atexit.register(noted_leave)
    module.get_temp_dir = _noting_folder(module.get_temp_dir)


def _noting_folder(get: Callable[[], str]) -> Callable[[], str]:
    """Wrap the function that returns, and at first makes, the folder of a tree's sockets."""
    noted = []

    @functools.wraps(get)
    def noted_get() -> str:
        folder = get()
        if folder not in noted:
            noted.append(folder)
            note("temporary", path=folder)
        return folder

    return noted_get


def _hook_system() -> None:
    for name in ("alarm", "setitimer"):
        if hasattr(signal, name):
            setattr(signal, name, _raising_flag(getattr(signal, name)))
    if hasattr(os, "waitpid"):
        os.waitpid = _noting_end(os.waitpid)
        os.wait = _noting_end(os.wait)
    kill = os.kill

    @functools.wraps(kill)
    def noted_kill(pid: int, number: int) -> None:
        if number:
            note("kill", child=pid, signal=int(number))
        kill(pid, number)

    os.kill = noted_kill


def _raising_flag(function: Callable) -> Callable:
    """Wrap a function that orders a signal, since that may wake a process that seems blocked."""

    @functools.wraps(function)
    def flagged(*args: object) -> object:
        course_events.raise_flag("alarm")
        return function(*args)

    return flagged


def _noting_end(wait: Callable) -> Callable:
    """Wrap os.wait or os.waitpid, to note each exit code that it collects."""

    @functools.wraps(wait)
    def noted_wait(*args: int) -> tuple[int, int]:
        pid, status = wait(*args)
        if pid > 0:
            note("ended", child=pid, code=os.waitstatus_to_exitcode(status))
        return pid, status

    return noted_wait
