"""Outputs as they are stored: plain, the same on every machine, compared as nbval compares them.

nbclient's outputs -> tidy -> refuse what is of this run only -> keep the old if all compares equal
"""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from nbformat import NotebookNode
from nbval.plugin import coalesce_streams, get_sanitize_patterns

from helpers.engines.ratios import DISTURBED

SANITIZE = Path(__file__).parents[1] / "sanitize.cfg"

# nbval compares everything but these; pictures and widgets' random model ids among them.
UNCOMPARED = ("image/png", "image/jpeg", "application/vnd.jupyter.widget-view+json")
WIDGET = "application/vnd.jupyter.widget-view+json"

IGNORED = ("nbval-ignore-output", "nbval-skip")

NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
CELL_NUMBER = re.compile(r"Cell In\[\d+\]")
ESCAPE = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")

ADDRESS = re.compile(r"\b0x[0-9a-fA-F]{6,}\b")
TRACEBACK = re.compile(r"Traceback \(most recent call last\)")
RANDOM_KEY = re.compile(r"\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b")  # a UUID, as in Dask's
PROCESS_ID = re.compile(r"\b(?:p?pids?|process ids?)\b[^\w\n]{0,3}\d{3,}", re.IGNORECASE)
PATH = re.compile(
    r"(?<![\w/:.<~-])/(?:home|Users|root|tmp|usr|opt|var|private|mnt|srv)/\w"
    r"|\b[A-Za-z]:\\{1,2}\w+\\"
)

NOT_HELD = re.compile(r"^✗ .*", re.MULTILINE)
ABOVE_CEILING = re.compile(re.escape(DISTURBED))

NOT_SHOWN = "can't be shown here"
A_TRACEBACK = "a traceback"
FAILED_CLAIM = "a claim that did not hold"
DISTURBED_RESULT = "a result above this machine's ceiling"
BETTER_CLAIM = "Build again when the machine is less busy; if it still fails, fix the experiment"
QUIETER = "Other programs used the cores. Build again when the machine is quiet"
BETTER_OUTPUT = "Print what is the same in every run, or start the line with 'measured:'"
BETTER = {FAILED_CLAIM: BETTER_CLAIM, DISTURBED_RESULT: QUIETER}


def tidy(cell: NotebookNode, count: int) -> None:
    """Keep in an executed cell only what is worth storing, with `count` as its number."""
    cell.execution_count = count
    cell.outputs = coalesce_streams(cell.outputs)
    for output in cell.outputs:
        if "execution_count" in output:
            output.execution_count = count
        if output.output_type == "error":
            output.traceback = _short_traceback(output, count)
        if "data" in output:
            output.data.pop(WIDGET, None)


def _short_traceback(error: NotebookNode, count: int) -> list[str]:
    """Return the traceback's frames in cells; library frames would name this machine's folders."""
    parts = [CELL_NUMBER.sub(f"Cell In[{count}]", ESCAPE.sub("", p)) for p in error.traceback]
    return [*parts[:1], *(part for part in parts[1:-1] if CELL_NUMBER.search(part)), *parts[-1:]]


def texts(cell: NotebookNode) -> Iterator[str]:
    """Return every text in a cell's outputs, without pictures."""
    for output in cell.get("outputs", ()):
        yield output.get("text", "")
        yield f"{output.get('ename', '')}: {output.get('evalue', '')}"
        yield from output.get("traceback", ())
        for kind, text in output.get("data", {}).items():
            if isinstance(text, str) and not kind.startswith("image/"):
                yield text


def unstorable(cell: NotebookNode, root: Path) -> list[str]:
    """Return what in a cell's outputs would differ in another run, each with the way to fix it."""
    faults = []
    compared = not any(tag in IGNORED for tag in cell.metadata.get("tags", ()))
    for text in texts(cell):
        for name, found in _of_this_run(text, root):
            if name == A_TRACEBACK and not compared:
                continue  # it differs from version to version, and is there to be read
            line = next((line for line in text.splitlines() if found in line), found)
            fix = BETTER.get(name, BETTER_OUTPUT)
            faults.append(f"{name} in its output: {line.strip()[:120]!r}. {fix}")
    return list(dict.fromkeys(faults))


def _of_this_run(text: str, root: Path) -> Iterator[tuple[str, str]]:
    for place in _places(root):
        if place in text:
            yield "a path of this machine", place
    for name, pattern, searched in (
        ("an absolute path", PATH, text),
        ("a memory address", ADDRESS, text),
        (A_TRACEBACK, TRACEBACK, text),
        ("a process id", PROCESS_ID, sanitized(text)),  # a "measured:" line may show one
        ("a random key", RANDOM_KEY, sanitized(text)),
        (FAILED_CLAIM, NOT_HELD, text),
        (DISTURBED_RESULT, ABOVE_CEILING, text),
    ):
        if found := pattern.search(searched):
            yield name, found[0]


@cache
def _places(root: Path) -> tuple[str, ...]:
    """Return folders of this machine, but no short one such as /root: harmless text contains it."""
    found = (root, Path.home(), Path(sys.prefix), Path(tempfile.gettempdir()))
    return tuple({str(place) for place in found if len(str(place)) > 6})


@cache
def _patterns() -> tuple[tuple[str, str], ...]:
    return tuple(get_sanitize_patterns(SANITIZE.read_text(encoding="utf-8")))


def sanitized(text: str) -> str:
    """Return the text as nbval compares it."""
    for regex, replacement in _patterns():
        text = re.sub(regex, replacement, text)
    return text


def without_numbers(text: str) -> str:
    """Return the text with numbers replaced and whitespace collapsed, for outputs not compared."""
    return " ".join(NUMBER.sub("#", text).split())


def outputs_compare_equal(new: Sequence[NotebookNode], old: Sequence[NotebookNode]) -> bool:
    """Return whether two runs of the same cells are equal in all that is compared."""
    return all(_cell_compares_equal(*pair) for pair in zip(new, old, strict=True))


def _cell_compares_equal(new: NotebookNode, old: NotebookNode) -> bool:
    if NOT_SHOWN in str(old.outputs) and NOT_SHOWN not in str(new.outputs):
        return False  # equal to the comparison, but the new one shows more
    ignored = any(tag in IGNORED for tag in new.metadata.get("tags", ()))
    same = without_numbers if ignored else sanitized
    return _compared(new, same) == _compared(old, same)


def _compared(cell: NotebookNode, same: Callable[[str], str]) -> list:
    """Return what two runs of a cell must have in common."""
    return [
        (
            output.output_type,
            output.get("name"),
            same(output.get("text", "")),
            output.get("ename"),
            same(output.get("evalue", "")),
            {
                kind: None if kind in UNCOMPARED else same(str(text))
                for kind, text in output.get("data", {}).items()
            },
        )
        for output in cell.outputs
    ]
