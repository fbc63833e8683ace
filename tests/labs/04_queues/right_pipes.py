"""Right: a pipe for each consumer, which ends when the pipe does."""

from multiprocessing import Pipe, Process
from multiprocessing.connection import Connection, wait

from helpers.workers.lab_04 import SpoiledError, develop


def consume(names: list[str], end: Connection) -> None:
    for name in names:
        try:
            end.send((name, develop(name)))
        except SpoiledError as error:
            end.send((name, str(error)))
    end.close()


def run_line(names: list[str], consumers: int) -> dict[str, bytes | str]:
    found, ends, crew = {}, [], []
    for number in range(consumers):
        ours, theirs = Pipe(duplex=False)
        process = Process(target=consume, args=(names[number::consumers], theirs))
        process.start()
        theirs.close()
        ends.append(ours)
        crew.append(process)
    while ends:
        for end in wait(ends):
            try:
                name, result = end.recv()
                found[name] = result
            except EOFError:
                ends.remove(end)
    for process in crew:
        process.join()
    return found
