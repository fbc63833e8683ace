"""Wrong: every job has an answer: the code ended early: ModuleNotFoundError: No module"""

import no_such_module


def who_did_what(jobs: list[str]) -> dict[str, int]:
    return no_such_module.do(jobs)
