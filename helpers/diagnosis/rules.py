"""The rules that recognize a failure: the first rule whose conditions all hold wins.

    ("full_queue", hung, idle, main_in("queues.py:put"))

Each rule starts with the id of a failure in data/failures.toml. Conditions are functions of
conditions.py, blocking.py (which process waits for which), locks.py (which process holds and wants
which lock), inherited.py (what a child got from its parent) and lost_work.py (which results, items
and memory got lost).

A rule names a cause only where what was seen excludes the others. Where it does not, the general
names at the end hold, and the diagnosis says what was seen (seen.py).
"""

from __future__ import annotations

from helpers.diagnosis import blocking, inherited, locks, lost_work
from helpers.diagnosis.conditions import (
    Condition,
    all_children_ended,
    any_process_in,
    children_wanting_locks,
    either,
    ended_well,
    forked,
    has_pool,
    hung,
    idle,
    joining,
    main_in,
    main_wants_lock,
    no,
    other_main_thread_in,
    raises,
    says,
    stopped,
    traced_in,
    went_wrong,
    worker_died,
    worker_ended,
    workers_replaced,
)

_PICKLE = "PicklingError|AttributeError|TypeError"
_NOT_FOUND = either(
    raises("AttributeError", r"Can't get attribute '\w.*' on <module '__m(?:ain|p_main)__'"),
    raises("AttributeError", r"module '__m(?:ain|p_main)__' has no attribute '\w"),
)
_IMPORTING = says(r"before the\s+current process has finished its\s+bootstrapping")
_BROKEN = raises("BrokenProcessPool")
_POOL_RESULT = main_in("pool.py:get", "pool.py:next")
_RESULT_THREAD = other_main_thread_in("pool.py:_handle_results")
_LOST_RESULTS = lambda e: _POOL_RESULT(e) and not _RESULT_THREAD(e)  # noqa: E731
_PROCESS_HEAD = says(r"Process \S+:$")
_UNREADABLE = says("failed to un-serialize|in wait_result_broken_or_wakeup")
_IN_PROCESS_INIT = traced_in(r"multiprocessing/process\.py:__init__")
_HANDLER_INHERITED = inherited.inherited_handler_ran
_QSIZE = traced_in(r"multiprocessing/queues\.py:qsize")
_SENDING = traced_in(r"(?:multiprocessing|concurrent/futures)/\w+\.py:.+")
_ORDER = "cannot start a process twice|can only (?:join|start|test) a"
_CLOSED = "Cannot close a process while|process object is closed"
_INITIALIZING = says(r"^ +initializer\(\*initargs\)$")
_SHUT = "cannot schedule new futures after shutdown"
# An error of the main program ends it, and then its children find nothing any more.
_MAIN_IS_WELL = either(ended_well, hung)
_SEMAPHORE_GONE = traced_in(r"multiprocessing/synchronize\.py:__setstate__")
_ENCODING = either(raises("MaybeEncodingError"), says("in _sendback_result"))
_OF_EXCEPTION = either(
    says("ExceptionWithTraceback object"),
    says(r"During handling of the above exception, another.*(?s:.*)in _sendback_result"),
)
_NO_LOOKUP = either(
    raises(_PICKLE, r"attribute lookup [\w.]+ on \w+ failed"),
    raises("PicklingError", r"it's not found as \w"),
)
_INHERIT = "shared between processes through inheritance"
_NEVER_READY = (
    "cannot schedule new futures after",
    "Pool not running",
    "can't (?:start|create) new thread at interpreter shutdown",
    "can't register atexit after shutdown",
)
_CLASS_NOT_FOUND = raises("PicklingError", r"<class .*(?:attribute lookup|not found as)")
_CALL = r".*\n(?: +[\^~]+\n)?"  # a line of source, and the marks below it
_LOADS = r" +return _ForkingPickler\.loads"
# The task itself could not be made again in the worker, or the process object in the child.
_NOT_REBUILT = either(
    says(rf"pool\.py.*, in worker\n{_CALL}.*queues\.py.*, in get\n{_LOADS}"),
    says(rf"process\.py.*, in _process_worker\n{_CALL}.*queues\.py.*, in get\n{_LOADS}"),
    says(r"spawn\.py.*, in _main\n +self = reduction\.pickle\.load\(from_parent\)"),
)
_IMPORTING_MAIN = traced_in(r"multiprocessing/spawn\.py:_fixup_main_from_\w+")
_NOT_INTERRUPTED = no(raises("KeyboardInterrupt"))
_GONE = "FileNotFoundError|ConnectionRefusedError|ConnectionResetError|EOFError"
_RECEIVING = traced_in(r"multiprocessing/connection\.py:recv")
_LOCK_WANTED = either(main_wants_lock, lambda e: bool(children_wanting_locks(e)))
_NO_WORKERS_THREAD = no(other_main_thread_in("pool.py:_handle_workers"))
_NAMELESS = "Can't (?:pickle|get) .*(?:<locals>|<lambda>)"
_NO_PICKLE = "[Cc](?:annot|an't) pickle"


