"""A consumer marks each task as done; if the argument is `forgets`, all but the third."""

import sys
from multiprocessing import JoinableQueue, Process


def consume(tasks, forgets):
    while True:
        task = tasks.get()
        if task is None:
            break
        if not (forgets and task == 3):
            tasks.task_done()


if __name__ == "__main__":
    tasks = JoinableQueue()
    consumer = Process(target=consume, args=(tasks, sys.argv[1] == "forgets"))
    consumer.start()
    for task in (1, 2, 3, 4):
        tasks.put(task)
    tasks.join()
    tasks.put(None)
    consumer.join()
    print("every task is done")
