"""Wrong: every job has an answer: no process was started, and it returned {}"""

from multiprocessing import Process, SimpleQueue

from helpers.workers.lab_01 import do_job


def work(job: str, answers: SimpleQueue) -> None:
    answers.put((job, do_job(job)))


def who_did_what(jobs: list[str]) -> dict[str, int]:
    done_by: dict[str, int] = {}
    if __name__ == "__main__":
        answers = SimpleQueue()
        processes = [Process(target=work, args=(job, answers)) for job in jobs]
        for process in processes:
            process.start()
        done_by = dict(answers.get() for _ in jobs)
        for process in processes:
            process.join()
    return done_by
