"""The rules by which a failure is recognised: the first of which every condition holds, wins.

    ("a full queue that nobody reads", hung, idle, main_in("queues.py:put"))

The names are those of data/failures.toml. Conditions are functions of evidence.py,
circumstances.py (who waits for whom) and losses.py (what got lost without an error).
"""

from __future__ import annotations

from helpers.diagnosis import blocking as who
from helpers.diagnosis import lost_work
from helpers.diagnosis.conditions import (
    Condition,
    anybody_in,
    children_wanting_locks,
    either,
    ended_well,
    forked,
    has_pool,
    hung,
    idle,
    joining,
    main_in,
    main_thread_named,
    main_wants_lock,
    no,
    nobody_lives,
    raises,
    says,
    stopped,
    went_wrong,
    worker_died,
    worker_ended,
    workers_replaced,
)

_NOT_FOUND = either(
    raises("AttributeError", r"Can't get attribute '\w.*' on <module '__m(?:ain|p_main)__'"),
    raises("AttributeError", r"module '__m(?:ain|p_main)__' has no attribute '\w"),
)
_IMPORTING = says(r"before the\s+current process has finished its\s+bootstrapping")
_BROKEN = raises("BrokenProcessPool")
_POOL_RESULT = main_in("pool.py:get", "pool.py:next")
_RESULT_THREAD = main_thread_named("pool.py:_handle_results")
_IN_CHILD = says(r"Process \S+:$")
_UNREADABLE = says("failed to un-serialize|in wait_result_broken_or_wakeup")
_IN_PROCESS = says(r'multiprocessing.process\.py", line \d+, in __init__$')
_SENDING = says(r'^ +File ".*(?:multiprocessing|concurrent.futures)\W.*", line')
_ORDER = "cannot start a process twice|can only (?:join|start|test) a"
_CLOSED = "Cannot close a process while|process object is closed"
_INITIALIZING = says(r"^ +initializer\(\*initargs\)$")
_SHUT = "cannot schedule new futures after shutdown"
_ENCODING = either(raises("MaybeEncodingError"), says("in _sendback_result"))
_INHERIT = "shared between processes through inheritance"
_LOCK_WANTED = either(main_wants_lock, children_wanting_locks)
_NO_WORKERS_THREAD = no(main_thread_named("pool.py:_handle_workers"))
_NAMELESS = "Can't (?:pickle|get) .*(?:<locals>|<lambda>)"
_NO_PICKLE = "[Cc](?:annot|an't) pickle"
_PICKLE = "PicklingError|AttributeError|TypeError"


Rule = tuple[str | Condition, ...]

# What the output says.
_WORDS: tuple[Rule, ...] = (
    ("no guard around a Pool", _IMPORTING, says("in _repopulate_pool")),
    ("no guard around the start", _IMPORTING),
    ("a result that can't be pickled", _ENCODING),
    ("a function without a name that others can find", raises(_PICKLE, _NAMELESS), _SENDING),
    ("code that is in no file", raises("FileNotFoundError", r"<(?:stdin|string)>")),
    ("code that is in no file", raises(_PICKLE, r"attribute lookup \w+ on __main__ failed")),
    ("code that is in no file", raises("PicklingError", r"it's not found as __main__\.\w")),
    ("the Pool is older than the function", _NOT_FOUND, stopped, who.forked_pool),
    ("a Pool's workers can't find the function", _NOT_FOUND, stopped, has_pool),
    ("an executor's workers can't find the function", _NOT_FOUND, _BROKEN),
    ("a process can't find its function", _NOT_FOUND),
    ("objects that interpreters can't share", raises("NotShareableError|ExecutionFailed")),
    ("an array that outlives its shared memory", who.crashed_in_shared_memory),
    ("shared memory that is there already", says(r"shared_memory\.py"), raises("FileExistsError")),
    ("shared memory removed by a stranger", lost_work.removed_by_stranger),
    ("shared memory closed while it is used", raises("BufferError", "exported pointers exist")),
    ("a lock or queue as a task's argument", raises("RuntimeError", _INHERIT)),
    ("two start methods mixed", raises("RuntimeError", "is being shared with a process in a")),
    ("daemons can't have children", raises("AssertionError", "daemonic processes are not allowed")),
    ("the start method was set twice", raises("RuntimeError", "context has already been set")),
    ("args is not a tuple", raises("TypeError", "not iterable|must be an iterable"), _IN_PROCESS),
    ("a process used out of order", raises("AssertionError", _ORDER)),
    ("a process used out of order", raises("ValueError", _CLOSED)),
    ("a pool used out of order", raises("ValueError", "Pool (?:not|is still) running")),
    ("a pool used out of order", raises("RuntimeError", _SHUT)),
    ("a temporary folder with a long path", raises("OSError", "AF_UNIX path too long")),
    ("max_tasks_per_child with fork", raises("ValueError", "max_tasks_per_child is incompatible")),
    ("qsize on macOS", raises("NotImplementedError"), says(r"in qsize")),
    ("the fork server has an old environment", lost_work.old_environment),
    ("the end of input in a child", raises("EOFError", "EOF when reading"), _IN_CHILD),
    ("an exception that can't be unpickled", _BROKEN, _UNREADABLE),
    ("the initializer fails", _BROKEN, says("Exception in initializer")),
    ("an argument that can't be pickled", no(hung), raises(_PICKLE, _NO_PICKLE), _SENDING),
    ("an executor's worker died", _BROKEN),
)  # fmt: skip

