"""Todo."""


def who_did_what(jobs: list[str]) -> dict[str, int]:
    raise NotImplementedError