Rule = tuple[str, *tuple[Condition, ...]]

# What the output says.
_WORDS: tuple[Rule, ...] = (
    ("no_guard_pool", _IMPORTING, says("in _repopulate_pool")),
    ("no_guard", _IMPORTING),
    ("work_at_exit", inherited.with_at_exit(*_NEVER_READY)),
    ("executor_ignores_interrupt", inherited.works_after_interrupt),
    ("code_in_no_file", raises("FileNotFoundError", r"<(?:stdin|string)>")),
    ("top_lines_run_again", _IMPORTING_MAIN, _NOT_INTERRUPTED),
    ("too_many_files", raises("OSError", "Too many open files")),
    ("unpicklable_exception", _ENCODING, _OF_EXCEPTION),
    ("unpicklable_result", _ENCODING),
    ("pool_as_argument", raises("NotImplementedError", "pool objects cannot be passed")),
    ("pool_as_argument", raises(_PICKLE, _NO_PICKLE), inherited.sends_pool),
    ("class_not_found", _CLASS_NOT_FOUND),
    ("class_not_found", raises(_PICKLE, _NAMELESS), inherited.local_class_named),
    ("decorated_function", raises(_PICKLE, "not the same object as")),
    ("nameless_function", raises(_PICKLE, _NAMELESS), _SENDING),
    ("code_in_no_file", _NO_LOOKUP, says(r'^ +File "<string>"')),
    ("function_by_other_name", _NO_LOOKUP),
    ("pool_before_function", _NOT_FOUND, stopped, blocking.forked_pool),
    ("function_not_found_by_pool", _NOT_FOUND, stopped, has_pool),
    ("function_not_found_by_executor", _NOT_FOUND, _BROKEN),
    ("function_not_found", _NOT_FOUND),
    ("state_not_carried", inherited.blames_missing_state),
    ("name_newer_than_workers", inherited.name_is_newer_than_workers),
    ("attribute_stays_in_child", inherited.attributes_stay_in_child),
    ("manager_gone", inherited.manager_is_gone),
    ("object_dropped", raises("FileNotFoundError"), _SEMAPHORE_GONE, _MAIN_IS_WELL),
    ("object_dropped", raises(_GONE), traced_in(r"multiprocessing/resource_sharer\.py:\w+")),
    ("sqlite_over_fork", raises(r"sqlite3\.\w+|\w*Error"), inherited.shares("sqlite")),
    ("database_locked", raises("OperationalError", "database is locked")),
    ("several_writers", _RECEIVING, inherited.sends_to_several("pipe.*w")),
    ("pointer_shared", blocking.crashed, lambda e: bool(e.noted("pointer shared"))),
    ("interpreters_cannot_share", raises("NotShareableError|ExecutionFailed")),
    ("array_outlives_memory", blocking.crashed_in_shared_memory),
    ("memory_name_taken", traced_in(lost_work.SHARED_MEMORY), raises("FileExistsError")),
    ("memory_removed_by_stranger", lost_work.removed_by_stranger),
    ("memory_closed_in_use", raises("BufferError", "exported pointers exist")),
    ("lock_as_argument", raises("RuntimeError", _INHERIT)),
    ("mixed_contexts", raises("RuntimeError", "is being shared with a process in a")),
    ("daemon_with_children", raises("AssertionError", "daemonic processes are not allowed")),
    ("start_method_set_twice", raises("RuntimeError", "context has already been set")),
    ("args_not_a_tuple", raises("TypeError", "not iterable|must be an iterable"), _IN_PROCESS_INIT),
    ("process_out_of_order", raises("AssertionError", _ORDER)),
    ("process_out_of_order", raises("ValueError", _CLOSED)),
    ("pool_out_of_order", raises("ValueError", "Pool (?:not|is still) running")),
    ("pool_out_of_order", raises("RuntimeError", _SHUT)),
    ("long_temporary_path", raises("OSError", "AF_UNIX path too long")),
    ("max_tasks_with_fork", raises("ValueError", "max_tasks_per_child is incompatible")),
    ("task_done_too_often", raises("ValueError", r"task_done\(\) called too many times")),
    ("qsize_on_macos", raises("NotImplementedError"), _QSIZE),
    ("old_environment", lost_work.old_environment),
    ("input_in_child", raises("EOFError", "EOF when reading"), _PROCESS_HEAD),
    ("exception_not_unpickled", _BROKEN, _UNREADABLE, inherited.task_raised),
    ("result_not_rebuilt", _BROKEN, _UNREADABLE),
    ("results_after_with", raises("TimeoutError"), inherited.asked_a_pool_that_ended),
    ("argument_not_rebuilt", _NOT_REBUILT, _NOT_INTERRUPTED),
    ("initializer_fails", _BROKEN, says("Exception in initializer")),
    ("unpicklable_argument", no(hung), raises(_PICKLE, _NO_PICKLE), _SENDING),
    ("executor_worker_died", _BROKEN),
)  # fmt: skip

