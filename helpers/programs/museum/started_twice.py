"""Run the same job two times."""

from multiprocessing import Process


def job():
    print("the job is done")


if __name__ == "__main__":
    child = Process(target=job)
    for _ in range(2):
        child.start()
        child.join()
