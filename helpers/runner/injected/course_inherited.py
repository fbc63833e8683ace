"""Hooks that note what a child gets from its parent, by fork or as arguments, and what it lacks.

- Things that a forked child shares with its parent although they can't be shared, such as an open
  file, a connection or a lock of threads.
- Random generators from whose state several children start.
- Values of the main program that a spawned child does not have.
- Signal handlers that a fork copied, and functions that a child registers for an exit that a forked
  process never makes.
- Attributes that a process object got in the child only.
"""

from __future__ import annotations

import contextlib
import functools
import itertools
import opcode
import os
import signal
import stat
import sys
import types
import zlib
from collections.abc import Callable, Iterable, Iterator
from types import ModuleType

import course_events
from course_events import note
from course_processes import when_imported
from course_results import users_line

TYPE_CHECKING = False  # type checkers take it as True; importing typing would slow every start
if TYPE_CHECKING:
    from typing import Any

_MOST = 300  # objects that are looked at for one child
_PLAIN = (bool, int, float, str, bytes, type(None))
_MANY = (list, dict, set, tuple)
_told: set[object] = set()  # what this process has noted about the functions of its tasks
_at_begin: list[Callable[[], object]] = []  # called when a child has imported the main file
_drawers: list[tuple[object, int]] = []  # random generators of this child, with their first states
_places: list[tuple[int, int]] = []  # files that this child shares, with the places in them


def install() -> None:
    """Install the hooks in this process."""
    when_imported("multiprocessing.process", _hook_children)
    when_imported("multiprocessing.pool", _hook_pool)
    when_imported("concurrent.futures.process", _hook_executor)
    when_imported("multiprocessing.reduction", _hook_pickling)
    when_imported("multiprocessing.sharedctypes", _hook_pointers)
    _watch_files_at_import()
    _hook_signals()
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=_after_fork)


def _after_fork() -> None:
    _told.clear()
    _drawers.clear()
    _places.clear()
    for number in (signal.SIGTERM, signal.SIGINT):
        handler = signal.getsignal(number)
        if callable(handler) and handler is not signal.default_int_handler:
            note("inherited handler", signal=int(number))


def _watch_files_at_import() -> None:
    """Note which files a spawned child opens for writing while it imports the main file."""
    command = " ".join(sys.orig_argv)
    if "--multiprocessing-fork" not in command and "multiprocessing.forkserver" not in command:
        return
    import builtins
    import io

    plain = io.open

    @functools.wraps(plain)
    def noted_open(file: Any, mode: str = "r", *args: Any, **options: Any) -> Any:
        line = users_line() if "w" in mode else ("", 0)
        if line[0] and _has_content(file):
            note("opened at import", file=line[0], line=line[1])
        return plain(file, mode, *args, **options)

    builtins.open = io.open = noted_open
    _at_begin.append(lambda: _open_as_before(builtins, io, plain))


def _has_content(file: Any) -> bool:
    try:
        return os.stat(file).st_size > 0  # noqa: PTH116 (pathlib loads slowly)
    except (OSError, TypeError, ValueError):
        return False


def _open_as_before(builtins: Any, io: Any, plain: Any) -> None:
    builtins.open = io.open = plain


def _hook_signals() -> None:
    plain: Any = signal.signal

    @functools.wraps(plain)
    def noted_signal(number: int, handler: Any) -> Any:
        note("handler", signal=int(number))
        return plain(number, handler)

    setattr(signal, "signal", noted_signal)  # noqa: B010 (mypy takes it for a method)


def _quietly(look: Callable) -> Callable:
    """Wrap a function that looks at the program's objects, so that it never raises an error."""

    @functools.wraps(look)
    def quiet(*args: Any) -> Any:
        with contextlib.suppress(Exception):
            return look(*args)
        return None

    return quiet


# --- what a function can reach


def _reached(function: Any, values: list) -> Iterator[tuple[str, object]]:
    """Yield name and object for all that a child's work can reach: arguments and globals.

    It looks into lists, dicts and the program's own objects, but not into those of libraries.
    """
    seen: set[int] = set()
    todo = [("an argument", value) for value in values]
    todo += [(name, value) for name, value in _globals_used(function, set())]
    todo += _parts_of_function(function)
    while todo and len(seen) < _MOST:
        name, value = todo.pop()
        if id(value) in seen or type(value) in (*_PLAIN, ModuleType, type, types.FunctionType):
            continue
        seen.add(id(value))
        yield name, value
        todo += [(f"inside {name}", part) for part in _parts(value)]


def _parts(value: Any) -> list:
    # Not list(value)[:_MOST]: that would write to each object's reference count, and so copy every
    # page of a large list into the forked child.
    if type(value) in (list, tuple, set):
        return list(itertools.islice(value, _MOST))
    if type(value) is dict:
        return list(itertools.islice(value.values(), _MOST))
    if _is_own(type(value)):
        return list(_attributes_of(value).values())
    return []


