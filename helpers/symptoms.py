"""The rules by which a failure is recognised: the first of which every condition holds, wins.

    ("a full queue that nobody reads", hung, idle, main_in("queues.py:put"))

The names are those of data/failures.toml. The rules on results that got lost are in losses.py.
"""

from __future__ import annotations

from helpers import losses
from helpers.evidence import (
    Condition,
    Evidence,
    child_in,
    child_thread_in,
    children_wanting_locks,
    directly,
    either,
    ended_well,
    forked,
    has,
    hung,
    idle,
    joining,
    main_in,
    main_stack,
    main_thread_named,
    main_wants_lock,
    no,
    nobody_lives,
    raises,
    says,
    went_wrong,
    worker_died,
    workers_replaced,
)

_NOT_FOUND = either(
    raises("AttributeError", r"Can't get attribute '.*' on <module '__m(?:ain|p_main)__'"),
    raises("AttributeError", r"module '__m(?:ain|p_main)__' has no attribute"),
)
_IMPORTING = says(r"before the\s+current process has finished its\s+bootstrapping")
_BROKEN = raises("BrokenProcessPool")
_POOL_RESULT = main_in("pool.py:get", "pool.py:next")
_RESULT_THREAD = main_thread_named("pool.py:_handle_results")
_PICKLE = "PicklingError|AttributeError|TypeError"


def _waits_for_item(e: Evidence) -> bool:
    return any(has(main_stack(child), "queues.py:get", "connection.py:_recv") for child in e.alive)


def _sibling_has_ended(e: Evidence) -> bool:
    waiting = {c.target for c in e.alive if has(main_stack(c), "queues.py:get")}
    return any(c.state != "alive" and c.target in waiting and not c.exit_code for c in e.own)


def _waits_for_read_lock(e: Evidence) -> bool:
    place = "synchronize.py:__enter__"
    return any(directly(main_stack(c), place, "queues.py:get") for c in [e.main, *e.alive])


def _nobody_receives(e: Evidence) -> bool:
    everybody = [e.main, *e.alive]
    return not any(has(main_stack(c), "queues.py:get", "connection.py:_recv") for c in everybody)


def _only_reads_messages(e: Evidence) -> bool:
    return any(
        has(main_stack(c), "connection.py:recv") and not has(main_stack(c), "queues.py:get")
        for c in e.alive
    )


def _event_waited_for(e: Evidence) -> bool:
    place = "synchronize.py:wait"
    return any(directly(main_stack(c), place, place) for c in [e.main, *e.alive])


def _barrier_waited_for(e: Evidence) -> bool:
    return any(
        has(main_stack(c), "threading.py:_wait", "synchronize.py:wait_for")
        for c in [e.main, *e.alive]
    )


def _somebody_died(e: Evidence) -> bool:
    killed = {note["child"] for note in e.noted("kill")}
    return any(c.exit_code or c.pid in killed for c in e.own if c.state != "alive")


def _two_lines(e: Evidence) -> bool:
    waiting = [c for c in [e.main, *e.alive] if c in [*children_wanting_locks(e), e.main]]
    places = {c.line for c in waiting if c.line and (c is not e.main or main_wants_lock(e))}
    return len(places) >= 2


def _terminate_was_refused(e: Evidence) -> bool:
    asked = {note["child"] for note in e.noted("kill") if note["signal"] == 15}
    return any(child.pid in asked for child in e.alive)


def _forked_with_locked_thread(e: Evidence) -> bool:
    with_threads = {n["pid"] for n in e.noted("here") if n["how"] == "fork" and n["threads"] > 1}
    return any(
        c.pid in with_threads and c.futex and not has(main_stack(c)[:1], "connection.py:_recv")
        for c in e.own
        if c.state == "alive"
    )


def _executor_has_no_workers(e: Evidence) -> bool:
    return bool(e.executor) and all(c.state != "alive" and not c.exit_code for c in e.executor)


def _at_the_exit(e: Evidence) -> bool:
    return has(main_stack(e.main), "util.py:_exit_function") and any(c.line for c in e.alive)


