"""Ends: every job has an answer: the code ended early: ValueError: on purpose, line 5 of"""


def who_did_what(jobs: list[str]) -> dict[str, int]:
    raise ValueError("on purpose")
