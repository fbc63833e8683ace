"""Runs at the start of every Python that the bounded runner's program starts, and takes notes.

Python imports a module of this name at its start, when its folder is on PYTHONPATH, where the
runner puts it. The sitecustomize that is hidden by this one runs afterwards.
"""

import importlib.machinery
import importlib.util
import os
import sys


def take_notes() -> None:
    """Begins to note what this process does, if the runner asked for it."""
    if os.environ.get("COURSE_RUN_NOTES"):
        import course_events
        import course_processes
        import course_queues
        import course_races
        import course_results

        course_events.begin()
        course_processes.install()
        course_results.install()
        course_races.install()
        course_queues.install()
        if os.environ.get("COURSE_START_METHOD"):
            import course_start_method

            course_start_method.install(os.environ["COURSE_START_METHOD"])


def run_the_one_behind_us() -> None:
    """Runs the sitecustomize that ours has hidden, if there is one."""
    here = os.path.dirname(os.path.realpath(__file__))  # noqa: PTH120 (pathlib loads slowly)
    ran = sys.__dict__.setdefault("_course_ran", set())  # else two run in turns, for ever
    ran.add(here)
    places = [os.path.realpath(place or ".") for place in sys.path]
    others = [place for place in places if place not in ran]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", others)
    if spec and spec.loader:
        module = importlib.util.module_from_spec(spec)
        sys.modules["sitecustomize"] = module
        spec.loader.exec_module(module)


try:
    take_notes()
except Exception as error:  # notes are worth less than the program that they are about
    if os.environ.get("COURSE_RUN_NOTES_STRICT"):
        raise
    sys.stderr.write(f"(no notes are taken here: {error})\n")
run_the_one_behind_us()