def _attributes_of(value: Any) -> dict:
    """Return an object's own attributes; {} if it has no __dict__."""
    try:
        return dict(object.__getattribute__(value, "__dict__"))
    except AttributeError:
        return {}


def _is_own(kind: type) -> bool:
    """Return whether a class is the program's own."""
    file = getattr(sys.modules.get(kind.__module__), "__file__", "") or ""
    return kind.__module__ in ("__main__", "__mp_main__") or _is_own_file(file)


def _is_own_file(file: str) -> bool:
    library = os.path.dirname(os.__file__)  # noqa: PTH120 (pathlib loads slowly)
    return bool(file) and not file.startswith((library, "<")) and "site-packages" not in file


def _parts_of_function(function: Any) -> list[tuple[str, object]]:
    if type(function) is functools.partial:
        inside = [*function.args, *function.keywords.values()]
        return [("an argument", value) for value in inside] + _parts_of_function(function.func)
    found = [("self", function.__self__)] if type(function) is types.MethodType else []
    plain = _plain_function(function)
    if plain is None:
        return found
    cells = zip(plain.__code__.co_freevars, plain.__closure__ or (), strict=True)
    return found + [(name, _content(cell)) for name, cell in cells]


def _content(cell: Any) -> object:
    try:
        return cell.cell_contents
    except ValueError:  # empty
        return None


def _plain_function(value: Any) -> Any:
    """Return the function below a partial one or a method; None for anything else.

    No attribute of another object is asked for: that may run code of the program.
    """
    if type(value) is functools.partial:
        value = value.func
    if type(value) is types.MethodType:
        value = value.__func__
    return value if type(value) is types.FunctionType else None


def _globals_used(value: Any, known: set) -> Iterator[tuple[str, object]]:
    """Yield name and value of each global that a function, or one that it calls, reads."""
    function = _plain_function(value)
    if function is None or len(known) > 20 or function.__code__ in known:
        return
    code, names = function.__code__, function.__globals__
    if not _is_own_file(code.co_filename):
        return
    known.add(code)
    for name in _names_in(code):
        if name in names:
            yield name, names[name]
            yield from _globals_used(names[name], known)


def _names_in(code: Any) -> set[str]:
    """Return the names of the globals that some code reads, without names of attributes."""
    inner = (one for one in code.co_consts if type(one) is types.CodeType)
    return set(_loaded(code)).union(*(_names_in(one) for one in inner))


def _loaded(code: Any) -> Iterator[str]:
    """Yield the name in each LOAD_GLOBAL; its last bit is a flag since Python 3.11."""
    load, extend = opcode.opmap["LOAD_GLOBAL"], opcode.opmap["EXTENDED_ARG"]
    number = 0
    for operation, part in zip(code.co_code[::2], code.co_code[1::2], strict=True):
        number = number << 8 | part
        if operation == load and number >> 1 < len(code.co_names):
            yield code.co_names[number >> 1]
        if operation != extend:
            number = 0


# --- what can't be shared


def _kind(value: Any) -> tuple[str, object]:
    """Return what kind of thing a child should not get from its parent, and which; ("", 0) if none.

    Open files are known by their descriptors, other things by their ids.
    """
    try:
        return _kind_of_file(value) or _kind_of_object(value)
    except Exception:  # closed, or an object that answers no question
        return "", 0


def _kind_of_file(value: Any) -> tuple[str, object] | None:
    module = type(value).__module__
    if module == "_io" and not getattr(value, "closed", True) and value.fileno() > 2:
        regular = stat.S_ISREG(os.fstat(value.fileno()).st_mode)
        reads = regular and value.readable() and not value.writable()
        return ("file" if reads else "", value.fileno())
    if module == "socket" and hasattr(value, "getpeername"):
        value.getpeername()
        return "socket", value.fileno()
    if module == "multiprocessing.connection" and hasattr(value, "fileno"):
        return f"pipe{'r' if value.readable else ''}{'w' if value.writable else ''}", value.fileno()
    return None


def _kind_of_object(value: Any) -> tuple[str, object]:
    name = f"{type(value).__module__}.{type(value).__name__}"
    kinds = {
        "sqlite3.Connection": "sqlite",
        "multiprocessing.pool.Pool": "pool",
        "concurrent.futures.process.ProcessPoolExecutor": "executor",
        "_thread.lock": "thread lock",
        "_thread.RLock": "thread lock",
        "threading.Condition": "thread condition",
        "threading.Event": "thread event",
        "threading.Semaphore": "thread lock",
        "threading.BoundedSemaphore": "thread lock",
        "threading.Barrier": "thread barrier",
        "queue.Queue": "thread queue",
        "_queue.SimpleQueue": "thread queue",
    }
    return kinds.get(name, ""), id(value)


