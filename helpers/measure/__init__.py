"""Measurements: runs, sweeps, scaling, ceilings, chunks, memory, pickling, channels, libraries."""

from helpers.measure.ceiling import climb
from helpers.measure.channels import in_bytes, measure_channels
from helpers.measure.chunking import between_tasks, crowded, find_break_even, in_turns
from helpers.measure.libraries import compare
from helpers.measure.memory import weigh_workers
from helpers.measure.pickling import parcels
from helpers.measure.pipeline import flow_in_words, run_pipeline
from helpers.measure.scaling import best_number, gustafson, scale
from helpers.measure.sweeps import measure, measure_async, sweep

__all__ = [
    "best_number",
    "between_tasks",
    "climb",
    "compare",
    "crowded",
    "find_break_even",
    "flow_in_words",
    "gustafson",
    "in_bytes",
    "in_turns",
    "measure",
    "measure_async",
    "measure_channels",
    "parcels",
    "run_pipeline",
    "scale",
    "sweep",
    "weigh_workers",
]
