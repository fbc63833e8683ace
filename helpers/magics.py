"""`%%module work_01`: put a cell into a file and import it afresh, so that children can find it.

It is `%%writefile work_01.py` and `import work_01`, nothing more. Load it by
`%load_ext helpers.magics`.
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
from pathlib import Path

from IPython.core.interactiveshell import InteractiveShell
from IPython.core.magic import Magics, cell_magic, magics_class

from helpers.refusals import bad_type, bad_value

_FIRST_LINE = "# Written by %%module from a notebook's cell: edit the cell, not this file.\n"


@magics_class
class ModuleMagics(Magics):
    """The cell magic `%%module NAME`."""

    @cell_magic
    def module(self, line: str, cell: str) -> None:
        """Write the cell to NAME.py beside the notebook and import it, as it is now, as NAME."""
        name = line.strip()
        path = write_module(name, cell)
        importlib.invalidate_caches()
        sys.modules.pop(name, None)
        if str(path.parent) not in sys.path:
            sys.path.insert(0, str(path.parent))
        self.shell.user_ns[name] = importlib.import_module(name)


def write_module(name: str, text: str) -> Path:
    """The path of NAME.py in the current folder, into which `text` was written.

    Raises ValueError for a name that is not `work_` and more, and FileExistsError rather than
    overwrite a file that was not written here.
    """
    advice = "Say %%module work_01."
    if not isinstance(name, str) or not isinstance(text, str):
        raise bad_type("name and text", (name, text), "two strings", advice)
    if not re.fullmatch(r"work_\w+", name):
        raise bad_value("name", name, "work_ and more letters or digits", advice)
    path = Path.cwd() / f"{name}.py"
    if path.exists() and not path.read_text(encoding="utf-8").startswith(_FIRST_LINE):
        raise FileExistsError(
            f"{path.name} is there already and was not written by %%module. Rename one of the two."
        )
    path.write_text(_FIRST_LINE + text, encoding="utf-8")
    # Python takes a compiled file of the same second and the same size for a fresh one.
    Path(importlib.util.cache_from_source(str(path))).unlink(missing_ok=True)
    return path


def load_ipython_extension(shell: InteractiveShell) -> None:
    """Called by `%load_ext helpers.magics`."""
    shell.register_magics(ModuleMagics)