# Where everybody was when the time was over.
_STACKS: tuple[Rule, ...] = (
    ("a queue that only seemed empty", hung, nobody_lives, lost_work.looked_too_early),
    ("results read after the Pool has ended", hung, idle, _POOL_RESULT, _NO_WORKERS_THREAD),
    ("a callback raised", hung, says(r"in _handle_results$"), says(r"in _set$")),
    ("an exception that can't be unpickled", hung, says(r"in _handle_results$")),
    ("an exception that can't be unpickled", hung, idle, _POOL_RESULT, no(_RESULT_THREAD)),
    ("the initializer fails", stopped, has_pool, _INITIALIZING),
    ("the initializer fails", stopped, has_pool, no(idle), workers_replaced),
    ("a Pool worker died", hung, _POOL_RESULT, worker_died),
    ("a Pool worker died", hung, idle, _POOL_RESULT, worker_ended),
    ("two readers on one pipe", hung, who.reading_failed, main_in("connection.py:_send")),
    ("max_tasks_per_child stops the executor", hung, who.executor_has_no_workers),
    ("join before the queue is read", hung, idle, joining, who.feeder_is_stuck),
    ("a full queue that nobody reads", hung, idle, anybody_in("queues.py:put")),
    ("task_done is missing", hung, idle, main_in("queues.py:join")),
    ("a full pipe that nobody reads", hung, idle, anybody_in("connection.py:_send")),
    ("a consumer died holding the queue", hung, idle, who.waits_for_read_lock, who.nobody_receives),
    ("the producer is gone", hung, idle, main_in("queues.py:get"), nobody_lives),
    ("the producer is gone", hung, idle, main_in("queues.py:get"), who.somebody_died),
    ("the producer is gone", hung, idle, joining, who.waits_for_item, who.another_died),
    ("the owner of a lock died", hung, idle, _LOCK_WANTED, who.somebody_died),
    ("the owner of a lock died", hung, idle, _LOCK_WANTED, who.ended_with_lock),
    ("a barrier with too few parties", hung, idle, who.barrier_waited_for),
    ("an event that nobody sets", hung, idle, who.event_waited_for),
    ("terminate was refused", hung, joining, who.terminate_was_refused),
    ("forked while a thread held a lock", hung, idle, forked, who.forked_with_locked_thread),
    ("fewer sentinels than workers", hung, idle, joining, who.sibling_has_ended),
    ("nobody sends the end", hung, idle, joining, who.waits_for_item),
    ("a pipe whose other end is still open", hung, idle, forked, joining, who.only_reads_messages),
    ("locks taken in different orders", hung, idle, who.two_lines),
    ("a lock taken twice", hung, idle, _LOCK_WANTED),
    ("a child keeps the program from ending", hung, who.at_the_exit),
)  # fmt: skip

# A program that has ended, or that was too much.
_REST: tuple[Rule, ...] = (
    ("an endless iterable", stopped, who.reads_all_input),
    ("crashed on a memory fault", who.crashed),
    ("killed", who.killed),
    ("an exception that nobody saw", ended_well, who.child_raised),
    ("an exit code that nobody looked at", ended_well, lambda e: bool(e.unlooked)),
    ("two processes change one value", lost_work.raced("value")),
    ("two processes change one entry of a manager's dict", lost_work.raced("manager")),
    ("the same random numbers in every child", lost_work.same_numbers),
    ("a queue that only seemed empty", ended_well, lambda e: bool(e.noted("not empty"))),
    ("exceptions that nobody asked for", ended_well, lost_work.unread),
    ("shared memory that nobody gave back", lost_work.never_unlinked),
    ("the parent did the work itself", ended_well, lost_work.done_here),
    ("children that outlived the program", lambda e: bool(e.report.left)),
)  # fmt: skip

_UNKNOWN: tuple[Rule, ...] = (
    ("still at work", hung, no(idle)),
    ("stuck", hung),
    ("too much of something", stopped),
    ("an error", lambda e: e.report.exit_code != 0, says(r"^Traceback ")),
)

RULES: tuple[Rule, ...] = (
    ("an item that can't be pickled", lost_work.never_sent),
    *((name, went_wrong, *conditions) for name, *conditions in _WORDS),
    *_STACKS,
    *_REST,
    *_UNKNOWN,
)
