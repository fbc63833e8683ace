"""Measurements: runs, sweeps, scaling, ceilings, chunks, memory, pickling, channels, libraries."""

from helpers.measure.channels import in_bytes, measure_channels
from helpers.measure.chunking import cpu_contention, find_break_even, measure_cuts
from helpers.measure.evidence import (
    Part,
    above,
    at_once,
    below,
    decided,
    in_turns,
    judged,
    not_above,
)
from helpers.measure.libraries import compare_libraries, recorded_comparison
from helpers.measure.memory import weigh_workers
from helpers.measure.pickling import measure_pickling
from helpers.measure.pipeline import flow_in_words, run_pipeline
from helpers.measure.program_comparison import compare_programs
from helpers.measure.recorded_results import recorded_speedups
from helpers.measure.scaling import best_number, gustafson, scale
from helpers.measure.sweeps import compare_waiting, measure, measure_async, sweep

__all__ = [
    "Part",
    "above",
    "at_once",
    "below",
    "best_number",
    "compare_libraries",
    "compare_programs",
    "compare_waiting",
    "cpu_contention",
    "decided",
    "find_break_even",
    "flow_in_words",
    "gustafson",
    "in_bytes",
    "in_turns",
    "judged",
    "measure",
    "measure_async",
    "measure_channels",
    "measure_cuts",
    "measure_pickling",
    "not_above",
    "recorded_comparison",
    "recorded_speedups",
    "run_pipeline",
    "scale",
    "sweep",
    "weigh_workers",
]
