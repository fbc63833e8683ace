"""Meetings that prove that workers ran at the same time, and races stepped in a fixed order."""

from helpers.rendezvous.meeting import JobError, Meeting, report

__all__ = [
    "JobError",
    "Meeting",
    "report",
]
