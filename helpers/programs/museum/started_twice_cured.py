"""Run the same job two times."""

from multiprocessing import Process


def job():
    print("the job is done")


if __name__ == "__main__":
    for _ in range(2):
        child = Process(target=job)
        child.start()
        child.join()