# Where the processes were when the program was stopped.
_STACKS: tuple[Rule, ...] = (
    ("queue_only_seemed_empty", hung, all_children_ended, lost_work.looked_too_early),
    ("task_waits_for_own_executor", hung, inherited.task_waits_for_own_executor),
    ("made_again_by_spawn", hung, idle, inherited.made_again),
    ("children_collected", hung, inherited.collected_by_another),
    ("executor_not_shut_down", hung, idle, inherited.executor_left_open),
    ("pool_of_another_process", hung, inherited.pool_of_another_process),
    ("running_task_not_canceled", hung, inherited.running_task_not_canceled),
    ("results_after_with", hung, idle, _POOL_RESULT, _NO_WORKERS_THREAD),
    ("callback_raised", hung, says(r"in _handle_results$"), says(r"in _set$")),
    ("exception_not_unpickled", hung, says(r"in _handle_results$"), inherited.task_raised),
    ("result_not_rebuilt", hung, says(r"in _handle_results$")),
    ("exception_not_unpickled", hung, idle, _LOST_RESULTS, inherited.task_raised),
    ("result_not_rebuilt", hung, idle, _LOST_RESULTS),
    ("initializer_fails", stopped, has_pool, _INITIALIZING),
    ("initializer_fails", stopped, has_pool, no(idle), workers_replaced),
    ("pool_worker_died", hung, _POOL_RESULT, worker_died),
    ("pool_worker_died", hung, idle, _POOL_RESULT, worker_ended),
    ("two_readers", hung, blocking.reading_failed, main_in("connection.py:_send")),
    ("max_tasks_stops_executor", hung, blocking.executor_has_no_workers),
    ("join_before_get", hung, idle, joining, blocking.feeder_is_stuck),
    ("full_queue", hung, idle, any_process_in("queues.py:put")),
    ("task_done_missing", hung, idle, main_in("queues.py:join")),
    ("full_pipe", hung, idle, any_process_in("connection.py:_send")),
    (
        "consumer_died_in_get", hung, idle, blocking.waits_for_read_lock,
        blocking.no_process_receives, blocking.a_child_died,
    ),
    ("producer_gone", hung, idle, main_in("queues.py:get"), all_children_ended),
    ("producer_gone", hung, idle, main_in("queues.py:get"), blocking.a_child_died),
    ("producer_gone", hung, idle, joining, blocking.waits_for_item, blocking.another_died),
    ("waiter_died", hung, idle, locks.waiter_is_gone),
    ("lock_owner_died", hung, idle, _LOCK_WANTED, locks.owner_may_have_died),
    ("lock_owner_died", hung, idle, _LOCK_WANTED, locks.ended_with_lock),
    ("tool_of_threads", hung, idle, inherited.waits_for_own_copy),
    ("barrier_short", hung, idle, blocking.barrier_waited_for),
    ("event_never_set", hung, idle, blocking.event_waited_for),
    ("notified_too_early", hung, idle, locks.notified_before_the_wait),
    ("condition_not_notified", hung, idle, locks.condition_waited_for),
    ("inherited_handler", hung, joining, blocking.terminate_was_refused, _HANDLER_INHERITED),
    ("ignored_terminate", hung, joining, blocking.terminate_was_refused),
    ("fork_and_threads", hung, forked, blocking.forked_with_locked_thread),
    ("thread_keeps_process", hung, blocking.thread_keeps_process),
    ("own_end_left_open", hung, idle, blocking.main_reads_its_own_end),
    ("end_open_in_bystander", hung, blocking.end_is_open_in_bystander),
    ("too_few_sentinels", hung, idle, joining, blocking.sibling_has_ended),
    ("no_sentinel", hung, idle, joining, blocking.waits_for_item),
    ("pipe_still_open", hung, idle, forked, joining, blocking.only_it_has_the_other_end),
    ("locks_in_different_orders", hung, idle, locks.wait_in_a_circle),
    ("lock_taken_twice", hung, idle, locks.waits_for_own_lock),
    ("lock_held_in_join", hung, idle, locks.holder_waits_for_waiter),
    ("lock_not_released", hung, idle, _LOCK_WANTED),
    ("tool_of_threads", hung, joining, inherited.event_never_arrives),
    ("child_blocks_exit", hung, blocking.at_the_exit),
)  # fmt: skip

