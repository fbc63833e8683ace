"""The widgets: explorers, predictions, the museum of failures, a progress bar.

They consist of plain controls and of `Image` and `HTML` widgets whose value is set. This works in
every front end, and without one. Their text form is fixed, so that tests can compare it.
"""

from helpers.widgets.break_even import BreakEvenCalculator
from helpers.widgets.channel_explorer import ChannelExplorer
from helpers.widgets.cluster_explorer import ClusterExplorer
from helpers.widgets.decomposition import DecompositionExplorer
from helpers.widgets.distribution import DistributionExplorer
from helpers.widgets.explorer import Explorer
from helpers.widgets.interleaver import Interleaver
from helpers.widgets.life_cycle import LifeCycle
from helpers.widgets.museum import Exhibit, Hall, score
from helpers.widgets.pipeline_explorer import PipelineExplorer
from helpers.widgets.prediction_review import LastLook, show_predictions
from helpers.widgets.predictions import Placement, Prediction, compare, predict
from helpers.widgets.progress_bar import ProgressBar

__all__ = [
    "BreakEvenCalculator",
    "ChannelExplorer",
    "ClusterExplorer",
    "DecompositionExplorer",
    "DistributionExplorer",
    "Exhibit",
    "Explorer",
    "Hall",
    "Interleaver",
    "LastLook",
    "LifeCycle",
    "PipelineExplorer",
    "Placement",
    "Prediction",
    "ProgressBar",
    "compare",
    "predict",
    "score",
    "show_predictions",
]
