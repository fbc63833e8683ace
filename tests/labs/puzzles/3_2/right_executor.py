"""Right: the future of each task keeps its exception."""

from concurrent.futures import ProcessPoolExecutor


def read_all(lines: list[str]) -> dict[str, float | str]:
    with ProcessPoolExecutor(2) as pool:
        futures = {text: pool.submit(float, text) for text in lines}
    return {
        text: "no price" if future.exception() else future.result()
        for text, future in futures.items()
    }
