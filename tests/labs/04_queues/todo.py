"""Todo."""

from multiprocessing import Queue


def produce(names: list[str], tasks: Queue, consumers: int) -> None:
    raise NotImplementedError


def consume(tasks: Queue, results: Queue) -> None:
    raise NotImplementedError


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    raise NotImplementedError
