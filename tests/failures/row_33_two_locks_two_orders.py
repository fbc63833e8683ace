"""Row 33: locks taken in different orders.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import sys

context = multiprocessing.get_context(sys.argv[1])


def there(first, second, both):
    with first:
        both.wait()
        with second:
            print("there")


def back(first, second, both):
    with second:
        both.wait()
        with first:
            print("back")


if __name__ == "__main__":
    args = (context.Lock(), context.Lock(), context.Barrier(2))
    processes = [context.Process(target=target, args=args) for target in (there, back)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
