"""Notes on which state of its parent a child has: globals, variables, handlers, threads.

The parent notes its state right before it starts a child, and the child notes the same things when
it begins. helpers/diagnosis/uncarried_state.py compares the two. A value is noted as text if it is
plain data. Of any other object only the type is noted: no code of the program is run for this.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from types import CodeType, FunctionType, ModuleType

from course_events import note
from course_processes import when_imported

TYPE_CHECKING = False  # type checkers take it as True; importing typing would slow every start
if TYPE_CHECKING:
    from typing import Any

_ASKED = "course_state"  # in a process's configuration, which reaches it by every start method
_MOST_MODULES, _MOST_GLOBALS, _MOST_ITEMS, _MOST_TEXT = 30, 300, 1000, 300
_SIMPLE = (type(None), bool, int, float, complex, str, bytes)
_SIGNALS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGCHLD")
_MOST_ALIKE = 4  # children of one kind that are noted: the workers of a pool are alike
_started: dict[tuple[str, str], int] = {}  # (target, class) -> how many children were noted


def install() -> None:
    """Install the hooks in this process."""
    when_imported("multiprocessing.process", _hook)


def _hook(module: Any) -> None:
    base = module.BaseProcess
    start, bootstrap = base.start, base._bootstrap

    def noting_start(self: Any) -> None:
        kind = (repr(getattr(self, "_target", None)), type(self).__qualname__)
        state: list[tuple[str, str, str]] = []
        if _started.get(kind, 0) < _MOST_ALIKE:
            _started[kind] = _started.get(kind, 0) + 1
            self._config[_ASKED] = True
            state = list(_state())
        start(self)
        for what, name, value in state:
            note("state before", child=self.pid, kind=what, name=name, value=value)

    def noting_bootstrap(self: Any, *args: object, **options: object) -> int:
        if self._config.pop(_ASKED, False):
            for what, name, value in _state():
                note("state of child", kind=what, name=name, value=value)
        return bootstrap(self, *args, **options)

    base.start, base._bootstrap = noting_start, noting_bootstrap


def _state() -> Iterator[tuple[str, str, str]]:
    """Yield (kind, name, value in words) for each part of this process's state."""
    yield from _globals()
    for name, value in os.environ.items():
        if not name.startswith("COURSE_"):
            yield "environment variable", name, _words(value)
    yield "working folder", "", _words(os.getcwd())  # noqa: PTH109 (pathlib loads slowly)
    yield "recursion limit", "", str(sys.getrecursionlimit())
    yield from _handlers()
    logging: Any = sys.modules.get("logging")
    if logging:
        yield "logging", "level", logging.getLevelName(logging.root.level)
        handlers = [type(handler).__qualname__ for handler in logging.root.handlers]
        yield "logging", "handlers", ", ".join(handlers) or "none"
    threading: Any = sys.modules.get("threading")
    for thread in threading.enumerate() if threading else ():
        run = getattr(thread, "_target", None) or type(thread).run
        if _is_own(sys.modules.get(getattr(run, "__module__", ""))):
            yield "thread", thread.name, "running"


def _handlers() -> Iterator[tuple[str, str, str]]:
    signal: Any = sys.modules.get("signal")
    for name in _SIGNALS if signal else ():
        number = getattr(signal, name, None)
        handler = signal.getsignal(number) if number else None
        words = getattr(handler, "name", None) or getattr(handler, "__qualname__", None)
        if words:
            yield "signal handler", name, words


def _globals() -> Iterator[tuple[str, str, str]]:
    """Yield the global variables of the program's own modules that one of its functions uses."""
    modules = [("__main__", sys.modules.get("__main__"))]
    modules += [(name, module) for name, module in sorted(sys.modules.items()) if _is_own(module)]
    alike = ("__main__", "__mp_main__")
    own = [(n, m) for n, m in modules if m and (n == "__main__" or n not in alike)]
    used = {name for _, module in own for name in _names_used_in(module)}
    for place, module in own[:_MOST_MODULES]:
        for name, value in list(vars(module).items())[:_MOST_GLOBALS]:
            plain = not isinstance(value, ModuleType | FunctionType | type)
            if name in used and plain and not name.startswith("__"):
                where = "" if place == "__main__" else f"{place}."
                yield "global", f"{where}{name}", _words(value)


def _is_own(module: Any) -> bool:
    """Return whether the module is a file in the program's folder, and not an installed package."""
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    file = getattr(module, "__file__", None)
    if not isinstance(file, str) or not isinstance(main, str):
        return False
    folder = os.path.dirname(os.path.realpath(main)) + os.sep  # noqa: PTH120
    return os.path.realpath(file).startswith(folder) and "site-packages" not in file


def _names_used_in(module: ModuleType) -> Iterator[str]:
    """Yield the names in the code of the module's functions and methods, attributes among them."""
    for value in list(vars(module).values()):
        if isinstance(value, FunctionType):
            yield from _names_in(value.__code__)
        elif isinstance(value, type) and value.__module__ == module.__name__:
            for method in list(vars(value).values()):
                if isinstance(method, FunctionType):
                    yield from _names_in(method.__code__)


def _names_in(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield from _names_in(inner)


def _words(value: object) -> str:
    """Return plain data as text, and the type of any other object."""
    left = [_MOST_ITEMS]
    text = _text(value, left)
    if len(text) > _MOST_TEXT:
        import zlib

        return f"{text[:60]}… ({len(text)} characters, {zlib.crc32(text.encode(errors='replace'))})"
    return text


def _text(value: object, left: list[int]) -> str:
    left[0] -= 1
    kind = type(value)
    if left[0] < 0:
        return "…"
    if kind in _SIMPLE:
        return repr(value)
    if kind is dict:
        pairs = list(value.items())[: left[0] + 1]  # type: ignore[attr-defined]
        return "{" + ", ".join(f"{_text(k, left)}: {_text(v, left)}" for k, v in pairs) + "}"
    if kind in (list, tuple):
        items = [_text(one, left) for one in value[: left[0] + 1]]  # type: ignore[index]
        return f"[{', '.join(items)}]" if kind is list else f"({', '.join(items)})"
    if kind in (set, frozenset) and len(value) <= left[0]:  # type: ignore[arg-type]
        return "{" + ", ".join(sorted(_text(one, left) for one in value)) + "}"  # type: ignore[attr-defined]
    return f"<{kind.__module__}.{kind.__qualname__}>"