@_quietly
def _carried(function: Any, values: list) -> list[tuple[str, str, object]]:
    """Return (kind, name, which) of each thing that a child's work reaches and can't share."""
    reached = list(_reached(function, values))[:_MOST]
    found = [(*_kind(value), name) for name, value in reached]
    return [(kind, name, which) for kind, which, name in found if kind][:20]


# --- values of the main program


@_quietly
def _plain_globals(function: Any) -> dict[str, str]:
    """Return the plain values of the globals that a function reads, by name, as short text."""
    return _in_short_by_name(_globals_used(function, set()))


def _in_short_by_name(items: Iterable[tuple[str, object]]) -> dict[str, str]:
    code = (types.ModuleType, types.FunctionType, types.BuiltinFunctionType, type)
    found = {name: _in_short(value) for name, value in items if type(value) not in code}
    return dict(list(found.items())[:20])


def _in_short(value: Any) -> str:
    """Return a few words for a value that are the same in each process which has the same value."""
    if type(value) in _PLAIN:
        return repr(value)[:60]
    if type(value) in _MANY:
        return f"a {type(value).__name__} of {len(value)}"
    return f"a {type(value).__name__}"


# --- hooks


def _hook_children(module: ModuleType) -> None:
    base = module.BaseProcess
    start, bootstrap = base.start, base._bootstrap

    @functools.wraps(start)
    def noted_start(self: Any) -> None:
        function, values = _work_of(self)
        things, names = _carried(function, values), _plain_globals(function)
        start(self)
        if things:
            note("carried", child=self.pid, things=things, workers=1)
        if names:
            note("globals", child=self.pid, function=_name(function), values=names)

    @functools.wraps(bootstrap)
    def noted_bootstrap(self: Any, *args: object, **options: object) -> int:
        while _at_begin:
            _at_begin.pop()()
        function, values = _work_of(self)
        _watch_generators(function, values)
        _watch_files(function, values)
        _note_globals(function)
        _watch_exit_functions()
        before = _attributes(self)
        course_events.before_exit(lambda: _tell_attributes(self, before))
        return bootstrap(self, *args, **options)

    base.start, base._bootstrap = noted_start, noted_bootstrap


def _work_of(process: Any) -> tuple[Any, list]:
    """Return the function that a process runs, and the objects that it gets."""
    target = getattr(process, "_target", None)
    values = [*getattr(process, "_args", ()), *getattr(process, "_kwargs", {}).values()]
    if target is None and _is_own(type(process)):
        inside = ("_target", "_args", "_kwargs", "_popen", "_config", "_identity")
        mine = _attributes_of(process).items()
        values += [value for name, value in mine if name not in inside]
        return type(process).run, values
    return target, values


@_quietly
def _note_globals(function: Any) -> None:
    if _is_own_function(function):
        note("globals here", function=_name(function), values=_plain_globals(function))
    elif function is not None:  # a worker, which will get its functions later
        main = [(name, value) for name, value in _main_items() if not name.startswith("__")]
        note("main here", values=_in_short_by_name(main[:60]))


def _name(function: Any) -> str:
    return getattr(_plain_function(function), "__qualname__", "")


@_quietly
def _attributes(process: Any) -> dict[str, str]:
    """Return what the attributes of a process object of an own class are, as short text."""
    if not _is_own(type(process)):
        return {}
    mine = _attributes_of(process).items()
    return {name: _in_short(value) for name, value in mine if not name.startswith("_")}


@_quietly
def _tell_attributes(process: Any, before: dict[str, str]) -> None:
    changed = [
        name for name, now in _attributes(process).items() if (before or {}).get(name) != now
    ]
    if changed:
        note("own attributes", names=changed[:20], kind=type(process).__name__)


def _watch_exit_functions() -> None:
    """Note the functions that a child registers for its exit."""
    import atexit

    register = atexit.register

    def noted_register(function: Any, *args: object, **options: object) -> Any:
        file, line = users_line()
        note("at exit", file=file, line=line)
        register(note, "exit functions ran")
        return register(function, *args, **options)

    setattr(atexit, "register", noted_register)  # noqa: B010 (mypy refuses another type)


@_quietly
def _watch_generators(function: Any, values: list) -> None:
    """Remember the states of the random generators that this child has got."""
    if "random" not in sys.modules and "numpy.random" not in sys.modules:
        return
    for _, value in _reached(function, [*values, *_main_values()]):
        state = _state(value)
        if state:
            _drawers.append((value, state))
    course_events.before_exit(tell_generators)


@_quietly
def _state(value: Any) -> int:
    """Return a number for the state of a random generator; 0 for anything else."""
    kind = f"{type(value).__module__}.{type(value).__name__}"
    if kind == "random.Random":
        return zlib.crc32(repr(value.getstate()).encode())
    if kind == "numpy.random._generator.Generator":
        return zlib.crc32(repr(value.bit_generator.state).encode())
    if kind == "numpy.random.mtrand.RandomState":
        return zlib.crc32(repr(value.get_state(legacy=False)).encode())
    return 0


