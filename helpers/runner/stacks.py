"""Stacks of processes, parsed from what faulthandler wrote.

text of faulthandler  ->  one Stack for each thread, the innermost frame first
"""

from __future__ import annotations

import re
import sysconfig
from dataclasses import dataclass
from pathlib import Path

_THREAD = re.compile(r"^(Current thread|Thread) 0x[0-9a-fA-F]+")
_DUMP = re.compile(r"^=+$", re.MULTILINE)  # the supervisor's mark between two dumps
_FRAME = re.compile(r'^  File "(.*)", line (\d+|\?\?\?) in (.*)$')
_INJECTED = str(Path(__file__).parent / "injected")
_HELPERS = Path(__file__).parents[1]
_OURS = tuple(str(path) for path in _HELPERS.iterdir() if path.name != "programs")
_LIBRARY = tuple(sysconfig.get_path(n) for n in ("stdlib", "platstdlib", "purelib", "platlib"))
# A forked child's stack contains the frames that its parent had at the fork. The child's own frames
# end at one of these. (Since Python 3.13, _exit_function is called after _bootstrap, not by it.)
_FIRST_OF_CHILD = {
    ("process.py", "_bootstrap"),
    ("process.py", "noted_bootstrap"),
    ("util.py", "_exit_function"),
}


@dataclass(frozen=True)
class Frame:
    """One call: the file, the line in it and the function."""

    file: str
    line: int
    function: str

    @property
    def place(self) -> tuple[str, str]:
        """Return the file's name and the function, such as ("queues.py", "get").

        Rules name a call by these: a line number differs from one Python to the next.
        """
        return Path(self.file).name, self.function

    @property
    def own(self) -> bool:
        """Return whether it is the learner's code, not Python's, a package's or the course's."""
        return not self.file.startswith(("<", *_LIBRARY, *_OURS))


Stack = tuple[Frame, ...]


def read_stacks(text: str) -> tuple[Stack, ...]:
    """Return a Stack for each thread, the main thread's first, from the longest dump in `text`."""
    dumps = _DUMP.split(text)
    threads = max((_threads(dump) for dump in dumps), key=lambda found: sum(map(len, found)))
    return tuple(_of_this_process(thread) for thread in reversed(threads))


def _threads(dump: str) -> list[list[Frame]]:
    threads: list[list[Frame]] = []
    for line in dump.splitlines():
        if _THREAD.match(line):
            threads.append([])
        elif threads and (found := _FRAME.match(line)):
            file, number, function = found.groups()
            threads[-1].append(Frame(file, int(number) if number.isdigit() else 0, function))
    return threads


def own_frame(stack: Stack) -> Frame | None:
    """Return the innermost frame that is the learner's own; None if there is none."""
    return next((frame for frame in stack if frame.own), None)


def _of_this_process(frames: list[Frame]) -> Stack:
    """Return the frames without our injected modules' and without those of a forking parent."""
    kept = []
    for frame in frames:
        if not frame.file.startswith(_INJECTED):
            kept.append(frame)
        if frame.place in _FIRST_OF_CHILD:
            break
    return tuple(kept)
