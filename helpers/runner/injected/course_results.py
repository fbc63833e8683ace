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
import course_processes
from course_events import note
from course_processes import when_imported

TYPE_CHECKING = False  # type checkers take it as True; importing typing would slow every start
if TYPE_CHECKING:
    from typing import Any

_FEEDER = "QueueFeederThread"  # the name that multiprocessing gives to this thread
_believed: weakref.WeakSet = weakref.WeakSet()  # queues whose empty() was asked
_unread: dict[int, tuple[object, str]] = {}  # failed tasks not asked for yet
last_name = [""]  # the name of the semaphore or shared memory that was made last
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
        name = last_name[0] = choose()
        file, line = users_line()
        note("named", name=name, file=file, line=line, pool=_is_made_by_pool())
        return name

    return noted_name


def _is_made_by_pool() -> bool:
    """Return whether a Pool or an executor makes something for itself."""
    frame: FrameType | None = sys._getframe(1)
    while frame is not None:
        name = frame.f_code.co_filename.replace(os.sep, "/")
        if name.endswith(("multiprocessing/pool.py", "concurrent/futures/process.py")):
            return True
        frame = frame.f_back
    return False


def _hook_exit_codes(module: ModuleType) -> None:
    base = module.BaseProcess
    read = base.exitcode.fget
    told = set()

    def noted_exitcode(self: Any) -> int | None:
        code = read(self)
        if code is None and self.pid in course_processes.not_ours:
            note("code unknown", child=self.pid)
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

    def noted_dumps(obj: Any, protocol: int | None = None) -> object:
        if _is_failed_task(obj):
            note("task failed")
        try:
            return dumps(obj, protocol)
        except Exception as error:
            threading = sys.modules.get("threading")
            thread = threading.current_thread().name if threading else ""
            item = thread == _FEEDER and type(obj).__name__ != "_CallItem"  # of an executor
            note("not pickled", error=type(error).__name__, feeder=item)
            raise

    module.ForkingPickler.dumps = staticmethod(noted_dumps)


def _is_failed_task(obj: Any) -> bool:
    """Return whether a worker sends the exception of a task, not its result."""
    if type(obj) is tuple and len(obj) == 3 and type(obj[2]) is tuple:  # of a Pool
        return obj[2][:1] == (False,)
    return type(obj).__name__ == "_ResultItem" and obj.exception is not None


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
        except module.TimeoutError:
            note("gave up", pool=getattr(self._pool, "_state", ""))
            raise
        finally:
            _seen(self)

    result._set, result.get = noted_finish, noted_get
    _hook_imap(module)
    module.MapResult._set = _seen_by(module.MapResult._set)


def _hook_imap(module: Any) -> None:
    """Note when many results of imap wait to be taken, and when one does not come in time."""
    kind = module.IMapIterator
    finish, take = kind._set, kind.next

    @functools.wraps(take)
    def noted_take(self: Any, timeout: float | None = None) -> object:
        try:
            return take(self, timeout)
        except module.TimeoutError:
            note("gave up", pool=getattr(self._pool, "_state", ""))
            raise

    @functools.wraps(finish)
    def noted_finish(self: Any, i: int, obj: object) -> None:
        finish(self, i, obj)
        if len(self._items) in (8, 32, 128, 512, 2048):
            note("results wait", count=len(self._items))

    kind._set, kind.next, kind.__next__ = noted_finish, noted_take, noted_take


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
    _hook_giving_up(future)
    for name in ("result", "exception"):
        setattr(future, name, _reading(getattr(future, name)))


def _hook_giving_up(future: Any) -> None:
    """Note tasks that could not be canceled, and results that came after an interrupt."""
    cancel, finish = future.cancel, future.set_result

    @functools.wraps(cancel)
    def noted_cancel(self: Any) -> bool:
        canceled = cancel(self)
        if not canceled and self.running():
            note("not canceled")
        return canceled

    @functools.wraps(finish)
    def noted_finish(self: Any, result: object) -> None:
        if course_processes.interrupts:
            note("result after interrupt")
        finish(self, result)

    future.cancel, future.set_result = noted_cancel, noted_finish


def _reading(method: Callable) -> Callable:
    @functools.wraps(method)
    def noted_read(self: Any, timeout: float | None = None) -> object:
        try:
            return method(self, timeout)
        except TimeoutError:
            note("gave up", pool="")
            raise
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
