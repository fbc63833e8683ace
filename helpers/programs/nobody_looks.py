"""A child fails, the main process joins it and does not look at the exit code."""

import multiprocessing


def work() -> None:
    raise ValueError("half of the results are missing")


if __name__ == "__main__":
    child = multiprocessing.Process(target=work)
    child.start()
    child.join()
    print("main: all done")
