"""What is noted of results that get lost without an error (filled below)."""


def install() -> None:
    """Nothing yet."""
