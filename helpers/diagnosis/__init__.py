"""Name the failure in a report, with its cause and cure; the museum of failures."""

from helpers.diagnosis.blocking import what_each_waits_for
from helpers.diagnosis.match import diagnose
from helpers.diagnosis.museum import visit, visit_hall
from helpers.diagnosis.start_methods import print_lens, under_every_method

__all__ = [
    "diagnose",
    "print_lens",
    "under_every_method",
    "visit",
    "visit_hall",
    "what_each_waits_for",
]
