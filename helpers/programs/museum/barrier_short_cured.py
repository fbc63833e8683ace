"""Two runners and their trainer wait for one another, then the race begins."""

from multiprocessing import Barrier, Process


def run(line):
    line.wait()
    print("running")


if __name__ == "__main__":
    line = Barrier(3)
    runners = [Process(target=run, args=(line,)) for _ in range(2)]
    for runner in runners:
        runner.start()
    line.wait()
    for runner in runners:
        runner.join()
