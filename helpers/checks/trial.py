"""Trials of one answer, in the bounded runner, under two start methods at the same time.

Trials("01", path)  ->  a Trial for each method  ->  one Verdict for each requirement, as they come
"""

from __future__ import annotations

import importlib
import multiprocessing
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from types import ModuleType, TracebackType

from helpers.checks.verdict import NOTE, Verdict, one_line
from helpers.diagnosis.match import Diagnosis, Where, diagnose
from helpers.progress.outline import check_name, is_puzzle
from helpers.runner.limits import Limits
from helpers.runner.report import Report
from helpers.runner.run import SafeRun

LIMIT = 15.0  # seconds; a right answer takes one or two, and more on a busy machine
STILL = 1.0  # seconds; if all processes wait for each other for so long, it is a deadlock
LABS = tuple(path.stem[4:] for path in sorted(Path(__file__).parent.glob("lab_*.py")))
_DRIVER = Path(__file__).parent / "driver.py"
Explained = Callable[[Report, Diagnosis], str]
_HUNG = "the code did not come back"
_INTERVAL = 0.05  # seconds between two looks for verdicts
_BLOCKED = "can't be judged before what stands above is right"


def methods_to_try() -> tuple[str, ...]:
    """Return the platform's default start method, and spawn or, if that is it, another one."""
    default, *others = multiprocessing.get_all_start_methods()
    return (default, "spawn") if "spawn" in others else (default, *others[:1])


class Trials:
    """One answer under each start method; each runs inside the `with`.

    The methods are those of `methods_to_try()` if `methods` is empty. If there is no file at
    `path`, nothing runs.
    """

    def __init__(self, lab: str, path: Path, methods: tuple[str, ...] = ()) -> None:
        self._judge = importlib.import_module(f"helpers.checks.{check_name(lab)}")
        self._missing = not path.is_file()
        chosen = () if self._missing else methods or methods_to_try()
        self._trials = [Trial(self._judge, lab, path, method) for method in chosen]
        self._failed: Trial | None = None  # the first in which something was not right
        self._entered = ExitStack()

    def __enter__(self) -> Trials:
        with ExitStack() as stack:  # if one can't start, those before it are ended
            for trial in self._trials:
                stack.enter_context(trial.run)
            self._entered = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for trial in self._trials:  # ask all to end before waiting for the first one
            trial.run.give_up()
        self._entered.__exit__(kind, error, trace)

    def verdicts(self) -> Iterator[Verdict]:
        """Yield a verdict for each requirement, in order, as soon as it is known.

        A requirement is met if it is met under every method. If it is not met under one method
        only, the reason names that method.
        """
        for place, name in enumerate(self._judge.REQUIREMENTS):
            if self._missing:
                yield Verdict(name, "todo", "run the cell above first")
            else:
                yield self._worst([trial.verdict(place) for trial in self._trials])

    @property
    def printed(self) -> list[str]:
        """Return the lines printed in the first run in which something was not right."""
        return self._failed.printed.splitlines() if self._failed else []

    @property
    def explanation(self) -> str:
        """Return what a puzzle's check says after success; "" for a lab."""
        return getattr(self._judge, "EXPLANATION", "")

    def _worst(self, verdicts: list[Verdict]) -> Verdict:
        """Return the first verdict that is not "ok", else the first one.

        `verdicts` has one for each trial. The reason names the method if only some are not "ok".
        """
        place = next((n for n, verdict in enumerate(verdicts) if verdict.state != "ok"), 0)
        worst, trial = verdicts[place], self._trials[place]
        if worst.state != "not yet":
            return worst
        self._failed = self._failed or trial
        if all(verdict.state != "ok" for verdict in verdicts):
            return worst
        return Verdict(worst.name, worst.state, f"with {trial.method}: {worst.reason}")


class Trial:
    """One run of an answer under one start method, which goes on inside `with trial.run`."""

    def __init__(self, judge: ModuleType, lab: str, path: Path, method: str) -> None:
        self.method = method
        self._names: tuple[str, ...] = judge.REQUIREMENTS
        explained: Explained = getattr(judge, "explained", lambda *_: "")
        # To find the cause of a failure is the puzzle.
        self._explained = None if is_puzzle(lab) else explained
        self.run = SafeRun(_DRIVER, [lab, path, method], Limits(seconds=LIMIT, still=STILL))
        self._report: Report | None = None

    @property
    def printed(self) -> str:
        """Return what the answer printed; "" while it runs."""
        return self._report.output.strip() if self._report else ""

    def verdict(self, place: int) -> Verdict:
        """Return the verdict on the requirement at that index; wait until it is known."""
        name = self._names[place]
        while (sent := self._sent()).get(name) is None and self._report is None:
            self._wait()
        is_last = place == len(self._names) - 1
        if name in sent and not is_last:
            return sent[name]
        # The last verdict depends on how the run ended: processes may be left, for instance.
        while self._report is None:
            self._wait()
        if name in sent:
            return _last_verdict(sent[name], self._report)
        return self._not_sent(name, sent, self._report)

    def _wait(self) -> None:
        if self.run.is_done():
            self._report = self.run.report()
        else:
            time.sleep(_INTERVAL)  # no event tells of a line in another process's file

    def _sent(self) -> dict[str, Verdict]:
        """Return the verdicts that the driver has sent so far, by requirement."""
        notes = self._report.notes if self._report else self.run.notes(NOTE)
        return {
            note["name"]: Verdict(note["name"], note["state"], note["reason"])
            for note in notes
            if note["what"] == NOTE
        }

    def _not_sent(self, name: str, sent: dict[str, Verdict], report: Report) -> Verdict:
        """Return the verdict on a requirement for which the driver sent none."""
        first = next(name for name in self._names if name not in sent)
        broke_off = report.exit_code != 0 or all(one.state == "ok" for one in sent.values())
        if name != first or not broke_off:
            return Verdict(name, "not yet", _BLOCKED)
        if self._explained and "NotImplementedError" in report.output:
            return Verdict(name, "todo", "a function of yours still raises NotImplementedError")
        return Verdict(name, "not yet", why_it_ended(report, self._explained))


def _last_verdict(last: Verdict, report: Report) -> Verdict:
    """Return the last verdict, or "not yet" if all was right except how the program ended."""
    if last.state != "ok" or not (report.stop or report.left or report.shared):
        return last
    what = [*report.left, *report.shared]
    words = f"it left something behind: {', '.join(what)}" if what else why_it_ended(report)
    return Verdict(last.name, "not yet", words)


def why_it_ended(report: Report, explained: Explained | None = lambda *_: "") -> str:
    """Return why a run ended before every requirement was judged.

    If the diagnosis recognizes the failure, these are its name, line, cause and cure, unless the
    lab has `explained` it in other words. If `explained` is None, only what was seen is returned.
    """
    ways = {"": "the code ended early", "time": _HUNG, "still": _HUNG}
    came = ways.get(report.stop, "the code was stopped")
    found = diagnose(report)
    if explained and found is not None and (words := explained(report, found)):
        return f"{came}: {words}"
    if explained and found is not None and found.known:
        where = f" ({_place(found.where[0])})" if found.where else ""
        return f"{came}: {found.name}{where}. {found.cause} {found.cure}"
    if report.stop:
        places = "; ".join(map(_place, found.where)) if found else ""
        return f"{came}: {report.reason}. It was in {places or 'no line of yours'}"
    lines = [line for line in report.output.splitlines() if line.strip()]
    return f"{came}: {one_line(lines[-1])}" if lines else f"it {report.verdict}"


def _place(where: Where) -> str:
    return f"{where.process}: line {where.line}: {where.text}"
