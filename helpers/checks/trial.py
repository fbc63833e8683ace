"""One answer, tried in the bounded runner under each of two start methods at the same time.

Trials("01", path)  ->  a Trial for each method  ->  one Verdict for each requirement, as they come
"""

from __future__ import annotations

import importlib
import multiprocessing
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from helpers.checks.verdict import NOTE, Verdict, one_line
from helpers.diagnosis.match import Where, diagnose
from helpers.runner.limits import Limits
from helpers.runner.report import Report
from helpers.runner.run import SafeRun

LABS = tuple(path.stem[4:] for path in sorted(Path(__file__).parent.glob("lab_*.py")))
LIMIT = 15.0  # seconds; a right answer takes one or two, and more on a machine that is busy
STILL = 1.0  # seconds for which everybody in it may wait without end
_DRIVER = Path(__file__).parent / "driver.py"
_HUNG = "the code did not come back"
_LOOK = 0.05  # seconds between two looks for verdicts
_BEFORE = "can't be judged before what stands above is right"


def methods_to_try() -> tuple[str, ...]:
    """This platform's default start method, and another where there is one: spawn, if it can be."""
    default, *others = multiprocessing.get_all_start_methods()
    return (default, "spawn") if "spawn" in others else (default, *others[:1])


class Trials:
    """One answer under each method; `verdicts()` gives them one by one, as they become known."""

    def __init__(self, lab: str, path: Path, methods: tuple[str, ...] = ()) -> None:
        self._judge = importlib.import_module(f"helpers.checks.lab_{lab}")
        self._missing = not path.is_file()
        chosen = () if self._missing else methods or methods_to_try()
        self._trials = [Trial(self._judge.REQUIREMENTS, lab, path, method) for method in chosen]
        self._failed: Trial | None = None

    def __enter__(self) -> Trials:
        with ExitStack() as stack:
            for trial in self._trials:
                stack.enter_context(trial)
            self._stack = stack.pop_all()
        return self

    def __exit__(self, *raised: object) -> None:
        for trial in self._trials:  # all are told before one is waited for
            trial.give_up()
        self._stack.__exit__(*raised)

    def verdicts(self) -> Iterator[Verdict]:
        """A verdict for each requirement in turn.

        It is met if it is met under every method; if it is not so under one only, the reason names
        that one.
        """
        for place, name in enumerate(self._judge.REQUIREMENTS):
            if self._missing:
                yield Verdict(name, "todo", "run the cell above first")
            else:
                yield self._worst([trial.verdict(place) for trial in self._trials])

    @property
    def printed(self) -> list[str]:
        """The lines that the answer printed in the first run in which something was not right."""
        return self._failed.printed.splitlines() if self._failed else []

    def _worst(self, verdicts: list[Verdict]) -> Verdict:
        place = next((n for n, verdict in enumerate(verdicts) if verdict.state != "ok"), 0)
        worst, trial = verdicts[place], self._trials[place]
        if worst.state != "not yet":
            return worst
        self._failed = self._failed or trial
        if all(verdict.state != "ok" for verdict in verdicts):
            return worst
        return Verdict(worst.name, worst.state, f"with {trial.method}: {worst.reason}")


class Trial:
    """One run of an answer under one start method."""

    def __init__(self, names: tuple[str, ...], lab: str, path: Path, method: str) -> None:
        self.method = method
        self._names = names
        self._run = SafeRun(_DRIVER, [lab, path, method], Limits(seconds=LIMIT, still=STILL))
        self._report: Report | None = None

    def __enter__(self) -> Trial:
        self._run.__enter__()
        return self

    def __exit__(self, *raised: object) -> None:
        self._run.__exit__(*raised)

    def give_up(self) -> None:
        """End the run, unless it has ended."""
        self._run.give_up()

    @property
    def printed(self) -> str:
        """What the answer printed; empty before it has ended."""
        return self._report.output.strip() if self._report else ""

    def verdict(self, place: int) -> Verdict:
        """The verdict on the requirement at that place; waits until it is known."""
        name = self._names[place]
        while (told := self._told()).get(name) is None and self._report is None:
            self._wait()
        if place < len(self._names) - 1 and name in told:
            return told[name]
        while self._report is None:  # the last one is known when nothing is left
            self._wait()
        return (told.get(name) and self._in_the_end(told[name])) or self._missing(name, told)

    def _wait(self) -> None:
        if self._run.is_done():
            self._report = self._run.report()
        else:
            time.sleep(_LOOK)  # no event tells of a line in another process's file

    def _told(self) -> dict[str, Verdict]:
        notes = self._report.notes if self._report else self._run.notes(NOTE)
        return {
            note["name"]: Verdict(note["name"], note["state"], note["reason"])
            for note in notes
            if note["what"] == NOTE
        }

    def _in_the_end(self, last: Verdict) -> Verdict:
        """The last verdict, unless all was right but for how the program ended."""
        report = self._report
        if last.state != "ok" or not (report.stop or report.left or report.shared):
            return last
        what = [*report.left, *report.shared]
        words = f"it left something behind: {', '.join(what)}" if what else story(report)
        return Verdict(last.name, "not yet", words)

    def _missing(self, name: str, told: dict[str, Verdict]) -> Verdict:
        """The verdict on a requirement of which the driver said nothing."""
        if name != next(name for name in self._names if name not in told):
            return Verdict(name, "not yet", _BEFORE)
        if all(verdict.state == "ok" for verdict in told.values()) or self._report.exit_code != 0:
            if "NotImplementedError" in self._report.output:
                return Verdict(name, "todo", "a function of yours still raises NotImplementedError")
            return Verdict(name, "not yet", story(self._report))
        return Verdict(name, "not yet", _BEFORE)


def story(report: Report) -> str:
    """Why a run ended before everything was judged: the failure's name, line, cause and cure."""
    ways = {"": "the code ended early", "time": _HUNG, "still": _HUNG}
    came = ways.get(report.stop, "the code was stopped")
    found = diagnose(report)
    if found is not None and found.known:
        where = f" ({_place(found.where[0])})" if found.where else ""
        return f"{came}: {found.name}{where}. {found.cause} {found.cure}"
    if report.stop:
        places = "; ".join(map(_place, found.where)) if found else ""
        return f"{came}: {report.reason}. It was in {places or 'no line of yours'}"
    lines = [line for line in report.output.splitlines() if line.strip()]
    return f"{came}: {one_line(lines[-1])}" if lines else f"it {report.verdict}"


def _place(where: Where) -> str:
    return f"{where.process}: line {where.line}: {where.text}"
