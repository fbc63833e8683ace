"""A worker does all jobs but the empty one; the parent waits for the last."""

from multiprocessing import JoinableQueue, Process


def work(jobs):
    while True:
        job = jobs.get()
        if job:
            print(job, "is done")
            jobs.task_done()


if __name__ == "__main__":
    jobs = JoinableQueue()
    Process(target=work, args=(jobs,), daemon=True).start()
    for job in ("wash", "", "dry"):
        jobs.put(job)
    jobs.join()
