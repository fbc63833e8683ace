"""The engines that run tasks: a loop, threads, processes, warm pools and Dask; records of runs."""

from helpers.engines.dask_cluster import ProgramCluster, close_clusters
from helpers.engines.executors import SerialExecutor
from helpers.engines.ratios import Ratio, ratio_by_round
from helpers.engines.records import Run, Sweep

__all__ = [
    "ProgramCluster",
    "Ratio",
    "Run",
    "SerialExecutor",
    "Sweep",
    "close_clusters",
    "ratio_by_round",
]
