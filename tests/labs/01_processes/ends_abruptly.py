"""Wrong: every job has an answer: it ended with exit code 3"""

import os


def who_did_what(jobs: list[str]) -> dict[str, int]:
    os._exit(3)
