"""What the course shipped: a fingerprint of each notebook, and where to find its text again.

    docs/shipped.json    "labs/01_processes.ipynb": {"cells": hash, "outputs": hash}

The build writes that file and the check compares it. Git's last commit is no measure of what was
shipped: a learner may have committed edits, and a downloaded archive has no git.
"""

import hashlib
import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple

from helpers.files import read as read_file

SHIPPED = "docs/shipped.json"
LARGE = 100_000_000  # bytes: more than a hundred times what a notebook of the course may have
OLDEST_COMMIT = 50  # how many commits of a notebook are searched for its shipped text


class Fingerprint(NamedTuple):
    """What tells two versions of a notebook apart."""

    cells: str  # a hash of the cells' kinds and texts, in order
    outputs: str  # a hash of all outputs and widget states, "" if there are none


def fingerprint(text: str) -> Fingerprint | None:
    """Return the fingerprint of a notebook's text, or None if it is not a notebook.

    What an editor changes without being asked makes no difference: execution counts, metadata,
    the way long texts are split, and the empty cell that Shift+Enter adds at the end.
    """
    try:
        notebook = json.loads(text)
        found = [(joined(cell["source"]), cell) for cell in notebook["cells"]]
        cells = [[cell["cell_type"], source] for source, cell in found if source.strip()]
        outputs = [
            [place, [_plain(output) for output in cell["outputs"]]]
            for place, (_source, cell) in enumerate(found)
            if cell.get("outputs")
        ]
        widgets = notebook.get("metadata", {}).get("widgets")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    stored = [*outputs, *([widgets] if widgets else [])]
    return Fingerprint(_hash(cells), _hash(stored) if stored else "")


def text_fingerprint(text: str) -> str:
    """Return a hash of a plain text; line ends make no difference."""
    return _hash(text.splitlines())


def without_outputs(text: str) -> str:
    """Return the notebook as a learner first sees it: nothing has run yet."""
    notebook = json.loads(text)
    for cell in notebook["cells"]:
        if cell["cell_type"] == "code":
            cell.update(execution_count=None, outputs=[])
    notebook.get("metadata", {}).pop("widgets", None)
    copy = json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    try:
        copy.encode()
    except UnicodeEncodeError:  # half a character that no file can hold; JSON can, escaped
        copy = json.dumps(notebook, indent=1, sort_keys=True) + "\n"
    return copy


def read_shipped(root: Path) -> dict[str, Fingerprint]:
    """Return each notebook's fingerprint by its name; {} if they can't be read.

    If the file can't be read, as in the middle of a merge, git's last commit has it.
    """
    return _fingerprints(read_text(root / SHIPPED)) or _fingerprints(
        _git(root, "show", f"HEAD:./{SHIPPED}")
    )


def _fingerprints(text: str | None) -> dict[str, Fingerprint]:
    try:
        table = json.loads(text or "")
        return {name: Fingerprint(one["cells"], one["outputs"]) for name, one in table.items()}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}


def shipped_text(prints: dict[str, Fingerprint]) -> str:
    """Return docs/shipped.json with these fingerprints, one notebook on a line."""
    lines = (f"  {json.dumps(name)}: {json.dumps(one._asdict())}" for name, one in prints.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def is_shipped(text: str | None, wanted: Fingerprint | None, *, outputs: bool = True) -> bool:
    """Return whether this is the shipped notebook; without a fingerprint, any notebook is.

    With `outputs` False its cells must be as shipped, and it may have been run.
    """
    found = fingerprint(text) if text else None
    if found is None or wanted is None:
        return found is not None
    return found == wanted if outputs else found.cells == wanted.cells


def find_shipped(
    root: Path, name: str, wanted: Fingerprint | None, *, outputs: bool = True
) -> str | None:
    """Return the shipped text of a notebook: the file itself, else an older one that git has."""
    text = read_text(root / name)
    if is_shipped(text, wanted, outputs=outputs):
        return text
    log = _git(root, "rev-list", f"--max-count={OLDEST_COMMIT}", "HEAD", "--", name)
    for commit in (log or "").split():
        text = _git(root, "show", f"{commit}:./{name}")
        if is_shipped(text, wanted, outputs=outputs):
            return text
    return None


def is_large(path: Path) -> bool:
    """Return whether a file is so large that reading it would fill the memory."""
    try:
        return path.stat().st_size > LARGE
    except OSError:
        return False


def read_text(path: Path) -> str | None:
    """Return the text of a file, None if there is none, "" if it is not text or is too large."""
    try:
        if is_large(path):
            return ""
        return read_file(path).decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError):
        return ""


def _git(root: Path, *arguments: str) -> str | None:
    """Return what git prints; None if there is no git or it has no answer."""
    try:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True)
        return done.stdout.decode("utf-8") if done.returncode == 0 else None
    except (OSError, ValueError):
        return None


def joined(text: str | list[str]) -> str:
    """Return a text that a notebook may hold as a list of lines."""
    whole = text if isinstance(text, str) else "".join(text)
    return whole.replace("\r\n", "\n")


def _plain(value: Any) -> Any:  # noqa: ANN401 (JSON data)
    """Return JSON data in one form: texts in one piece, no counts."""
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items() if key != "execution_count"}
    if isinstance(value, list):
        texts = value and all(isinstance(one, str) for one in value)
        return joined(value) if texts else [_plain(one) for one in value]
    return value


def _hash(value: object) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:32]
