"""Three children read a price each; the parent adds them up."""

from concurrent.futures import ProcessPoolExecutor


def read(text):
    return int(text)


if __name__ == "__main__":
    with ProcessPoolExecutor(2) as executor:
        prices = [executor.submit(read, text) for text in ("20", "3O", "40")]
    try:
        print("the total is", sum(price.result() for price in prices))
    except ValueError as error:
        print("no total:", error)
