"""What runs tasks: a loop, threads, processes, a warm pool, Dask; and the records of a run."""

from helpers.engines.dask_cluster import ProgramCluster
from helpers.engines.executors import SerialExecutor
from helpers.engines.records import Run, Sweep

__all__ = [
    "ProgramCluster",
    "Run",
    "SerialExecutor",
    "Sweep",
]
