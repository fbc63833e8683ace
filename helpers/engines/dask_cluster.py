"""Dask as an engine, and as programs of their own: whatever is started here is ended here.

    DaskExecutor       a standard Executor on a cluster of this machine that lives as long as it
    ProgramCluster     a scheduler and workers as separate programs, found by their address

Dask is imported where it is used: helpers.engines.executors must load where it is not installed.
"""

from __future__ import annotations

import importlib.util
import re
import subprocess
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from contextlib import ExitStack, suppress
from types import TracebackType

from helpers import process_control
from helpers.process_control import PythonProgram
from helpers.validation import whole_number

START_LIMIT = 120  # seconds for a program to say where it listens; a loaded machine starts slowly
_SAYS = re.compile(r"(?:Scheduler at|Start worker at):\s+(tcp://[\w.]+:\d+)")


def why_no_dask() -> str:
    """Why Dask can't be used here and what to do; empty if it can."""
    if importlib.util.find_spec("distributed") is None:
        return "Dask is not installed for this Python: python -m pip install distributed."
    return ""


class DaskExecutor(Executor):
    """A cluster of this machine as a standard Executor: worker processes with one thread each.

    It starts them and ends them. A task that is submitted twice runs twice, as with every other
    Executor; Dask by itself would take two equal calls for one.
    """

    def __init__(
        self, workers: int, initializer: Callable | None = None, initargs: tuple = ()
    ) -> None:
        import dask
        from distributed import Client, LocalCluster

        with ExitStack() as stack:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="dask-"))
            with dask.config.set({"temporary-directory": folder}):  # the scheduler's files too
                cluster = LocalCluster(
                    n_workers=workers,
                    threads_per_worker=1,
                    dashboard_address="127.0.0.1:0",  # 8787 may be taken
                    silence_logs="CRITICAL",
                )
            self._cluster = stack.enter_context(cluster)
            client = stack.enter_context(Client(cluster, set_as_default=False))
            client.wait_for_workers(workers, timeout=START_LIMIT)
            if initializer is not None:
                client.run(initializer, *initargs)
            self._pool = client.get_executor(pure=False)
            self._stack = stack.pop_all()

    def submit(self, fn: Callable, /, *args: object, **kwargs: object) -> Future:
        """A future of the call on one of the workers; RuntimeError after shutdown."""
        return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the cluster: when all is done, or at once if nobody waits or futures are cancelled.

        Unlike other executors' it always waits for the processes' end, so that none is left.
        """
        self._pool.shutdown(wait=wait and not cancel_futures)
        self._stack.close()

    def kill(self) -> None:
        """End every worker now, whatever it does, and return when they have ended."""
        with suppress(Exception):  # a cluster that is breaking down raises many things
            self._pool.shutdown(wait=False)
        nannies = self._cluster.workers.values()
        for nanny in nannies:
            nanny.auto_restart = False
        process_control.kill_tree(roots=[nanny.pid for nanny in nannies if nanny.pid is not None])
        self._stack.close()


class ProgramCluster:
    """A Dask scheduler and workers as programs of their own on this machine, without a nanny.

    Use it in a `with` block: `cluster.address` is the scheduler's, for `Client(…)`, and `commands`
    are what one would type to start the same. They listen on 127.0.0.1 only, on free ports, and
    end at the end of the block; also if the kernel dies. RuntimeError if one does not come up.
    """

    def __init__(self, workers: int = 2) -> None:
        whole_number("workers", workers, 1, 32, "Pass how many, e.g. workers=2.")
        self.address = ""
        self.commands = ["dask scheduler"]
        self._many = workers
        self._programs: list[_Program] = []
        self._starting, self._over = threading.Lock(), False

    def __enter__(self) -> ProgramCluster:
        self._folder = tempfile.TemporaryDirectory(prefix="dask-")
        try:
            # A port of 0 lets the system choose; 8787 may be taken by another course.
            here = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
            self.address = self._start("scheduler", "--port", "0", *here).where()
            one = ["worker", self.address, "--nthreads", "1", "--no-nanny"]
            for _ in range(self._many):
                self._start(*one, *here)
            self.commands += [f"dask worker {self.address} --nthreads 1 --no-nanny"] * self._many
            for worker in self._programs[1:]:
                worker.where()
        except BaseException:  # an interrupt too: nobody calls __exit__ then
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.end()
        self._folder.cleanup()

    def kill(self, worker: str) -> bool:
        """Kill the worker with this address, as a power cut would; False if there is none."""
        for program in self._programs[1:]:
            if program.address == worker and program.is_alive():
                program.end()
                return True
        return False

    def end(self) -> None:
        """End all of them at once; a start that is under way in another thread gets an error."""
        with self._starting:
            self._over = True
        for program in reversed(self._programs):
            program.end()

    def _start(self, *words: str) -> _Program:
        with self._starting:
            if self._over:
                raise RuntimeError("the cluster was ended before it had started")
            program = _Program(words, self._folder.name)
            self._programs.append(program)
        return program


class _Program:
    """One `dask …` command; a thread reads what it says, so that its pipe never fills."""

    def __init__(self, words: tuple[str, ...], folder: str) -> None:
        self._words = words
        self._said: list[str] = []
        self.address = ""
        self._known = threading.Event()
        self._process = PythonProgram(
            *("-m", "helpers.engines.dask_cluster", *words),
            variables={"DASK_TEMPORARY_DIRECTORY": folder},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def where(self) -> str:
        """The address at which it listens, once it does; RuntimeError if it never does."""
        self._known.wait(START_LIMIT)
        if not self.address:
            last = (self._said or ["It said nothing."])[-1].strip()
            raise RuntimeError(
                f"dask {self._words[0]} did not start. Is connecting to 127.0.0.1 allowed? {last}"
            )
        return self.address

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """End it by force: it has nothing to save, and a polite end takes it seconds."""
        self._process.kill_tree()
        self._reader.join()
        for pipe in (self._process.stdin, self._process.stderr):
            assert pipe is not None
            pipe.close()

    def _read(self) -> None:
        assert self._process.stderr is not None
        for line in self._process.stderr:
            self._said = [*self._said[-20:], line]
            found = _SAYS.search(line)
            if found and not self.address:
                self.address = found[1]
                self._known.set()
        self._known.set()  # it has ended


if __name__ == "__main__":
    process_control.end_with_parent()
    from dask.cli import run_cli

    run_cli()
