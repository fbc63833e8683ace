"""What a learner moves: an explorer of any work, a prediction to commit to, a bar of progress.

Built of plain controls and of `Image` and `HTML` widgets whose value is set, which works in every
front end and without one. What they print as text is fixed, so that tests can compare it.
"""

from helpers.widgets.channel_explorer import ChannelExplorer
from helpers.widgets.cluster import ClusterExplorer
from helpers.widgets.explorer import Explorer
from helpers.widgets.interleaver import Interleaver
from helpers.widgets.life_cycle import LifeCycle
from helpers.widgets.pipeline_explorer import PipelineExplorer
from helpers.widgets.predictions import Placement, Prediction, compare, predict
from helpers.widgets.progress_bar import ProgressBar

__all__ = [
    "ChannelExplorer",
    "ClusterExplorer",
    "Explorer",
    "Interleaver",
    "LifeCycle",
    "PipelineExplorer",
    "Placement",
    "Prediction",
    "ProgressBar",
    "compare",
    "predict",
]
