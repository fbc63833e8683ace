"""Four results, and a callback that fails on the first of them."""

from multiprocessing import Pool


def note(result: int) -> None:
    print("inverse:", 1 / result)


if __name__ == "__main__":
    with Pool(2) as pool:
        waiting = [pool.apply_async(abs, (number,), callback=note) for number in range(4)]
        print("results:", [result.get() for result in waiting])
