"""The decomposition explorer: a case cut into any number of pieces, and what a run shows."""

from __future__ import annotations

import tempfile
from pathlib import Path

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.case_studies.registry import CASES, Case, case
from helpers.engines.records import Run, Sweep
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.sweeps import sweep
from helpers.plots.runs import in_words, plot_timeline
from helpers.plots.speedup import plot_pieces
from helpers.validation import whole_number
from helpers.widgets.base import LEFT, MARGINS, MOST_WORKERS, HistoryWidget, sized, worker_slider

_ROUNDS = 2

Measured = tuple[Run, Sweep]  # the whole as one piece in a loop, and the pieces


class DecompositionExplorer(HistoryWidget):
    """Controls to cut a case into pieces and to run them on processes, and the results.

    Each press of Run measures the case as one piece in a loop, then its pieces: a loop, processes,
    and the machine's ceiling, in turns. Files that the case needs are made for the run and removed
    after it. Runs of the same case share a plot.
    """

    def __init__(self, name: str = "blur", *, pieces: int = 2, workers: int = 2) -> None:
        most = case(name).most
        whole_number("pieces", pieces, 1, most, "Pass where the slider starts, e.g. 2.")
        whole_number("workers", workers, 1, MOST_WORKERS, "Pass where the slider starts, e.g. 2.")
        says = [(f"{one.name}: {one.says}", one.name) for one in CASES.values()]
        wide = sized(6, 31)
        self.cases = w.Dropdown(options=says, value=name, description="case", **wide)
        self.workers = worker_slider(workers, wide)
        self.pieces = w.SelectionSlider(
            options=_piece_counts(most, pieces), value=pieces, description="pieces", **LEFT
        )
        self.cases.observe(self._take_case, "value")
        self.pieces.observe(self.show_other_runs, "value")
        title = "Decompositions: one case, cut into as many pieces as you like"
        super().__init__(title, w.HBox([w.VBox([self.cases, self.workers]), self.pieces]))

    def __repr__(self) -> str:
        return "Decomposition explorer: open this notebook in JupyterLab to use it"

    @property
    def case(self) -> Case:
        """Return the case that is chosen."""
        return case(self.cases.value)

    def _take_case(self, _: object) -> None:
        """Let the slider offer the numbers of pieces of the case that is chosen."""
        one = self.case
        # Both at once: a slider must not have a value that is not among its options.
        self.pieces.options = _piece_counts(one.most, one.pieces)
        self.pieces.value = one.pieces
        self.show_other_runs()

    def key(self) -> tuple:
        """Return the name of the case."""
        return (self.cases.value,)

    def measure_on(self, other: OtherInterpreter) -> Measured:
        """Run the case as one piece and in pieces."""
        one, pieces, workers = self.case, self.pieces.value, self.workers.value
        with tempfile.TemporaryDirectory() as folder:
            tasks = one.cut(Path(folder), one.small, 1)
            before = self._whole(other, one, tasks)
            other.load_call(
                sweep,
                worker=one.worker,
                tasks=one.cut(Path(folder), one.small, pieces),
                engines=("processes",),
                workers=(workers,),
                rounds=_ROUNDS,
            )
            other.go()
            swept = other.result(self.show_progress, self.stopping)
            # Measure it again, so that a busy minute does not affect only one side.
            return min(before, self._whole(other, one, tasks), key=lambda run: run.wall), swept

    def _whole(self, other: OtherInterpreter, one: Case, tasks: list) -> Run:
        other.load(one.worker, tasks, rounds=_ROUNDS)
        other.go()
        return other.result(None, self.stopping)

    def result_in_words(self, result: Measured) -> str:
        """Return the speed-up and the ceiling."""
        pieces, workers, speedup, ceiling = _point(result)
        return (
            f"{pieces:,} pieces on {workers} processes: {speedup:.2f} times as fast as one piece "
            f"in a loop; ceiling {ceiling:.2f}"
        )

    def sentences(self, results: list[Measured]) -> list[str]:
        """Return each run in a sentence, and the newest one's timeline in words."""
        return [*map(self.result_in_words, results), *in_words(results[-1][1].runs[0])]

    def plot(self, figure: Figure, results: list[Measured]) -> None:
        """Draw the speed-ups so far on the left, the newest run's timeline on the right."""
        left, right = figure.subplots(1, 2, width_ratios=(2, 3), gridspec_kw=MARGINS)
        plot_pieces([_point(one) for one in results], left)
        plot_timeline(results[-1][1].runs[0], right)


def _point(measured: Measured) -> tuple[int, int, float, float]:
    """Return (pieces, workers, speed-up over the whole as one piece, the machine's ceiling)."""
    whole, sweep = measured
    run = sweep.runs[0]
    return len(run.records), run.workers, run.speedup(whole), sweep.ceilings[run.workers]


def _piece_counts(most: int, *wanted: int) -> list[int]:
    """Return numbers of pieces to choose from: 1, 2, 3, 4, 6, 8, 12 … `most`, and those wanted."""
    powers = [2**i for i in range(most.bit_length())]
    counts = {*powers, *(3 * power // 2 for power in powers[1:]), most, *wanted}
    return sorted(count for count in counts if 1 <= count <= most)
