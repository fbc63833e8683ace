"""Wrong: all the jobs ran at once, each in a process: join() right after start()"""

from multiprocessing import Process


def stop(process: Process, patience: float) -> None:
    process.terminate()
    process.join(patience)
    if process.is_alive():
        process.kill()
        process.join()


def supervise(jobs: dict, deadline: float, patience: float) -> dict[str, int]:
    codes = {}
    for name, (function, args) in jobs.items():
        process = Process(target=function, args=args)
        process.start()
        process.join(deadline)
        if process.is_alive():
            stop(process, patience)
        codes[name] = process.exitcode
    return codes
