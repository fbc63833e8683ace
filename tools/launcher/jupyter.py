"""What JupyterLab is told: the course's settings, in place of those of the user's own Jupyter."""

import errno
import json
import os
import re
import shlex
import socket
import tempfile
from collections.abc import Sequence
from pathlib import Path

from helpers.files import make_folder
from tools.launcher.copies import MY_COURSE
from tools.launcher.keeper import TEMPORARY
from tools.launcher.open_browser import BEFORE
from tools.launcher.paths import STATE, VENV, Problem, variables
from tools.launcher.pythons import this_python

FIRST = "notebooks/00_start_here.ipynb"
OPENER = "tools.launcher.open_browser"
HIGHEST_PORT = 65_535
LONGEST = 70  # characters of a folder for temporary files: the path of a socket has about 104
OWN = ("JUPYTER", "JPY_", "IPYTHONDIR")  # beginnings of variables that belong to another server

# A kernel's warnings would appear in the learner's terminal, such as that the server has ended.
KERNEL = {"IPKernelApp": {"log_level": "ERROR"}}

# Flags that would make untrue what the README says: a name (any classes before it) -> what to do.
ONLY_TOKEN = "The course can be used only with its token. Leave this flag out."
OTHER_SITES = (
    "With it, a page of another site that is open in your browser could use the course as you."
    " Leave this flag out."
)
LOGIN = "It could keep the login of this start, or send it elsewhere. Leave this flag out."
REFUSED = {
    "ip": "The course listens on this machine only, whatever --ip says. To use it from another\n"
    "machine, leave --ip out and forward the port: ssh -L 8888:127.0.0.1:8888 NAME-OF-THIS-MACHINE",
    "config": "The course reads no configuration file of Jupyter. Give single settings instead,\n"
    "such as --ServerApp.port=9999.",
    "token": "Each start of the course makes a new token, and prints it. Leave this flag out.",
    "password": "The course is opened with its token, not with a password. Leave this flag out.",
    "hashed_password": "The course is opened with its token, not with a password."
    " Leave this flag out.",
    **dict.fromkeys(
        (
            *("allow_unauthenticated_access", "authenticate_prometheus"),
            *("identity_provider_class", "login_handler_class"),
        ),
        ONLY_TOKEN,
    ),
    **dict.fromkeys(
        ("disable_check_xsrf", "allow_origin", "allow_origin_pat", "allow_credentials"),
        OTHER_SITES,
    ),
    **dict.fromkeys(("cookie_options", "get_secure_cookie_kwargs", "tornado_settings"), LOGIN),
    "base_url": "The course's address has a part that is new each time, so that your browser sends"
    " its\nlogin to no other server on this machine. Leave this flag out.",
    "allow_remote_access": "The course listens on this machine only. Leave this flag out.",
    "transport_encryption": "Other users of this machine can connect to a kernel's ports, so what"
    " it sends is encrypted. Leave this flag out.",
    "cookie_secret": "Each start of the course makes a new secret. Leave this flag out.",
    "cookie_secret_file": "Each start of the course makes a new secret. Leave this flag out.",
    "sock": "The course listens on localhost, not on a socket in a file. Leave this flag out.",
}
OTHER_NAMES = {"root_dir": ("notebook-dir",), "log-level": ("log_level", "debug")}
LOCAL = ("localhost", "127.0.0.1", "::1")
# Not by its name: a browser may take localhost for ::1, where another user's program may listen and
# receive the token, and a wrong /etc/hosts may lead it to an address that other machines reach.
ADDRESS = "127.0.0.1"