def _crashed_in_shared_memory(e: Evidence) -> bool:
    made = any(note["name"].startswith(("/psm_", "psm_", "wnsm_")) for note in e.noted("shared"))
    return made and _crashed(e)


def _crashed(e: Evidence) -> bool:
    codes = [e.report.exit_code, *(child.exit_code for child in e.unlooked)]
    return any(code in (-11, -7, 0xC0000005) for code in codes)


def _killed(e: Evidence) -> bool:
    return e.report.exit_code == -9 or any(c.exit_code == -9 for c in e.unlooked)


Rule = tuple[str | Condition, ...]

# What the output says.
_WORDS: tuple[Rule, ...] = (
    ("no guard around a Pool", _IMPORTING, workers_replaced),
    ("no guard around the start", _IMPORTING),
    ("the Pool is older than the function", _NOT_FOUND, _POOL_RESULT, lambda e: e.pool[0].method == "fork"),
    ("a Pool's workers can't find the function", _NOT_FOUND, _POOL_RESULT),
    ("an executor's workers can't find the function", _NOT_FOUND, _BROKEN),
    ("a process can't find its function", _NOT_FOUND),
    ("code that is in no file", raises("FileNotFoundError", r"<(?:stdin|string)>")),
    ("a result that can't be pickled", either(raises("[\\w.]*MaybeEncodingError"), says(r"in _sendback_result"))),
    ("a function without a name that others can find", raises(_PICKLE, r"<locals>|<lambda>")),
    ("code that is in no file", raises(_PICKLE, r"attribute lookup \w+ on __main__ failed")),
    ("code that is in no file", raises("PicklingError", r"it's not found as __main__")),
    ("objects that interpreters can't share", raises("[\\w.]*(?:NotShareableError|ExecutionFailed)")),
    ("an array that outlives its shared memory", _crashed_in_shared_memory),
    ("shared memory that is there already", says(r"shared_memory\.py"), raises("FileExistsError")),
    ("shared memory removed by a stranger", losses.removed_by_stranger),
    ("shared memory closed while it is used", raises("BufferError", "exported pointers exist")),
    ("a lock or queue as a task's argument", raises("RuntimeError", "shared between processes through inheritance")),
    ("two start methods mixed", raises("RuntimeError", "is being shared with a process in a")),
    ("daemons can't have children", raises("AssertionError", "daemonic processes are not allowed")),
    ("the start method was set twice", raises("RuntimeError", "context has already been set")),
    ("args is not a tuple", raises("TypeError", "object is not iterable|must be an iterable"), says(r"multiprocessing.process\.py")),
    ("a process used out of order", raises("AssertionError", "cannot start a process twice|can only (?:join|start|test) a")),
    ("a process used out of order", raises("ValueError", "Cannot close a process while|process object is closed")),
    ("a pool used out of order", raises("ValueError", "Pool (?:not|is still) running")),
    ("a pool used out of order", raises("RuntimeError", "cannot schedule new futures after shutdown")),
    ("a temporary folder with a long path", raises("OSError", "AF_UNIX path too long")),
    ("max_tasks_per_child with fork", raises("ValueError", "max_tasks_per_child is incompatible")),
    ("qsize on macOS", raises("NotImplementedError"), says(r"in qsize")),
    ("the fork server has an old environment", losses.old_environment),
    ("the end of input in a child", raises("EOFError", "EOF when reading a line"), says(r"Process \S+:$")),
    ("an exception that can't be unpickled", _BROKEN, says("failed to un-serialize|in wait_result_broken_or_wakeup")),
    ("the initializer fails", _BROKEN, says("Exception in initializer")),
    ("an argument that can't be pickled", raises(_PICKLE, "[Cc](?:annot|an't) pickle"), no(hung)),
    ("an executor's worker died", _BROKEN),
)  # fmt: skip