@_quietly
def tell_generators() -> None:
    """Note each random generator from whose first state this child has drawn."""
    for value, state in list(_drawers):
        if _state(value) != state:
            _drawers.remove((value, state))
            note("drew own", state=state)


@_quietly
def _watch_files(function: Any, values: list) -> None:
    """Remember the places in the open files that this child shares with its parent."""
    main = [] if function is None or _is_own_function(function) else _main_values()
    for kind, _, which in _carried(function, [*values, *main]) or ():
        if kind == "file":
            _places.append((which, os.lseek(which, 0, os.SEEK_CUR)))
    course_events.before_exit(tell_places)


def _is_own_function(function: Any) -> bool:
    plain = _plain_function(function)
    return plain is not None and _is_own_file(plain.__code__.co_filename)


def _main_items() -> list[tuple[str, object]]:
    return list(vars(sys.modules["__main__"]).items())


def _main_values() -> list:
    return [value for _, value in _main_items()]


@_quietly
def tell_places() -> None:
    """Note each shared file in which the place has changed since this child began."""
    for descriptor, place in list(_places):
        if os.lseek(descriptor, 0, os.SEEK_CUR) != place:
            _places.remove((descriptor, place))
            note("file moved", which=descriptor)


def _hook_pickling(module: Any) -> None:
    """Look at what was inherited when a worker sends a result: it may never end normally."""
    dumps = module.ForkingPickler.dumps

    def looking_dumps(obj: object, protocol: int | None = None) -> object:
        if _drawers:
            tell_generators()
        if _places:
            tell_places()
        return dumps(obj, protocol)

    module.ForkingPickler.dumps = staticmethod(looking_dumps)


@_quietly
def _note_task(function: Any, values: list, workers: int, method: str) -> None:
    """Note, once for each function, what the tasks of a pool or an executor reach."""
    key = getattr(function, "__code__", None) or id(function)
    if key in _told or len(_told) > 50:
        return
    _told.add(key)
    things = _carried(function, values)
    if things:
        note("carried", child=0, things=things, workers=workers, method=method)
    names = _plain_globals(function)
    if names:
        note("globals", child=0, function=_name(function), values=names)


def _hook_pool(module: Any) -> None:
    kind = module.Pool
    for name in ("apply_async", "_map_async", "imap", "imap_unordered"):
        setattr(kind, name, _noting_task(getattr(kind, name)))
    module.mapstar = _noting_work(module.mapstar)


def _noting_task(method: Callable) -> Callable:
    @functools.wraps(method)
    def noted(self: Any, func: Any, *args: Any, **options: Any) -> object:
        context = self._ctx.get_start_method() or ""
        _note_task(func, [], self._processes, context)
        return method(self, func, *args, **options)

    return noted


def _noting_work(chunk: Callable) -> Callable:
    """Wrap the function in which a worker does a chunk of tasks, to note what it finds there."""

    @functools.wraps(chunk)
    def noted_chunk(first: Any, *args: object) -> object:
        function = first[0] if isinstance(first, tuple) else first
        key = ("here", getattr(function, "__code__", None))
        if key not in _told:
            _told.add(key)
            _note_globals(function)
        return chunk(first, *args)

    return noted_chunk


def _hook_executor(module: Any) -> None:
    kind = module.ProcessPoolExecutor
    submit = kind.submit

    @functools.wraps(submit)
    def noted_submit(self: Any, fn: Any, /, *args: Any, **options: Any) -> object:
        if module.mp.parent_process() is not None:
            note("submitted in child")
        inner = fn.args[0] if isinstance(fn, functools.partial) and fn.args else fn
        _note_task(inner, [], self._max_workers, self._mp_context.get_start_method() or "")
        return submit(self, fn, *args, **options)

    kind.submit = noted_submit
    module._process_chunk = _noting_work(module._process_chunk)
    module._CallItem.__setstate__ = _restore_and_note


def _restore_and_note(item: Any, state: dict) -> None:
    """Rebuild a task in an executor's worker, and note the globals that its function finds."""
    item.__dict__.update(state)
    key = ("here", getattr(item.fn, "__code__", None))
    if key not in _told:
        _told.add(key)
        _note_globals(item.fn)


def _hook_pointers(module: Any) -> None:
    """Note shared values that are pointers: an address means nothing in another process."""
    make = module._new_value

    @functools.wraps(make)
    def noted_make(kind: Any) -> Any:
        if getattr(kind, "_type_", "") in ("z", "Z", "P", "O"):
            note("pointer shared")
        return make(kind)

    module._new_value = noted_make