def lab_settings(root: Path) -> list[str]:
    """Return the flags with which JupyterLab opens the course in the folder `root`.

    It shows the learner's copies alone: beside them would lie the same names with the answers.
    """
    mine = root / MY_COURSE
    folder = mine if (mine / FIRST).exists() else root
    page = f"/tree/{FIRST}" if (folder / FIRST).exists() else ""
    ours = [
        f"--ServerApp.root_dir={folder}",
        f"--LabApp.default_url=/lab{page}",
        f"--LabApp.workspaces_dir={root / STATE.name / 'workspaces'}",  # not other projects' tabs
        f"--ServerApp.ip={ADDRESS}",
        "--ServerApp.answer_yes=True",  # one Ctrl-C is enough
        f"--ServerApp.browser={browser_command()}",
        "--log-level=WARN",  # its address, and no more
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        ours.append("--allow-root")  # a container may have no other user
    return ours


def browser_command(*name: str) -> str:
    """Return the command by which JupyterLab opens a browser that does not end with it."""
    # By its module's name, as the folder's may hold %s, which is to be the address. JupyterLab runs
    # it in the course's folder.
    return f"{shlex.join([this_python().exe, '-m', OPENER, *name])} %s"


def with_flags(settings: Sequence[str], flags: Sequence[str]) -> list[str]:
    """Return the settings and the learner's flags; if both set the same thing, only the flag.

    JupyterLab refuses a setting that it is given twice.
    """
    flags = without_option(flags, "ip")  # what is left of it says what the course says
    if (browser := option(flags, "browser")) is not None:
        command = f"--ServerApp.browser={browser_command(browser)}"
        flags = [*without_option(flags, "browser"), command]
    return [*(one for one in settings if not is_given(one, flags)), *flags]


def is_given(setting: str, flags: Sequence[str]) -> bool:
    """Return whether one of these flags sets what this setting does, by any of its names."""
    name = setting.partition("=")[0].lstrip("-").rpartition(".")[2]
    return any(option(flags, one) is not None for one in (name, *OTHER_NAMES.get(name, ())))


def check_flags(flags: Sequence[str]) -> None:
    """Raise a Problem if JupyterLab could not start with these flags, or not safely."""
    for name, advice in REFUSED.items():
        value = option(flags, name)
        if value is not None and not (name == "ip" and value in LOCAL):
            raise Problem(f"--{name}{'=' * bool(value)}{value} is refused. {advice}")
    if (port := option(flags, "port")) is not None:
        check_port(port)


def check_port(port: str) -> None:
    """Raise a Problem if this is not a port, or if the port is in use."""
    if not re.fullmatch(r"\d{1,5}", port) or int(port) > HIGHEST_PORT:
        raise Problem(
            f"--port {port!r} is not a port. Give a number from 1024 to {HIGHEST_PORT}, such as"
            " --port 9999,\nor leave --port out: JupyterLab then finds a free one."
        )
    if int(port) and busy(int(port)):
        another = int(port) + 1 if int(port) < HIGHEST_PORT else 9999
        raise Problem(
            f"Port {port} is in use by another program. Choose another: --port {another}\n"
            "or leave --port out: JupyterLab then finds a free one."
        )


def busy(port: int) -> bool:
    """Return whether another program listens on this port of this machine."""
    with socket.socket() as client:
        client.settimeout(1)
        return client.connect_ex(("127.0.0.1", port)) == 0


def option(arguments: Sequence[str], name: str) -> str | None:
    """Return the value of --name VALUE, --name=VALUE or --Class.name=VALUE, or None.

    JupyterLab takes one dash for two, and several classes for one: --ServerApp.KernelManager.ip.
    So does this.
    """
    found = re.search(rf"(?:^|\0)--?(?:\w+\.)*{name}(?:[=\0]([^\0]*)|$)", "\0".join(arguments))
    return (found[1] or "") if found else None


def without_option(arguments: Sequence[str], name: str) -> list[str]:
    """Return the arguments without --name VALUE, --name=VALUE and --Class.name=VALUE."""
    text = re.sub(rf"(^|\0)--?(?:\w+\.)*{name}(?:[=\0][^\0]*|$)", "", "\0".join(arguments))
    return [part for part in text.split("\0") if part]


def jupyter_variables(temporary: Path | None = None) -> dict[str, str]:
    """Return the environment variables of JupyterLab, with folders of the course's own.

    What it and its kernels put into `temporary` goes with this start: the keeper removes it.
    """
    found = {name: value for name, value in variables(VENV).items() if not name.startswith(OWN)}
    folder = jupyter_folder(temporary)
    if temporary:
        found[TEMPORARY] = str(temporary)
        if os.name == "posix" and len(str(temporary)) <= LONGEST:
            found |= {BEFORE: os.environ.get("TMPDIR", ""), "TMPDIR": str(temporary)}
    found["JUPYTER_PREFER_ENV_PATH"] = "1"  # our kernel, not another one of its name
    ours = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_DATA_DIR": "data",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "IPYTHONDIR": "ipython",
    }
    profile = folder / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    (profile / "ipython_kernel_config.json").write_text(json.dumps(KERNEL), encoding="utf-8")
    return found | {name: str(folder / part) for name, part in ours.items()}


def temporary_folder() -> Path | None:
    """Return a new folder for the temporary files of one start; None where there can be none."""
    try:
        return Path(tempfile.mkdtemp(prefix="course-"))
    except OSError:
        return None


def jupyter_folder(temporary: Path | None = None) -> Path:
    """Return the folder for what JupyterLab keeps: in .course, if files there can be private.

    Jupyter refuses to write its keys where they can't be, such as on a USB stick.
    """
    folder = STATE / "jupyter"
    try:
        make_folder(folder)
        with tempfile.NamedTemporaryFile(dir=folder) as file:
            private = os.name == "nt" or Path(file.name).stat().st_mode & 0o777 == 0o600
    except OSError:  # a course that can't be written
        private = False
    if private:
        return folder
    if temporary is None:
        words = "there is no folder for temporary files; set TMPDIR to one that you can write"
        raise OSError(errno.ENOENT, words)
    return temporary / "jupyter"
