"""Help in a lab or puzzle: the next hint, the solution, and a fresh start.

hint("01")      -> the next of three hints for the first requirement that is not ok yet
solution("01")  -> the solved cell and its reasons, after success or three honest tries
reset("01")     -> work_01.py is put aside; course.py gives the notebook back
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from helpers.files import put_aside
from helpers.progress.labs import (
    LabProgress,
    can_be_kept,
    lab_progress,
    record_hint,
    record_solution_opened,
)
from helpers.progress.outline import (
    IN_CHECKOUT,
    ROOT,
    answer_name,
    check_name,
    known_exercise,
    page_of,
)

STEPS = 3  # hints for one requirement: a nudge, a pointer, nearly the answer
TRIES = 3  # honest tries until the solution opens


def hint(lab: str) -> None:
    """Print the next hint for the first requirement that the last check did not find ok.

    Raise TypeError or ValueError if there is no such lab or puzzle.
    """
    lab = known_exercise(lab, "hint('01')")
    progress = lab_progress(lab)
    if not progress.first_open:
        _say(f'All is ok: there is nothing to hint at. solution("{lab}") shows another answer.')
        return
    if not progress.checked:
        _say(f'Press check("{lab}") first: then the hint is for what is not ok yet.')
    name = progress.first_open
    hints = _hints(lab).get(name)
    if not hints:
        _say(f'There is no hint for "{name}" yet. What did check("{lab}") say to look at?')
        return
    step = min(_shown(progress, name) + 1, STEPS)
    _say(f'Hint {step} of {STEPS} for "{name}":')
    _say(hints[step - 1])
    if step == STEPS:
        _say(f"That was the last one. {_about_solution(lab, progress)}")
    record_hint(lab, name, step)


def solution(lab: str) -> None:
    """Show the solved cell and why each line is there; before that, say when it opens.

    It opens after success or after three honest tries. A check is an honest try if something is
    written and it is not the same answer again. Raise TypeError or ValueError if there is no such
    lab or puzzle.
    """
    lab = known_exercise(lab, "solution('01')")
    progress = lab_progress(lab)
    if _missing(progress) and can_be_kept(lab):
        _say(_about_solution(lab, progress))
        _say(f'hint("{lab}") gives the next of {STEPS} steps.')
        return
    page = page_of(lab)
    try:
        parts = list(_solved_parts(ROOT / page.solution_file, answer_name(lab)))
    except (OSError, ValueError, KeyError, TypeError):
        parts = []
    if not parts and not IN_CHECKOUT:
        _say("The installed package has no solutions. Open the lab in the course's own folder.")
        return
    if not parts:
        _say(f"{page.solution_file} can't be read. Make it, in a terminal:")
        print(f"    python3 course.py build {page.solution_file.removesuffix('.ipynb')}")
        return
    if explanation := getattr(_judge(lab), "EXPLANATION", ""):
        parts.append(explanation)
    says_so = any("one solution of several" in part for part in parts)
    _show("\n\n".join(parts if says_so else [*parts, _ONE_OF_SEVERAL]))
    record_solution_opened(lab)


def reset(lab: str) -> None:
    """Put `work_NN.py` aside under another name, and say how to get the notebook's cells back.

    The notes on your progress stay as they are. Raise TypeError or ValueError if there is no such
    lab or puzzle.
    """
    lab = known_exercise(lab, "reset('01')")
    file, page = Path.cwd() / f"{answer_name(lab)}.py", page_of(lab)
    try:
        kept = put_aside(file)
    except OSError as error:
        _say(f"{file.name} can't be renamed ({error.strerror}). Close what uses it, or rename it.")
        return
    sys.modules.pop(file.stem, None)
    _say(f"{file.name} is kept as {kept.name}." if kept else f"There is no {file.name} yet.")
    _say(
        "To have the notebook's own cells back, close its tab, type this in a terminal in the"
        " course's folder, and open it again. Your version is kept next to it."
    )
    print(f"    python3 course.py reset {page.lab_file.removesuffix('.ipynb')}")


_ONE_OF_SEVERAL = (
    "This is one solution of several. If yours is another, and its check says `ok` in every line,"
    " it is as good."
)


def _hints(lab: str) -> dict[str, tuple[str, str, str]]:
    """Return the three hints for each requirement, by its name."""
    return getattr(_judge(lab), "HINTS", {})


def _judge(lab: str) -> ModuleType:
    """Return the module that judges the lab or puzzle."""
    return importlib.import_module(f"helpers.checks.{check_name(lab)}")


def _shown(progress: LabProgress, name: str) -> int:
    """Return how many hints for this requirement were shown already."""
    return next(one.hints for one in progress.requirements if one.name == name)


def _missing(progress: LabProgress) -> int:
    """Return how many honest tries are missing until the solution opens."""
    return 0 if progress.solved else max(0, TRIES - progress.tries)


def _about_solution(lab: str, progress: LabProgress) -> str:
    """Return, in words, when the solution opens, or that it is open."""
    missing = _missing(progress)
    if not missing:
        return f'solution("{lab}") shows one solution, with the reasons.'
    counted = f"{missing} more" if progress.tries else f"{missing}"
    tries = "one more honest try" if missing == 1 else f"{counted} honest tries"
    return (
        f'solution("{lab}") opens after success, or after {tries}: write something, and press'
        f' check("{lab}").'
    )


def _solved_parts(file: Path, module: str) -> Iterator[str]:
    """Yield the solved notebook's module of that name, and the cells with reasons, as Markdown."""
    cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
    texts = ["".join(cell["source"]) for cell in cells]
    for cell, text in zip(cells, texts, strict=True):
        if cell["cell_type"] == "code" and re.match(rf"%%module {module}\b", text):
            yield f"```python\n{text}\n```"
    for cell, text in zip(cells, texts, strict=True):
        if "solution" in cell["metadata"].get("tags", ()) and cell["cell_type"] == "markdown":
            yield text


def _show(markdown: str) -> None:
    """Show the text as Markdown in a notebook; elsewhere print it."""
    if "IPython" in sys.modules and sys.modules["IPython"].get_ipython():
        from IPython.display import Markdown, display

        display(Markdown(markdown))
    else:
        print(markdown)


def _say(text: str) -> None:
    """Print the text, wrapped; a line that starts with a blank is code and stays as it is."""
    for line in text.split("\n"):
        print(line if line.startswith(" ") else textwrap.fill(line, 92))
