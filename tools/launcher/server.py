"""Starts JupyterLab, in the course's environment, without what else configures Jupyter here.

    python -m tools.launcher.server FLAGS    as python -m jupyterlab FLAGS

A token, an address or a folder that the user, a teacher or an administrator has set for another
server would make the README's promises untrue. So no configuration file is read but those that say
which parts of JupyterLab the environment has.
"""

import contextlib
import runpy
import sys


def forget_configuration() -> None:
    """Let Jupyter read no file of settings, and no folder that belongs to the whole machine."""
    from jupyter_core import application, paths

    application.JupyterApp.load_config_file = lambda *_given, **_named: None
    paths.SYSTEM_CONFIG_PATH = paths.ENV_CONFIG_PATH
    paths.SYSTEM_JUPYTER_PATH = paths.ENV_JUPYTER_PATH


if __name__ == "__main__":
    try:
        with contextlib.suppress(ImportError):  # what is missing there, JupyterLab misses, too
            forget_configuration()
        runpy.run_module("jupyterlab", run_name="__main__", alter_sys=True)
    except Exception as error:
        sys.exit(f"JupyterLab can't start: {type(error).__name__}: {error}")
