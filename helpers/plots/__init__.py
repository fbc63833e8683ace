"""Pictures of measurements, and the sentences that say what each picture shows.

Each function takes what was measured and returns matplotlib Axes: those that are passed as `ax`, or
new ones. `style` holds the look that all of them share.
"""

from helpers.plots.channels import channels_in_words, plot_channels
from helpers.plots.interleaving import plot_schedule, print_schedule
from helpers.plots.pipeline import plot_flow, plot_lengths
from helpers.plots.runs import (
    plot_engines,
    plot_parts,
    plot_spans,
    plot_starts,
    plot_timeline,
    print_in_words,
)
from helpers.plots.speedup import plot_programs, plot_speedup, plot_sweeps
from helpers.plots.task_stream import plot_stream, print_stream
from helpers.plots.wait_graph import plot_waits, waits_in_words

__all__ = [
    "channels_in_words",
    "plot_channels",
    "plot_engines",
    "plot_flow",
    "plot_lengths",
    "plot_parts",
    "plot_programs",
    "plot_schedule",
    "plot_spans",
    "plot_speedup",
    "plot_starts",
    "plot_stream",
    "plot_sweeps",
    "plot_timeline",
    "plot_waits",
    "print_in_words",
    "print_schedule",
    "print_stream",
    "waits_in_words",
]
