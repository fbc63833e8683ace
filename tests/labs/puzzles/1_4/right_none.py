"""Right: asks for None."""

import time
from multiprocessing import Process


def ask(machine: str) -> None:
    if machine.startswith("stuck"):
        time.sleep(3600)


def silent(machines: list[str], patience: float) -> list[str]:
    asking = [Process(target=ask, args=(machine,)) for machine in machines]
    for process in asking:
        process.start()
    for process in asking:
        process.join(patience)
    pairs = zip(machines, asking, strict=True)
    late = [machine for machine, process in pairs if process.exitcode is None]
    for process in asking:
        process.kill()
        process.join()
    return late
