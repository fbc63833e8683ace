"""Fails: producer_gone.

methods: fork spawn forkserver
pythons: 3.11-3.15
limit: 20
"""

import multiprocessing
import os
import sys

context = multiprocessing.get_context(sys.argv[1])


class Producer(context.Process):
    def __init__(self, queue):
        super().__init__()
        self.queue = queue

    def run(self):
        os._exit(1)


class Consumer(Producer):
    def run(self):
        print(self.queue.get())


if __name__ == "__main__":
    queue = context.Queue()
    processes = [Producer(queue), Consumer(queue)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
