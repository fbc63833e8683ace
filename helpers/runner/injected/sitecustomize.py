"""Start taking notes in every Python that a supervised program starts, itself included.

Python imports a module named sitecustomize at its start. The supervisor puts this folder on
PYTHONPATH, so it finds this one, which then runs the sitecustomize that it hides.
"""

import importlib.machinery
import importlib.util
import os
import sys


def take_notes() -> None:
    """Begin to note what this process does, if the supervisor asked for it."""
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
        if os.environ.get("COURSE_RUN_STATE"):
            import course_state

            course_state.install()
        if os.environ.get("COURSE_START_METHOD"):
            import course_start_method

            course_start_method.install(os.environ["COURSE_START_METHOD"])


def run_hidden_sitecustomize() -> None:
    """Run the sitecustomize that this one hides, if there is one."""
    here = os.path.dirname(os.path.realpath(__file__))  # noqa: PTH120 (pathlib loads slowly)
    # Without this set, two modules that hide each other would run each other forever.
    ran = sys.__dict__.setdefault("_course_ran", set())
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
except Exception as error:  # a problem with the notes must not stop the program
    if os.environ.get("COURSE_RUN_NOTES_STRICT"):
        raise
    sys.stderr.write(f"(no notes are taken here: {error})\n")
run_hidden_sitecustomize()
