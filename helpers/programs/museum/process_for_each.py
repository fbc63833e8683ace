"""Square twelve numbers, and print the sum of the squares."""

from multiprocessing import Process, SimpleQueue


def square(number, squares):
    squares.put(number**2)


if __name__ == "__main__":
    squares = SimpleQueue()
    children = [Process(target=square, args=(n, squares)) for n in range(12)]
    for child in children:
        child.start()
    print("the sum is", sum(squares.get() for _ in children))
    for child in children:
        child.join()
