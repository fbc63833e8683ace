"""The environment of a notebook's kernel ends with the `with`."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tools.outline import ROOT

pytestmark = [pytest.mark.once, pytest.mark.processes]

TWO_KERNELS = """
import tempfile
from tools.build.kernel_environment import kernel_environment, scratch_folder
for number in range(2):
    with scratch_folder() as scratch, kernel_environment(scratch):
        tempfile.gettempdir()  # Jupyter asks for it, too
    tempfile.mkdtemp()
    print(tempfile.gettempdir() == str(scratch.temporary))
"""


def test_our_own_temporary_folder_stays_what_it_was(tmp_path):
    command = [sys.executable, "-c", TWO_KERNELS]
    environment = {"PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path), "PATH": ""}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("False\nFalse\n", "")
