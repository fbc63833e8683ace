"""Meetings, which prove that workers run at the same time, and races stepped in a fixed order."""

from helpers.rendezvous.meeting import JobError, Meeting, report

__all__ = [
    "JobError",
    "Meeting",
    "report",
]
