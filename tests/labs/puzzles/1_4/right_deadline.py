"""Right: one deadline for all."""

import time
from multiprocessing import Process


def ask(machine: str) -> None:
    if machine.startswith("stuck"):
        time.sleep(3600)


def silent(machines: list[str], patience: float) -> list[str]:
    asking = {machine: Process(target=ask, args=(machine,)) for machine in machines}
    for process in asking.values():
        process.start()
    deadline = time.monotonic() + patience
    for process in asking.values():
        process.join(max(0, deadline - time.monotonic()))
    late = [machine for machine, process in asking.items() if process.exitcode != 0]
    for process in asking.values():
        process.terminate()
        process.join()
    return late
