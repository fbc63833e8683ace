"""The rules that recognize a failure: the first rule whose conditions all hold wins.

    ("full_queue", hung, idle, main_in("queues.py:put"))

Each rule starts with the id of a failure in data/failures.toml. Conditions are functions of
conditions.py, blocking.py (which process waits for which) and lost_work.py (which results, items
and memory got lost).
"""

from __future__ import annotations

from helpers.diagnosis import blocking, lost_work
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

_NOT_FOUND = either(
    raises("AttributeError", r"Can't get attribute '\w.*' on <module '__m(?:ain|p_main)__'"),
    raises("AttributeError", r"module '__m(?:ain|p_main)__' has no attribute '\w"),
)
_IMPORTING = says(r"before the\s+current process has finished its\s+bootstrapping")
_BROKEN = raises("BrokenProcessPool")
_POOL_RESULT = main_in("pool.py:get", "pool.py:next")
_RESULT_THREAD = other_main_thread_in("pool.py:_handle_results")
_PROCESS_HEAD = says(r"Process \S+:$")
_UNREADABLE = says("failed to un-serialize|in wait_result_broken_or_wakeup")
_IN_PROCESS_INIT = traced_in(r"multiprocessing/process\.py:__init__")
_QSIZE = traced_in(r"multiprocessing/queues\.py:qsize")
_SENDING = traced_in(r"(?:multiprocessing|concurrent/futures)/\w+\.py:.+")
_ORDER = "cannot start a process twice|can only (?:join|start|test) a"
_CLOSED = "Cannot close a process while|process object is closed"
_INITIALIZING = says(r"^ +initializer\(\*initargs\)$")
_SHUT = "cannot schedule new futures after shutdown"
_ENCODING = either(raises("MaybeEncodingError"), says("in _sendback_result"))
_INHERIT = "shared between processes through inheritance"
_LOCK_WANTED = either(main_wants_lock, lambda e: bool(children_wanting_locks(e)))
_NO_WORKERS_THREAD = no(other_main_thread_in("pool.py:_handle_workers"))
_NAMELESS = "Can't (?:pickle|get) .*(?:<locals>|<lambda>)"
_NO_PICKLE = "[Cc](?:annot|an't) pickle"
_PICKLE = "PicklingError|AttributeError|TypeError"


Rule = tuple[str, *tuple[Condition, ...]]

# What the output says.
_WORDS: tuple[Rule, ...] = (
    ("no_guard_pool", _IMPORTING, says("in _repopulate_pool")),
    ("no_guard", _IMPORTING),
    ("unpicklable_result", _ENCODING),
    ("nameless_function", raises(_PICKLE, _NAMELESS), _SENDING),
    ("code_in_no_file", raises("FileNotFoundError", r"<(?:stdin|string)>")),
    ("code_in_no_file", raises(_PICKLE, r"attribute lookup \w+ on __main__ failed")),
    ("code_in_no_file", raises("PicklingError", r"it's not found as __main__\.\w")),
    ("pool_before_function", _NOT_FOUND, stopped, blocking.forked_pool),
    ("function_not_found_by_pool", _NOT_FOUND, stopped, has_pool),
    ("function_not_found_by_executor", _NOT_FOUND, _BROKEN),
    ("function_not_found", _NOT_FOUND),
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
    ("exception_not_unpickled", _BROKEN, _UNREADABLE),
    ("initializer_fails", _BROKEN, says("Exception in initializer")),
    ("unpicklable_argument", no(hung), raises(_PICKLE, _NO_PICKLE), _SENDING),
    ("executor_worker_died", _BROKEN),
)  # fmt: skip

# Where the processes were when the program was stopped.
_STACKS: tuple[Rule, ...] = (
    ("queue_only_seemed_empty", hung, all_children_ended, lost_work.looked_too_early),
    ("results_after_with", hung, idle, _POOL_RESULT, _NO_WORKERS_THREAD),
    ("callback_raised", hung, says(r"in _handle_results$"), says(r"in _set$")),
    ("exception_not_unpickled", hung, says(r"in _handle_results$")),
    ("exception_not_unpickled", hung, idle, _POOL_RESULT, no(_RESULT_THREAD)),
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
        blocking.no_process_receives,
    ),
    ("producer_gone", hung, idle, main_in("queues.py:get"), all_children_ended),
    ("producer_gone", hung, idle, main_in("queues.py:get"), blocking.a_child_died),
    ("producer_gone", hung, idle, joining, blocking.waits_for_item, blocking.another_died),
    ("lock_owner_died", hung, idle, _LOCK_WANTED, blocking.a_child_died),
    ("lock_owner_died", hung, idle, _LOCK_WANTED, blocking.ended_with_lock),
    ("barrier_short", hung, idle, blocking.barrier_waited_for),
    ("event_never_set", hung, idle, blocking.event_waited_for),
    ("ignored_terminate", hung, joining, blocking.terminate_was_refused),
    ("fork_and_threads", hung, idle, forked, blocking.forked_with_locked_thread),
    ("too_few_sentinels", hung, idle, joining, blocking.sibling_has_ended),
    ("no_sentinel", hung, idle, joining, blocking.waits_for_item),
    ("pipe_still_open", hung, idle, forked, joining, blocking.only_reads_messages),
    ("locks_in_different_orders", hung, idle, blocking.two_locks_waited_for),
    ("lock_taken_twice", hung, idle, _LOCK_WANTED),
    ("child_blocks_exit", hung, blocking.at_the_exit),
)  # fmt: skip

# A program that has ended, or that passed another limit.
_REST: tuple[Rule, ...] = (
    ("endless_iterable", stopped, blocking.reads_all_input),
    ("crashed", blocking.crashed),
    ("killed", blocking.killed),
    ("exception_lost", ended_well, blocking.child_raised),
    ("exit_code_unseen", ended_well, lambda e: bool(e.unlooked)),
    ("value_race", lost_work.raced("value")),
    ("manager_race", lost_work.raced("manager")),
    ("same_seeds", lost_work.same_numbers),
    ("queue_only_seemed_empty", ended_well, lambda e: bool(e.noted("not empty"))),
    ("exceptions_not_asked_for", ended_well, lost_work.unread),
    ("memory_never_unlinked", lost_work.never_unlinked),
    ("work_done_by_parent", ended_well, lost_work.done_here),
    ("children_outlive_parent", lambda e: bool(e.report.left)),
)  # fmt: skip

_UNKNOWN: tuple[Rule, ...] = (
    ("still_at_work", hung, no(idle)),
    ("stuck", hung),
    ("too_much", stopped),
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