# A program that has ended, or that passed another limit.
_REST: tuple[Rule, ...] = (
    ("endless_iterable", stopped, blocking.reads_all_input),
    ("imap_runs_ahead", stopped, blocking.imap_runs_ahead),
    ("work_at_exit", inherited.with_at_exit(*_NEVER_READY)),
    ("made_again_by_spawn", ended_well, inherited.made_again),
    ("children_collected", ended_well, inherited.collected_by_another),
    ("crashed", blocking.crashed),
    ("killed", blocking.killed),
    ("exception_lost", ended_well, blocking.child_raised),
    ("exit_code_unseen", ended_well, lambda e: bool(e.unlooked)),
    ("value_race", lost_work.raced("value")),
    ("manager_race", lost_work.raced("manager")),
    ("same_seeds", lost_work.same_numbers),
    ("copied_generator", inherited.same_own_numbers),
    ("shared_file", inherited.reads_shared_file),
    ("sqlite_over_fork", ended_well, inherited.shares("sqlite")),
    ("connection_over_fork", inherited.shares("socket", 2)),
    ("tool_of_threads", ended_well, inherited.copies_locks_of_threads),
    ("tool_of_threads", ended_well, inherited.copies_queue_of_threads),
    ("attribute_stays_in_child", ended_well, inherited.attributes_stay_in_child),
    ("top_lines_run_again", ended_well, inherited.opened_again),
    ("exit_function_not_called", ended_well, inherited.exit_functions_left_out),
    ("value_of_one_process", ended_well, inherited.value_of_one_process),
    ("queue_only_seemed_empty", ended_well, lambda e: bool(e.noted("not empty"))),
    ("exceptions_not_asked_for", ended_well, lost_work.unread),
    ("memory_never_unlinked", lost_work.never_unlinked),
    ("work_done_by_parent", ended_well, lost_work.done_here),
    ("grandchild_left", lost_work.grandchildren_left),
    ("children_outlive_parent", lost_work.main_ended_abruptly),
)  # fmt: skip

_UNKNOWN: tuple[Rule, ...] = (
    ("reader_elsewhere", hung, any_process_in("connection.py:_send"), blocking.reader_is_elsewhere),
    ("some_wait", hung, no(idle), blocking.one_waits),
    ("still_at_work", hung, no(idle)),
    ("stuck", hung),
    ("too_much", stopped),
    ("processes_left", lambda e: bool(e.report.left)),
    ("other_error", lambda e: e.report.exit_code != 0, says(r"^Traceback ")),
)


def _if_it_went_wrong(rule: Rule) -> Rule:
    """Return the rule with the condition that the program went wrong in front of the others.

    Words in the output prove nothing if it did not: a program may print another one's traceback.
    """
    return (rule[0], went_wrong, *rule[1:])


# The first rule whose conditions all hold wins.
RULES: tuple[Rule, ...] = (
    ("unpicklable_put", lost_work.never_sent),
    *map(_if_it_went_wrong, _WORDS),
    *_STACKS,
    *_REST,
    *_UNKNOWN,
)
