"""Right: a task returns what remains to be done, and the main program submits it.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 30
"""

import multiprocessing
import sys
from concurrent.futures import ProcessPoolExecutor

context = multiprocessing.get_context(sys.argv[1])


def step(number, product):
    return number - 1, product * number


if __name__ == "__main__":
    number, product = 4, 1
    with ProcessPoolExecutor(2, mp_context=context) as executor:
        while number > 1:
            number, product = executor.submit(step, number, product).result()
    print(product)
