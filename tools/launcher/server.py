"""Start JupyterLab in the course's environment, without the other Jupyter settings of this machine.

    python -m tools.launcher.server FLAGS    as python -m jupyterlab FLAGS

A token, an address or a folder that the user, a teacher or an administrator has set for another
server would make the README's promises untrue. So the only configuration files that
are read are those that say which parts of JupyterLab the environment has.
"""

import contextlib
import logging
import os
import runpy
import secrets
import shutil
import sys
import traceback

from helpers.process_control import kill_own_tree_with_parent
from tools.launcher.keeper import KEEPER_ID
from tools.launcher.open_browser import BEFORE


def forget_configuration() -> None:
    """Let Jupyter read no file of settings, and no folder that belongs to the whole machine."""
    from jupyter_core import application, paths

    application.JupyterApp.load_config_file = lambda app, *_given, **_named: configure(app)
    paths.SYSTEM_CONFIG_PATH = paths.ENV_CONFIG_PATH
    paths.SYSTEM_JUPYTER_PATH = paths.ENV_JUPYTER_PATH


def configure(app: object) -> None:
    """Tell a part of Jupyter what no flag can say, in place of its files of settings."""
    from traitlets.config import Config

    told = Config()
    # Jupyter would keep it in a file, and a cookie of this start would open the next one.
    told.ServerApp.cookie_secret = SECRET
    # Cookies know no ports: a browser would send ours to any server on this address, another
    # user's, too. It sends them only below the path for which they were set, and this one is new.
    told.ServerApp.base_url = f"/{PATH}/"
    # Other users of this machine can connect to a kernel's ports.
    told.MappingKernelManager.transport_encryption = encryption()
    app.update_config(told)


SECRET = os.urandom(32)
PATH = secrets.token_urlsafe(9)


def hide_path() -> None:
    """Let a page that does not exist be a few words: Jupyter's own tells a stranger the path."""
    from jupyter_server import serverapp
    from tornado.web import RequestHandler

    class NothingHere(RequestHandler):
        def prepare(self) -> None:
            self.set_status(404)
            self.finish("Nothing is here. The address is the one that course.py printed.")

    serverapp.Template404 = NothingHere


def announce_when_it_answers() -> None:
    """Let Jupyter print its address, and open the browser, after it has begun to listen."""
    from jupyter_server.serverapp import ServerApp

    start_app = ServerApp.start_app

    def announce(app: ServerApp) -> None:
        try:
            start_app(app)
        except OSError as error:  # else it would go on without an address to open it at
            app.log.critical("JupyterLab can't start: %s", error)
            app.exit(1)

    # The loop calls what it was given in order, and to listen is what it was given before.
    ServerApp.start_app = lambda app: app.io_loop.add_callback(announce, app)


def print_errors_in_words() -> None:
    """Let what is logged end with an error's own words: a traceback helps no learner."""

    def in_words(_formatter: logging.Formatter, info: tuple) -> str:
        return "".join(traceback.format_exception_only(*info[:2])).strip()

    logging.Formatter.formatException = in_words  # type: ignore[method-assign]


def encryption() -> str:
    """Return how kernels encrypt what they send: "auto" if ZeroMQ can, else "disabled"."""
    import zmq

    return "auto" if zmq.has("curve") else "disabled"


def end_with_keeper() -> None:
    """End, with every kernel, when the keeper is gone; do nothing if no keeper started this."""
    keeper = os.environ.pop(KEEPER_ID, "")
    temporary = os.environ.get("TMPDIR", "") if BEFORE in os.environ else ""
    if keeper:  # it removes this folder, unless it was killed
        kill_own_tree_with_parent(int(keeper), lambda: shutil.rmtree(temporary, ignore_errors=True))


if __name__ == "__main__":
    end_with_keeper()
    if "--debug" not in sys.argv:
        print_errors_in_words()
    try:
        with contextlib.suppress(ImportError):  # what is missing there, JupyterLab misses, too
            forget_configuration()
            hide_path()
            announce_when_it_answers()
        runpy.run_module("jupyterlab", run_name="__main__", alter_sys=True)
    except Exception as error:
        sys.exit(f"JupyterLab can't start: {type(error).__name__}: {error}")
