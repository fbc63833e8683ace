"""The decomposition explorer: a case cut into any number of pieces, and what a run shows."""

from __future__ import annotations

import tempfile
from pathlib import Path

import ipywidgets as w
from matplotlib.figure import Figure

from helpers.case_studies.registry import CASES, Case, case
from helpers.engines.ratios import Ratio
from helpers.engines.records import Sweep
from helpers.measure.interpreter import OtherInterpreter
from helpers.measure.sweeps import sweep
from helpers.plots.runs import in_words, plot_timeline
from helpers.plots.speedup import plot_pieces
from helpers.validation import whole_number
from helpers.widgets.base import LEFT, MARGINS, MOST_WORKERS, HistoryWidget, sized, worker_slider

_ROUNDS = 5  # a learner waits for them


class DecompositionExplorer(HistoryWidget):
    """Controls to cut a case into pieces and to run them on processes, and the results.

    Each press of Run measures the case as one piece in a loop, its pieces on processes, and the
    machine's ceiling for these pieces, in turns. Files that the case needs are made for the run and
    removed after it. Runs of the same case share a plot.
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

    def measure_on(self, other: OtherInterpreter) -> Sweep:
        """Run the case as one piece in a loop and in pieces on processes, in turns."""
        one, pieces, workers = self.case, self.pieces.value, self.workers.value
        with tempfile.TemporaryDirectory() as folder:
            other.load_call(
                sweep,
                worker=one.worker,
                tasks=one.cut(Path(folder), one.small, pieces),
                whole=one.cut(Path(folder), one.small, 1),
                engines=("processes",),
                workers=(workers,),
                rounds=_ROUNDS,
            )
            other.go()
            return other.result(self.show_progress, self.stopping)

    def result_in_words(self, result: Sweep) -> str:
        """Return the speedup and the ceiling, and whether the measurement was disturbed."""
        pieces, workers, speedup, ceiling = _point(result)
        said = (
            f"{pieces:,} pieces on {workers} processes: {speedup:.2f} times as fast as one piece "
            f"in a loop; ceiling {ceiling:.2f}"
        )
        return "; ".join([said, *result.disturbed()])

    def sentences(self, results: list[Sweep]) -> list[str]:
        """Return each run in a sentence, and the newest one's timeline in words."""
        return [*map(self.result_in_words, results), *in_words(results[-1].runs[0])]

    def plot(self, figure: Figure, results: list[Sweep]) -> None:
        """Draw the speedups so far on the left, the newest run's timeline on the right."""
        left, right = figure.subplots(1, 2, width_ratios=(2, 3), gridspec_kw=MARGINS)
        plot_pieces([_point(one) for one in results], left)
        plot_timeline(results[-1].runs[0], right)


def _point(sweep: Sweep) -> tuple[int, int, Ratio, Ratio]:
    """Return (pieces, workers, speedup over the whole as one piece, the machine's ceiling)."""
    run = sweep.runs[0]
    return (
        len(run.records),
        run.workers,
        run.speedup_range(sweep.baseline),
        sweep.ceilings[run.workers],
    )


def _piece_counts(most: int, *wanted: int) -> list[int]:
    """Return numbers of pieces to choose from: 1, 2, 3, 4, 6, 8, 12 … `most`, and those wanted."""
    powers = [2**i for i in range(most.bit_length())]
    counts = {*powers, *(3 * power // 2 for power in powers[1:]), most, *wanted}
    return sorted(count for count in counts if 1 <= count <= most)
