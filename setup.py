"""Add to the built package the one file that it needs from outside helpers/: the outline.

All else about the package stands in pyproject.toml.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

OUTLINE = Path("source", "outline.toml")


class WithOutline(build_py):
    """Build the package with a copy of the outline in helpers/data, where a wheel looks for it."""

    def run(self) -> None:
        """Build; an editable install gets no copy, since it reads source/outline.toml itself."""
        super().run()
        if not self.editable_mode:
            shutil.copyfile(OUTLINE, Path(self.build_lib, "helpers", "data", OUTLINE.name))


setup(cmdclass={"build_py": WithOutline})
