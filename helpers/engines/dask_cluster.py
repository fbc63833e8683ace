"""Dask as an engine, and a Dask cluster of separate programs. Each ends everything it started.

    DaskExecutor       a standard Executor; starts a local cluster, and ends it with itself
    ProgramCluster     a scheduler and workers as separate programs, found by their address
    close_clusters     closes every local cluster of this process, and their clients

Dask is imported where it is used, because helpers.engines.executors must also load where Dask is
not installed.
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
from helpers.validation import bad_type, bad_value, whole_number

START_LIMIT = 300  # seconds for a program or a worker to start; a busy machine starts it slowly
_SAYS = re.compile(r"(?:Scheduler at|Start worker at):\s+(tcp://[\w.]+:\d+)")


def why_no_dask() -> str:
    """Return why Dask can't be used here and what to do about it; an empty string if it can."""
    if importlib.util.find_spec("distributed") is None:
        return "Dask is not installed for this Python: python -m pip install distributed."
    return ""


class DaskExecutor(Executor):
    """A local Dask cluster as a standard Executor. Its workers are processes with one thread each.

    It starts the workers and ends them. A task that is submitted twice runs twice, as with every
    other Executor; Dask's own `submit` would run two equal calls once.
    """

    def __init__(
        self, workers: int, initializer: Callable | None = None, initargs: tuple = ()
    ) -> None:
        import dask
        from distributed import Client, LocalCluster

        with ExitStack() as stack:
            # Dask closes a worker that died and has not started again within this time, 15 s by
            # default. Without any worker, the tasks would wait forever. Dask looks at the setting
            # when a worker dies, so it must last as long as the cluster.
            patience = {"distributed.deploy.lost-worker-timeout": f"{START_LIMIT}s"}
            stack.enter_context(dask.config.set(patience))
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
        """Submit the call and return its future. Raise RuntimeError after shutdown."""
        return self._pool.submit(fn, *args, **kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the cluster: after the last task, at once with `wait=False` or `cancel_futures`.

        Unlike other executors, this always waits until all worker processes have ended.
        """
        self._pool.shutdown(wait=wait and not cancel_futures)
        self._stack.close()

    def kill(self) -> None:
        """Kill every worker, even in the middle of a task, and return when they have ended."""
        with suppress(Exception):  # a cluster that is breaking down raises many things
            self._pool.shutdown(wait=False)
        nannies = self._cluster.workers.values()
        for nanny in nannies:
            nanny.auto_restart = False
        process_control.kill_tree(roots=[nanny.pid for nanny in nannies if nanny.pid is not None])
        self._stack.close()


def close_clusters() -> None:
    """Close every client and every local cluster that this process still has open.

    A cell that starts with it can be run again without leaving the cluster of its first run behind.
    """
    from distributed import Client, default_client
    from distributed.deploy.spec import SpecCluster

    for cluster in list(SpecCluster._instances):
        if cluster.status.name != "running":
            continue
        with Client(cluster, set_as_default=False) as client, suppress(TimeoutError):
            # A worker that is just being started can't be closed in order. Dask refuses to wait
            # for none; there is none if it has given up the last one.
            if cluster.workers:
                client.wait_for_workers(len(cluster.workers), timeout=60)
        with suppress(ValueError):  # there is no default client
            default_client().close()
        cluster.close()


class ProgramCluster:
    """A Dask scheduler and its workers, each a separate program on this machine.

    Use it in a `with` block. `worker` is the command of each of the `workers` programs; in it,
    ADDRESS stands for the scheduler's address. `cluster.address` is that address, for
    `Client(...)`, and `commands` are the commands that would start the same cluster by hand. The
    programs listen only on 127.0.0.1, on free ports. They end with the block, and also if the
    kernel dies. Entering the block raises RuntimeError if one of them does not start.
    """

    def __init__(
        self, workers: int = 2, worker: str = "dask worker ADDRESS --nthreads 1 --no-nanny"
    ) -> None:
        whole_number("workers", workers, 1, 32, "Pass how many, e.g. workers=2.")
        advice = "Pass a command: 'dask worker ADDRESS --nworkers 2 --nthreads 1'."
        if not isinstance(worker, str):
            raise bad_type("worker", worker, "a str", advice)
        if not worker.startswith("dask worker ADDRESS"):
            raise bad_value("worker", worker, "a command 'dask worker ADDRESS ...'", advice)
        self.address = ""
        self.commands = ["dask scheduler --host 127.0.0.1"]
        self._many, self._worker = workers, worker
        self._programs: list[_Program] = []
        self._starting, self._over = threading.Lock(), False

    def __enter__(self) -> ProgramCluster:
        self._folder = tempfile.TemporaryDirectory(prefix="dask-")
        try:
            # A port of 0 lets the system choose; 8787 may be taken by another course.
            here = ["--host", "127.0.0.1", "--dashboard-address", "127.0.0.1:0"]
            self.address = self._start("scheduler", "--port", "0", *here).where()
            command = self._worker.replace("ADDRESS", self.address) + " --host 127.0.0.1"
            for _ in range(self._many):
                self._start(*command.split()[1:], "--dashboard-address", "127.0.0.1:0")
            self.commands += [command] * self._many
            for worker in self._programs[1:]:
                worker.where()
        except BaseException:  # an interrupt, too: __exit__ is not called then
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
        """Kill the worker with this address, without warning; return whether there was one."""
        for program in self._programs[1:]:
            if program.address == worker and program.is_alive():
                program.end()
                return True
        return False

    def end(self) -> None:
        """Kill all programs. A start that is under way in another thread raises RuntimeError."""
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
    """One `dask …` command. A thread reads its standard error, so that the pipe never fills."""

    def __init__(self, words: tuple[str, ...], folder: str) -> None:
        self._words = words
        self._said: list[str] = []
        self.address = ""
        self._known = threading.Event()
        self._process = PythonProgram(
            *("-m", "helpers.engines.dask_cluster", *words),
            variables={
                "DASK_TEMPORARY_DIRECTORY": folder,
                "DASK_DISTRIBUTED__COMM__TIMEOUTS__CONNECT": f"{START_LIMIT}s",
            },
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
        """Wait until the program listens, and return its address.

        Raise RuntimeError if it ends first, or does not listen within START_LIMIT seconds.
        """
        self._known.wait(START_LIMIT)
        if not self.address:
            last = (self._said or ["It said nothing."])[-1].strip()
            raise RuntimeError(
                f"dask {self._words[0]} did not start. Is connecting to 127.0.0.1 allowed? {last}"
            )
        return self.address

    def is_alive(self) -> bool:
        """Return whether the program still runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """Kill the program: it has nothing to save, and asking it to stop would take seconds."""
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
        self._known.set()  # the program has ended


if __name__ == "__main__":
    process_control.exit_with_parent()
    from dask.cli import run_cli

    run_cli()
