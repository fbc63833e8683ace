"""Todo."""

from multiprocessing import Value


def count_by_values(pages: list[str], word: str) -> int:
    raise NotImplementedError


def add_count(page: str, word: str, total: Value) -> None:
    raise NotImplementedError


def count_in_shared_memory(pages: list[str], word: str) -> int:
    raise NotImplementedError
