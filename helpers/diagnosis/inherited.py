"""Conditions on what a child got from its parent, or did not get: see course_inherited.py."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable

from helpers.diagnosis import program_text
from helpers.diagnosis.conditions import (
    EXECUTOR,
    MANAGER,
    Condition,
    Evidence,
    has,
    main_stack,
    raises,
    says,
    source,
    traced,
    traced_in,
)
from helpers.runner.report import Member
from helpers.runner.stacks import Frame

# The thread that brings the results, and the calls that wait for them.
_POOL_THREADS = {
    "pool.py:_handle_results": ("pool.py:get", "pool.py:next", "pool.py:wait"),
    "process.py:wait_result_broken_or_wakeup": ("_base.py:result", "process.py:submit"),
}


# --- what fork shares


def processes_with(e: Evidence, kind: str, *, forked: bool = True, way: str = "") -> int:
    """Return how many children got the same thing of that kind, at most.

    `forked` counts only those that got it by fork. With `way`, count only things that the work got
    under that name, such as "an argument".
    """
    found: Counter[object] = Counter()
    methods = {child.pid: child.method for child in e.report.children}
    for note in e.noted("carried"):
        method = note.get("method") or methods.get(note["child"], "")
        if forked and method != "fork":
            continue
        for what, name, which in {tuple(thing) for thing in note["things"]}:
            if re.fullmatch(kind, what) and (not way or name == way):
                found[which] += note["workers"]
    return max(found.values(), default=0)


def shares(kind: str, least: int = 1) -> Condition:
    """Return the condition that at least so many forked children got the same thing of a kind."""
    return lambda e: processes_with(e, kind) >= least


def sends_to_several(kind: str) -> Condition:
    """Return the condition that several children got the same thing, by any start method."""
    return lambda e: processes_with(e, kind, forked=False) >= 2


def reads_shared_file(e: Evidence) -> bool:
    """Return whether several forked children read on in one open file of their parent."""
    sought = program_text.calls_method(e.report.path, "seek")
    return processes_with(e, "file") >= 2 and bool(e.noted("file moved")) and not sought


def copies_locks_of_threads(e: Evidence) -> bool:
    """Return whether several forked children got a lock of threads, each of them a copy of it."""
    own_threads = program_text.calls_method(e.report.path, "Thread")
    return processes_with(e, "thread lock", way="an argument") >= 2 and not own_threads


def copies_queue_of_threads(e: Evidence) -> bool:
    """Return whether several forked children got a queue of threads, each of them a copy of it."""
    return processes_with(e, "thread queue", way="an argument") >= 2


def waits_for_own_copy(e: Evidence) -> bool:
    """Return whether a process waits for a tool of threads of which a forked child has a copy."""
    if not processes_with(e, "thread (?:event|condition|barrier|queue)"):
        return False
    places = ("threading.py:wait", "queue.py:get", "queue.py:put")
    living = [e.main, *(child for child in e.alive if child.method == "fork")]
    return any(_directly_in(member, places) for member in living)


def _directly_in(member: Member, places: Iterable[str]) -> bool:
    """Return whether its innermost calls of the library are these, called by the program itself."""
    stack = main_stack(member)
    own = next((n for n, frame in enumerate(stack) if frame.own), None)
    if own is None:
        return False
    inner = {":".join(frame.place) for frame in stack[:own]}
    return bool(inner & set(places)) and all(
        frame.place[0] in ("threading.py", "queue.py") for frame in stack[:own]
    )


def event_never_arrives(e: Evidence) -> bool:
    """Return whether a forked child with a copy of a threads' event goes on after it was set."""
    given = processes_with(e, "thread event", way="an argument") >= 1
    return given and any(child.method == "fork" for child in e.alive)


def same_own_numbers(e: Evidence) -> bool:
    """Return whether several children drew from generators that began in the same state."""
    drawn: defaultdict[int, set[int]] = defaultdict(set)
    for note in e.noted("drew own"):
        drawn[note["state"]].add(note["pid"])
    return any(len(pids) > 1 for pids in drawn.values())


def inherited_handler_ran(e: Evidence) -> bool:
    """Return whether a forked child that was sent a signal has its parent's handler for it."""
    sent = {(note["child"], note["signal"]) for note in e.noted("kill")}
    own = {(note["pid"], note["signal"]) for note in e.noted("handler")}
    inherited = {(note["pid"], note["signal"]) for note in e.noted("inherited handler")}
    alive = {child.pid for child in e.alive}
    return any(pid in alive for pid, _ in (sent & inherited) - own)


