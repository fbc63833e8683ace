"""Check of lab 03, a counter that stays at zero: the total by sent values and in shared memory.

A total in shared memory counts as right only if it is right in the worst order: the children that
add to it take turns, one instruction each (see `rendezvous.stepping`). An Array with one element
for each child, added up by the parent, is accepted: it is in shared memory and needs no lock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import ModuleType

from helpers.checks.lifecycle import Lifecycle
from helpers.checks.parallelism import all_together, one_process_each
from helpers.checks.races import no_race
from helpers.checks.results import Case, right_results
from helpers.checks.shared_memory import BLOCK, VALUE, Sharing, made_at_import
from helpers.checks.timeouts import Overdue, nothing_started
from helpers.checks.verdict import OK, Judgment, Verdict, not_yet, one_line
from helpers.rendezvous.meeting import Meeting

REQUIREMENTS = (
    "by values, the total is right",
    "by values, each page in a process of its own, all together",
    "by values, the counts are sent, not shared",
    "in shared memory, each page in a process of its own, all together",
    "in shared memory, the total lives there",
    "in shared memory, no addition is lost",
    "in shared memory, the total is right",
    "every process was joined",
)
# Words of the reasons for known mistakes; for each an answer in tests/labs shows the mistake.
MISTAKES = (
    "What a child changes or returns stays in the child",
    "Does each child send what count_word returned",
    "3 calls of count_word, saw 5",
    "the parent did the work itself",
    "threads of the parent did the work",
    "join() right after start()",
    "a Value or an Array was used",
    "Is a lock held while count_word runs?",
    "no shared memory was made: does each child",
    "no shared memory was made. Make a Value",
    "Is it the same Value in every child",
    "it was read before the children had added",
    "no process was started, and count_by_values still waits",
    "and no process was started. Start one for each page",
    "reads a shared value and writes it back",
    "additions were lost",
    "a lock or queue as a task's argument",
    "is a page counted twice?",
    "with no pages: expected 0",
    "were never joined",
)
HINTS = {
    REQUIREMENTS[0]: (
        "A child has a copy of everything. What does the parent have of the child's count?",
        "Give each child a queue, made before the children, and read one count for each page.",
        "counts.put(count_word(page, word)) in the child; "
        "sum(counts.get() for _ in pages) in the parent.",
    ),
    REQUIREMENTS[1]: (
        "Which process calls count_word, and when does the next child start?",
        "One Process for each page. start() all of them before you wait for any.",
        "processes = [Process(target=send_count, args=(page, word, counts)) for page in pages], "
        "then a loop of start().",
    ),
    REQUIREMENTS[2]: (
        "In this half, the children send their counts. Which line makes shared memory?",
        "A SimpleQueue sends values. A Value or an Array is memory.",
        "counts = SimpleQueue(), passed to each child in args.",
    ),
    REQUIREMENTS[3]: (
        "If the children count one after another: what does each of them wait for?",
        "The counting needs no lock. Only the adding does.",
        "count = count_word(page, word) first; then, on the next line, the `with` block of the "
        "lock.",
    ),
    REQUIREMENTS[4]: (
        "Which memory do the parent and all the children see?",
        "Value('q', 0) is a number in shared memory. Pass it to each child in args.",
        "total = Value('q', 0), args=(page, word, total), and `return total.value` after the "
        "joins.",
    ),
    REQUIREMENTS[5]: (
        "`total.value += 1` is three steps: load, add, store. What may happen in between?",
        "A Value takes its lock for each read and each write alone. Hold it for both together.",
        "with total.get_lock(): total.value += count",
    ),
    REQUIREMENTS[6]: (
        "What should it be for no page, for one page, for a page without the word?",
        "Begin at 0 in every call, and start as many children as there are pages.",
        "Make the Value inside the function: total = Value('q', 0). Then each call begins at 0.",
    ),
    REQUIREMENTS[7]: (
        "Which line waits until the children have ended?",
        "After all have been started, join each of them, in both functions.",
        "for process in processes: process.join()",
    ),
}
PATIENCE = 5.0  # seconds; longer than three interpreters take to start on a loaded machine
_WORD = "sea"
_PAGES = ["salt and sand", "seas sea Sea sea sea", "sea " * 300]
# The word is in the same positions, so all children execute the same instructions in turn.
_ALIKE = ["sea a sea b", "sea c sea d", "sea e sea f"]
_OTHERS = (
    Case("no pages", ([], _WORD), 0),
    Case("one page that has the word 300 times", (_PAGES[-1:], _WORD), 300),
)
_TOTAL, _TOTAL_ALIKE = 303, 6


def judge(answer: ModuleType) -> Iterator[Verdict]:
    """Yield a verdict for each requirement, in order, up to the first that can't be judged."""
    names = iter(REQUIREMENTS)
    with _watched(answer, "count_by_values", REQUIREMENTS[0]) as (meeting, joined_first, sharing):
        got = answer.count_by_values(list(_PAGES), _WORD)
    yield Verdict(next(names), *_right_by_values(answer.count_by_values, got, joined_first))
    yield Verdict(next(names), *_each_in_its_own(meeting, joined_first))
    yield Verdict(next(names), *_only_sent(sharing))
    call = "count_in_shared_memory"
    watched = _watched(answer, call, REQUIREMENTS[3], in_turns=True)
    with watched as (meeting, joined_last, sharing):
        got = answer.count_in_shared_memory(list(_ALIKE), _WORD)
    made = bool(sharing.made) or made_at_import(answer)
    yield Verdict(next(names), *_each_before_the_read(meeting, joined_last))
    yield Verdict(next(names), *_lives_there(got, made, sharing))
    yield Verdict(next(names), *_nothing_lost(got))
    if got == _TOTAL_ALIKE:
        yield Verdict(next(names), *right_results(answer.count_in_shared_memory, _OTHERS))
        yield Verdict(next(names), *_all_joined(joined_first, joined_last))