# Where everybody was when the time was over.
_STACKS: tuple[Rule, ...] = (
    ("results read after the Pool has ended", hung, _POOL_RESULT, no(main_thread_named("pool.py:_handle_workers"))),
    ("a callback raised", hung, says(r"in _handle_results$"), says(r"in _set$")),
    ("an exception that can't be unpickled", hung, says(r"in _handle_results$")),
    ("an exception that can't be unpickled", hung, _POOL_RESULT, no(_RESULT_THREAD)),
    ("the initializer fails", hung, _POOL_RESULT, workers_replaced),
    ("a Pool worker died", hung, idle, _POOL_RESULT, worker_died),
    ("two readers on one pipe", hung, raises("EOFError|[\\w.]*UnpicklingError|MemoryError|OSError|ValueError|\\w*Error"), main_in("connection.py:send", "connection.py:_send"), says(r"connection\.py.*in recv")),
    ("max_tasks_per_child stops the executor", hung, main_in("_base.py:result", "_base.py:wait", "_base.py:as_completed", "thread.py:_python_exit", "process.py:shutdown"), _executor_has_no_workers),
    ("join before the queue is read", hung, idle, either(child_in("queues.py:_finalize_join"), child_thread_in("queues.py:_feed")), joining, child_thread_in("connection.py:_send")),
    ("a full queue that nobody reads", hung, idle, either(main_in("queues.py:put"), child_in("queues.py:put"))),
    ("task_done is missing", hung, idle, main_in("queues.py:join")),
    ("a full pipe that nobody reads", hung, idle, either(main_in("connection.py:_send"), child_in("connection.py:_send"))),
    ("a consumer died holding the queue", hung, idle, _waits_for_read_lock, _nobody_receives),
    ("the producer is gone", hung, main_in("queues.py:get"), nobody_lives),
    ("the owner of a lock died", hung, main_wants_lock, nobody_lives),
    ("the owner of a lock died", hung, idle, children_wanting_locks, _somebody_died),
    ("a barrier with too few parties", hung, idle, _barrier_waited_for),
    ("an event that nobody sets", hung, idle, _event_waited_for),
    ("terminate was refused", hung, joining, _terminate_was_refused),
    ("forked while a thread held a lock", hung, idle, forked, _forked_with_locked_thread),
    ("fewer sentinels than workers", hung, idle, joining, _waits_for_item, _sibling_has_ended),
    ("nobody sends the end", hung, idle, joining, _waits_for_item),
    ("a pipe whose other end is still open", hung, idle, forked, joining, _only_reads_messages),
    ("locks taken in different orders", hung, idle, _two_lines),
    ("a lock taken twice", hung, idle, either(main_wants_lock, children_wanting_locks)),
    ("a child keeps the program from ending", hung, _at_the_exit),
)  # fmt: skip

# A program that has ended, or that was too much.
_REST: tuple[Rule, ...] = (
    ("an endless iterable", lambda e: bool(e.report.stop), main_in("pool.py:_map_async", "process.py:map", "_base.py:map")),
    ("crashed on a memory fault", _crashed),
    ("killed", _killed),
    ("an exception that nobody saw", ended_well, lambda e: any(c.exit_code == 1 for c in e.unlooked), says(r"Process \S+:$")),
    ("an exit code that nobody looked at", ended_well, lambda e: bool(e.unlooked)),
    ("two processes change one value", losses.raced("value")),
    ("two processes change one entry of a manager's dict", losses.raced("manager")),
    ("the same random numbers in every child", losses.same_numbers),
    ("a queue that only seemed empty", ended_well, lambda e: bool(e.noted("not empty"))),
    ("exceptions that nobody asked for", ended_well, losses.unread),
    ("shared memory that nobody gave back", losses.never_unlinked),
    ("the parent did the work itself", ended_well, losses.done_here),
)  # fmt: skip

_UNKNOWN: tuple[Rule, ...] = (
    ("still at work", hung, no(idle)),
    ("stuck", hung),
    ("too much of something", lambda e: bool(e.report.stop)),
    ("an error", lambda e: e.report.exit_code != 0, says(r"^Traceback ")),
)

RULES: tuple[Rule, ...] = (
    ("an item that can't be pickled", losses.never_sent),
    *((name, went_wrong, *conditions) for name, *conditions in _WORDS),
    *_STACKS,
    *_REST,
    *_UNKNOWN,
)
