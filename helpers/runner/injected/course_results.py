"""Hooks that note what gets lost without an error.

- Named shared memory and semaphores.
- Exit codes that the program has read.
- Queues that the program was told are empty, and that were not.
- Exceptions of tasks whose result the program never asked for.
"""

from __future__ import annotations

import functools
import os
import sys
import weakref
from collections.abc import Callable
from types import FrameType, ModuleType

import course_events
from course_events import note
from course_processes import when_imported

TYPE_CHECKING = False  # type checkers take it as True; importing typing would slow every start
if TYPE_CHECKING:
    from typing import Any

_FEEDER = "QueueFeederThread"  # the name that multiprocessing gives to this thread
_believed: weakref.WeakSet = weakref.WeakSet()  # queues whose empty() was asked
_unread: dict[int, tuple[object, str]] = {}  # failed tasks not asked for yet
_looked: list[bool] = []  # not empty once the program has seen one such exception


def install() -> None:
    """Install the hooks in this process."""
    when_imported("multiprocessing.shared_memory", _hook_shared_memory)
    when_imported("multiprocessing.synchronize", _hook_semaphores)
    when_imported("multiprocessing.process", _hook_exit_codes)
    when_imported("multiprocessing.queues", _hook_empty)
    when_imported("multiprocessing.reduction", _hook_pickling)
    when_imported("multiprocessing.pool", _hook_pool_results)
    when_imported("concurrent.futures._base", _hook_futures)


def users_line() -> tuple[str, int]:
    """Return the file and line of the innermost caller outside of Python and these modules."""
    library = os.path.dirname(os.__file__)  # noqa: PTH120 (pathlib loads slowly)
    here = os.path.dirname(__file__)  # noqa: PTH120
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename
        if not name.startswith((library, here, "<")):
            return name, frame.f_lineno
        frame = frame.f_back
    return "", 0


def _hook_shared_memory(module: Any) -> None:
    kind = module.SharedMemory
    make, free = kind.__init__, kind.unlink

    @functools.wraps(make)
    def noted_make(self: Any, *args: object, **options: object) -> None:
        make(self, *args, **options)
        note("shared", name=self._name, create=bool(self._flags & os.O_CREAT))

    @functools.wraps(free)
    def noted_free(self: Any) -> None:
        free(self)
        note("unlinked", name=self._name)

    kind.__init__, kind.unlink = noted_make, noted_free
    if hasattr(module, "_make_filename"):
        module._make_filename = _noting_name(module._make_filename)


def _hook_semaphores(module: ModuleType) -> None:
    if hasattr(module.SemLock, "_make_name"):
        module.SemLock._make_name = staticmethod(_noting_name(module.SemLock._make_name))


def _noting_name(choose: Callable[[], str]) -> Callable[[], str]:
    """Wrap a function that chooses a name, to note it before the thing is made.

    So the name is known even if the process is killed in between.
    """

    @functools.wraps(choose)
    def noted_name() -> str:
        name = choose()
        note("named", name=name)
        return name

    return noted_name


def _hook_exit_codes(module: ModuleType) -> None:
    base = module.BaseProcess
    read = base.exitcode.fget
    told = set()

    def noted_exitcode(self: Any) -> int | None:
        code = read(self)
        if code is not None and self.pid not in told:
            told.add(self.pid)
            note("looked", child=self.pid, code=code)
        return code

    base.exitcode = property(noted_exitcode, doc=base.exitcode.__doc__)
    wait = base.join

    @functools.wraps(wait)
    def noted_join(self: Any, *args: object, **options: object) -> object:
        note("join", child=self.pid)
        return wait(self, *args, **options)

    base.join = noted_join


def _hook_empty(module: ModuleType) -> None:
    ask, take = module.Queue.empty, module.Queue.get

    @functools.wraps(ask)
    def noted_empty(self: Any) -> bool:
        if not len(_believed):
            course_events.before_exit(_tell_of_queues)
        answer = ask(self)
        if answer:
            _believed.add(self)
        return answer

    @functools.wraps(take)
    def noted_get(self: Any, *args: object, **options: object) -> object:
        _believed.discard(self)  # it did not rely on the answer
        return take(self, *args, **options)

    module.Queue.empty, module.Queue.get = noted_empty, noted_get


def _tell_of_queues() -> None:
    for queue in list(_believed):
        if not queue._closed and not queue.empty():
            note("not empty", file="", line=0)


def _hook_pickling(module: ModuleType) -> None:
    """Note errors in pickling: a feeder thread hides them while its process is ending."""
    dumps = module.ForkingPickler.dumps

    def noted_dumps(obj: object, protocol: int | None = None) -> object:
        try:
            return dumps(obj, protocol)
        except Exception as error:
            threading = sys.modules.get("threading")
            thread = threading.current_thread().name if threading else ""
            note("not pickled", error=type(error).__name__, feeder=thread == _FEEDER)
            raise

    module.ForkingPickler.dumps = staticmethod(noted_dumps)


def _hook_pool_results(module: ModuleType) -> None:
    result = module.ApplyResult
    finish, get = result._set, result.get

    @functools.wraps(finish)
    def noted_finish(self: Any, i: int, obj: tuple) -> None:
        if not obj[0] and not self._error_callback:
            _failed(self, obj[1])
        finish(self, i, obj)

    @functools.wraps(get)
    def noted_get(self: Any, timeout: float | None = None) -> object:
        try:
            return get(self, timeout)
        finally:
            _seen(self)

    result._set, result.get = noted_finish, noted_get
    module.MapResult._set = _seen_by(module.MapResult._set)


def _seen_by(finish: Callable) -> Callable:
    @functools.wraps(finish)
    def noted_finish(self: Any, i: int, obj: tuple) -> None:
        finish(self, i, obj)
        if not obj[0] and not self._error_callback:
            _failed(self, obj[1])

    return noted_finish


def _hook_futures(module: ModuleType) -> None:
    future = module.Future
    fail = future.set_exception

    @functools.wraps(fail)
    def noted_fail(self: Any, exception: BaseException | None) -> None:
        if exception is not None and not self._done_callbacks:
            _failed(self, exception)
        fail(self, exception)

    future.set_exception = noted_fail
    for name in ("result", "exception"):
        setattr(future, name, _reading(getattr(future, name)))


def _reading(method: Callable) -> Callable:
    @functools.wraps(method)
    def noted_read(self: Any, timeout: float | None = None) -> object:
        try:
            return method(self, timeout)
        finally:
            _seen(self)

    return noted_read


def _seen(result: object) -> None:
    """Record that the program asks for a result: one error shows it that tasks can fail."""
    if _unread.pop(id(result), None):
        _looked.append(True)


def _failed(result: object, error: BaseException) -> None:
    if not _unread:
        course_events.before_exit(_tell_of_unread)
    _unread[id(result)] = (result, type(error).__name__)


def _tell_of_unread() -> None:
    errors = sorted({error for _, error in _unread.values()})
    if errors and not _looked:
        note("unread", count=len(_unread), errors=errors)