# --- what a child does not have


def missing_globals(e: Evidence) -> dict[str, tuple[str, str]]:
    """Return the globals that differ in a spawned child: name -> (in the parent, in the child).

    Only those count that the main program sets below its guard or in a function.
    """
    return _globals_missing_in(e, ("spawn", "forkserver"))


def _globals_missing_in(
    e: Evidence, methods: tuple[str, ...], here: str = "globals here"
) -> dict[str, tuple[str, str]]:
    """Compare what the parent noted at each start or task with what children noted as `here`."""
    children = {child.pid for child in e.report.children if child.method in methods}
    found: dict[str, tuple[str, str]] = {}
    for told in e.noted("globals"):
        for note in e.noted(here):
            same_work = note.get("function", told["function"]) == told["function"]
            if note["pid"] in children and same_work and told["child"] in (0, note["pid"]):
                found.update(_differing(told["values"], note["values"]))
    return {n: both for n, both in found.items() if program_text.is_set_late(e.report.path, n)}


def _differing(parent: dict[str, str], child: dict[str, str]) -> dict[str, tuple[str, str]]:
    return {
        name: (value, child.get(name, "missing"))
        for name, value in parent.items()
        if child.get(name, "missing") != value
    }


def blames_missing_state(e: Evidence) -> bool:
    """Return whether an error in the output is about such a value, or is in a line that uses it."""
    at_start = _globals_missing_in(e, ("spawn", "forkserver"), "main here")
    return _blamed(e, {**missing_globals(e), **at_start})


def _blamed(e: Evidence, names: Iterable[str]) -> bool:
    errors = e.text.splitlines()
    lines = [source(f.file, f.line) for f in traced(e.text) if f.own]
    said = any(re.match(r"\w+Error: ", line) and _mentions(line, names) for line in errors)
    return said or any(_mentions(line, names) for line in lines)


def _mentions(text: str, names: Iterable[str]) -> bool:
    return any(re.search(rf"\b{re.escape(name)}\b", text) for name in names)


def sends_pool(e: Evidence) -> bool:
    """Return whether a task's function or arguments hold a Pool or an executor."""
    return processes_with(e, "pool|executor", forked=False) >= 1


def name_is_newer_than_workers(e: Evidence) -> bool:
    """Return whether a forked worker lacks a value that the program gave to a name later."""
    kinds = ("globals here", "main here")
    return any(_blamed(e, _globals_missing_in(e, ("fork",), kind)) for kind in kinds)


def attributes_stay_in_child(e: Evidence) -> bool:
    """Return whether the program reads an attribute that a process object got in the child only."""
    return any(
        program_text.is_read_outside_class(e.report.path, note["kind"], name)
        for note in e.noted("own attributes")
        for name in note["names"]
    )


def exit_functions_left_out(e: Evidence) -> bool:
    """Return whether a child registered a function for its exit, and ended without calling it."""
    ran = {note["pid"] for note in e.noted("exit functions ran")}
    ended = {child.pid for child in e.own if child.state != "alive" and child.exit_code == 0}
    return any(
        note["pid"] in ended - ran and Frame(note["file"], note["line"], "").own
        for note in e.noted("at exit")
    )


def opened_again(e: Evidence) -> bool:
    """Return whether the top of the main file, run again in a child, emptied a file."""
    return any(note["file"] == e.report.path for note in e.noted("opened at import"))


def made_again(e: Evidence) -> bool:
    """Return whether a spawned child used a queue or lock that its own import of the file made.

    The main program made another one at the same line. A name of a semaphore tells which process
    made it; what a child makes before it begins its work, it makes while it imports the file.
    """
    begun = {note["pid"]: note["at"] for note in e.noted("begin")}
    main = {(n["file"], n["line"]) for n in e.noted("named") if n["pid"] == e.main.pid}
    again = {
        note["name"]: note["pid"]
        for note in e.noted("named")
        if note["pid"] != e.main.pid
        and not note["pool"]
        and (note["file"], note["line"]) in main
        and note["at"] < begun.get(note["pid"], float("inf"))
        and Frame(note["file"], note["line"], "").own
    }
    used = {(note["lock"], note["pid"]) for note in e.noted("used")}
    workers = {child.pid for child in e.report.children}
    return any(lock in again and pid in workers for lock, pid in used)


# --- what is gone, or belongs to another process


