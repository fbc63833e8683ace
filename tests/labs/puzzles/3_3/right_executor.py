"""Right: the executor reads while the workers run."""

from concurrent.futures import ProcessPoolExecutor


def copy_all(books: dict[str, str]) -> dict[str, str]:
    with ProcessPoolExecutor(2) as pool:
        return dict(zip(books, pool.map(str.upper, books.values()), strict=True))
