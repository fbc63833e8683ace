"""Measure three words in an executor, then leave at once."""

from concurrent.futures import ProcessPoolExecutor

if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        print(*executor.map(len, ["one", "three", "fifteen"]), flush=True)
