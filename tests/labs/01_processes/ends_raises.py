"""Wrong: every job has an answer: the code ended early: ValueError: on purpose"""


def who_did_what(jobs: list[str]) -> dict[str, int]:
    raise ValueError("on purpose")
