"""Read four files in a pool; stop at one that can't be read."""

from multiprocessing import Pool


def read(name):
    if name == "broken":
        raise ValueError("this one can't be read")
    return len(name)


if __name__ == "__main__":
    with Pool(2) as pool:
        try:
            print(pool.map(read, ["one", "two", "broken", "four"]))
        except ValueError as error:
            print("stopped:", error)