@contextmanager
def _watched(
    answer: ModuleType, call: str, requirement: str, *, in_turns: bool = False
) -> Iterator[tuple[Meeting, Lifecycle, Sharing]]:
    """Watch a call of the answer; end it, with a verdict, if it waits and has started nothing."""

    def judge(where: str) -> list[Verdict]:
        return [Verdict(requirement, *nothing_started(call, where))]

    with (
        Meeting(3, PATIENCE, in_turns=in_turns) as meeting,
        Lifecycle() as lifecycle,
        Sharing() as sharing,
        Overdue(answer, lifecycle, judge),
    ):
        yield meeting, lifecycle, sharing


def _right_by_values(call: Callable[..., object], got: object, lifecycle: Lifecycle) -> Judgment:
    """Judge whether the total is right when the counts are sent by value."""
    came = f"expected {_TOTAL}, got {one_line(got)}"
    if got != _TOTAL and not lifecycle.started:
        return not_yet(f"{came}, and no process was started. Start one for each page")
    if not isinstance(got, int) or got == 0:
        return not_yet(
            f"{came}. What a child changes or returns stays in the child: is each count sent back, "
            "and each one added?"
        )
    if got != _TOTAL:
        return not_yet(
            f"{came}. Does each child send what count_word returned for its page, and is each "
            "count added once?"
        )
    return right_results(call, _OTHERS)


def _each_in_its_own(meeting: Meeting, lifecycle: Lifecycle) -> Judgment:
    """Judge whether each page was counted in its own process, all at the same time."""
    failed = [process for process in lifecycle.seen_ended if process.exitcode]
    if failed and len(meeting.reports) < 3:
        return not_yet(
            f"{len(failed)} of {len(lifecycle.started)} processes failed before they called "
            "count_word. What did they print?"
        )
    judgment = one_process_each(meeting, 3, "count_word")
    if judgment != OK:
        return judgment
    judgment = all_together(meeting, lifecycle, 3)
    if judgment != OK and lifecycle.most_alive >= 3:
        return not_yet(
            "three children live, and only one at a time counts. Is a lock held while count_word "
            "runs? Count first, then take the lock"
        )
    return judgment


def _only_sent(sharing: Sharing) -> Judgment:
    """Judge whether no shared memory was used."""
    for kind in (VALUE, BLOCK):
        if kind in sharing.made:
            return not_yet(f"{kind} was used. Send each count back, by a queue or a pipe")
    return OK


def _each_before_the_read(meeting: Meeting, lifecycle: Lifecycle) -> Judgment:
    """Judge what `_each_in_its_own` does, and whether all were joined before the total was read."""
    if lifecycle.never_joined:  # then chance decides how much of the total is there
        return not_yet(
            f"the total is read, and {len(lifecycle.never_joined)} of the processes were never "
            "joined. Join all, then read"
        )
    return _each_in_its_own(meeting, lifecycle)


def _lives_there(got: object, made: bool, sharing: Sharing) -> Judgment:
    """Judge whether the total is in shared memory; `made` tells whether any was made."""
    if not made and got == 0:
        return not_yet(
            f"expected {_TOTAL_ALIKE}, got 0, and no shared memory was made: does each child "
            "change a global of its own? Make a Value, and hand it to each child"
        )
    if not made:
        return not_yet("no shared memory was made. Make a Value, and hand it to each child")
    if got == 0 and sharing.holds(_TOTAL_ALIKE):
        return not_yet(
            f"expected {_TOTAL_ALIKE}, got 0, and now your Value holds {_TOTAL_ALIKE}: it was read "
            "before the children had added to it. Read it after the joins"
        )
    if got == 0:
        return not_yet(
            f"expected {_TOTAL_ALIKE}, got 0. Is it the same Value in every child, and does each "
            "child add its count to it?"
        )
    return OK


def _nothing_lost(got: object) -> Judgment:
    """Judge whether no addition was lost, though the children took turns."""
    if got == _TOTAL_ALIKE:
        return OK
    came = f"expected {_TOTAL_ALIKE}, got {one_line(got)}"
    if got == 0:
        return not_yet(f"{came}. This can't be judged before something is added")
    if not isinstance(got, int) or got < 0:
        return not_yet(f"{came}. What does it return?")
    if got > _TOTAL_ALIKE:
        return not_yet(f"{came}: is a page counted twice?")
    state, race = no_race("Hold one lock, the same for all, from the read to the write")
    if state != OK[0]:
        return not_yet(f"{came}: {race}")
    return not_yet(
        f"{came}: additions were lost. Does each child add to the total, and not just set it? Is "
        "one lock, the same for all children, held from the read to the write?"
    )


def _all_joined(by_values: Lifecycle, in_shared_memory: Lifecycle) -> Judgment:
    """Judge whether both functions waited for all their processes."""
    for name, lifecycle in (("values", by_values), ("shared memory", in_shared_memory)):
        state, reason = lifecycle.all_joined()
        if reason:
            return state, f"{name}: {reason}"
    return OK