def manager_is_gone(e: Evidence) -> bool:
    """Return whether a call of a manager failed after the manager's process had ended."""
    managers = [child for child in e.report.children if child.target == MANAGER]
    lost = raises(
        "FileNotFoundError|ConnectionRefusedError|ConnectionResetError|EOFError|BrokenPipeError"
    )
    called = traced_in(r"multiprocessing/managers\.py:(?:_callmethod|_incref|_connect)")
    ended = any(one.state != "alive" for one in managers)
    return ended and called(e) and lost(e)


def pool_of_another_process(e: Evidence) -> bool:
    """Return whether a child waits for a pool or executor whose threads are in another process."""
    return any(
        any(has(main_stack(child), place) for place in places)
        and not any(has(stack, thread) for stack in child.threads[1:])
        for child in e.alive
        for thread, places in _POOL_THREADS.items()
    )


def task_waits_for_own_executor(e: Evidence) -> bool:
    """Return whether a task of an executor waits for another task that it gave to an executor."""
    submitted = {note["pid"] for note in e.noted("submitted in child")}
    places = ("_base.py:result", "_base.py:wait", "_base.py:as_completed", "process.py:submit")
    return any(
        child.target == EXECUTOR
        and child.pid in submitted
        and any(has(main_stack(child), place) for place in places)
        for child in e.alive
    )


def executor_left_open(e: Evidence) -> bool:
    """Return whether a child at its end joins the workers of an executor that still serves."""
    return any(
        has(main_stack(child), "util.py:_exit_function")
        and any(has(stack, "process.py:wait_result_broken_or_wakeup") for stack in child.threads)
        for child in e.alive
    )


def collected_by_another(e: Evidence) -> bool:
    """Return whether something else than multiprocessing collected the exit code of a child."""
    collected = {note["child"] for note in e.noted("ended") if note["library"]}
    lost = {note["child"] for note in e.noted("collected by another")} - collected
    asked = {note["child"] for note in e.noted("code unknown")}
    mine = {child.pid for child in e.report.children}
    return bool(lost & mine) and (e.hung or bool(lost & asked))


def works_after_interrupt(e: Evidence) -> bool:
    """Return whether an executor began more tasks after an interrupt."""
    results = len(e.noted("result after interrupt"))
    group = any(note["child"] < 0 and note["signal"] == 2 for note in e.noted("kill"))
    return results > (0 if group else len(e.executor)) and raises("KeyboardInterrupt")(e)


def running_task_not_canceled(e: Evidence) -> bool:
    """Return whether the program gave up a task of an executor that runs on, and waits for it."""
    gave_up = e.noted("not canceled") or [n for n in e.noted("gave up") if n["pool"] == ""]
    busy = any(child.state == "alive" for child in e.executor)
    stack = main_stack(e.main)
    waits = has(stack, "process.py:shutdown") or has(stack, "thread.py:_python_exit")
    return bool(gave_up) and busy and (waits or has(stack, "process.py:_python_exit"))


def asked_a_pool_that_ended(e: Evidence) -> bool:
    """Return whether the program waited in vain for a result of a Pool that was terminated."""
    return any(note["pool"] == "TERMINATE" for note in e.noted("gave up"))


def value_of_one_process(e: Evidence) -> bool:
    """Return whether a child wrote a shared value that no other process has ever used."""
    children = {child.pid for child in e.own}
    users: defaultdict[str, set[int]] = defaultdict(set)
    for note in (*e.noted("value"), *e.noted("used")):
        users[note["lock"]].add(note["pid"])
    written = {note["lock"] for note in e.noted("value") if note["how"] == "wrote"}
    return any(len(users[lock]) == 1 and users[lock] <= children for lock in written if lock)


def task_raised(e: Evidence) -> bool:
    """Return whether a worker has sent the exception of a task."""
    return bool(e.noted("task failed"))


def local_class_named(e: Evidence) -> bool:
    """Return whether pickle could not find a class that is defined in a function."""
    names = re.findall(r"Can't (?:pickle|get) local object .*<locals>\.(\w+)", e.text)
    return any(program_text.is_class(e.report.path, name) for name in names)


def with_at_exit(*words: str) -> Callable[[Evidence], bool]:
    """Return the condition that a function called at the exit raised an error with these words."""
    at_exit = says(r"Exception ignored in atexit|Error in atexit|Exception ignored on atexit")
    return lambda e: at_exit(e) and any(says(word)(e) for word in words)
