"""Where packages come from on this machine: pip's settings, as variables for pip and for uv.

    pip config list -> the settings that lead to packages -> PIP_* for pip
                                                          -> UV_*, SSL_* and flags for uv
    uv.toml         -> the settings that lead to packages -> a uv.toml of the course's own, for uv

Everything else that pip or uv is told (user = true, dry-run, a target) is about other installs than
this one. It does not reach in.
"""

import ast
import json
import os
import re
import subprocess
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

from helpers.files import make_folder
from tools.launcher.paths import ROOT, STATE, WINDOWS, Problem, variables

Settings = Mapping[str, str]  # pip's own names and words: {"index-url": "...", "find-links": "..."}

LEAD_TO_PACKAGES = (
    *("index-url", "extra-index-url", "find-links", "no-index", "trusted-host"),
    *("proxy", "cert", "client-cert", "keyring-provider", "timeout", "default-timeout", "retries"),
    *("cache-dir", "no-cache-dir", "only-binary", "no-binary", "prefer-binary", "constraint"),
    *("use-feature", "use-deprecated"),
)

# pip's name -> uv's; a user's own value of any of uv's names stays.
UV_NAMES = {
    "index-url": ("UV_DEFAULT_INDEX", "UV_INDEX_URL"),
    "extra-index-url": ("UV_INDEX", "UV_EXTRA_INDEX_URL"),
    "find-links": ("UV_FIND_LINKS",),
    "trusted-host": ("UV_INSECURE_HOST",),
    "default-timeout": ("UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT"),
    "timeout": ("UV_HTTP_TIMEOUT", "UV_REQUEST_TIMEOUT"),
    "retries": ("UV_HTTP_RETRIES",),
    "constraint": ("UV_CONSTRAINT",),
    "proxy": ("ALL_PROXY", "HTTPS_PROXY", "https_proxy", "all_proxy"),
    "cert": ("SSL_CERT_FILE",),
    "client-cert": ("SSL_CLIENT_CERT",),
}
USERS_OWN = re.compile(  # of uv's variables, those that lead to packages or to its cache
    "UV_(INDEX|DEFAULT_INDEX|EXTRA_INDEX_URL|FIND_LINKS|INSECURE_HOST|OFFLINE|(NO_)?CACHE"
    "|NATIVE_TLS|SYSTEM_CERTS|HTTP|REQUEST_TIMEOUT|KEYRING_PROVIDER|LINK_MODE|CONCURRENT)"
)
# The same in uv.toml, at its top or in its table [pip].
UV_KEYS = (
    *("index", "index-url", "extra-index-url", "find-links", "no-index", "index-strategy"),
    *("allow-insecure-host", "trusted-host", "native-tls", "system-certs", "keyring-provider"),
    *("http-proxy", "https-proxy", "no-proxy", "offline", "cache-dir", "no-cache"),
)
PRECEDENCE = ("global", "install", ":env:")  # pip's: the later one wins


def pip_settings(pip: Sequence[str]) -> Settings | None:
    """Return this pip's settings of where packages come from; None if there is no pip."""
    done = subprocess.run(
        [*pip, "config", "list"], capture_output=True, text=True, env=variables(), cwd=ROOT
    )
    if "No module named pip" in done.stderr or "No module named 'pip'" in done.stderr:
        return None
    if done.returncode:
        words = (done.stderr.strip().splitlines() or ["it says nothing"])[-1]
        raise Problem(f"pip can't read its configuration: {words}\nMend it, then start again.")
    return read_settings(done.stdout)


def read_settings(listed: str) -> Settings:
    """Return the settings that lead to packages, from what `pip config list` prints."""
    found: dict[str, str] = {}
    lines = [re.fullmatch(r"([\w:]+)\.([\w-]+)=(.*)", line) for line in listed.splitlines()]
    for part in PRECEDENCE:
        for line in filter(None, lines):
            if line[1] == part and line[2] in LEAD_TO_PACKAGES:
                found[line[2]] = str(ast.literal_eval(line[3]))
    return {name: value for name, value in found.items() if value}


def without(*prefixes: str) -> dict[str, str]:
    """Return an installer's environment variables, without those with one of these prefixes."""
    return {name: value for name, value in variables().items() if not name.startswith(prefixes)}


def for_pip(settings: Settings) -> dict[str, str]:
    """Return the environment variables under which pip installs from these sources."""
    ours = {f"PIP_{name.upper().replace('-', '_')}": value for name, value in settings.items()}
    return without("PIP_") | {"PIP_CONFIG_FILE": os.devnull} | ours


def for_uv(settings: Settings) -> dict[str, str]:
    """Return the environment variables under which uv installs from the same sources as pip."""
    found = without("PIP_", "UV_") | {"UV_NO_PROGRESS": "1"} | uv_configuration()
    found |= {name: value for name, value in os.environ.items() if USERS_OWN.match(name)}
    # uv stops at the first index that has a package in any version; pip looks in all of them.
    found.setdefault("UV_INDEX_STRATEGY", "unsafe-best-match")
    # A link would share its file with uv's cache and with every other environment: what damages the
    # file in one of them would damage it in all.
    found["UV_LINK_MODE"] = found.get("UV_LINK_MODE") or "copy"
    for name, (first, *others) in UV_NAMES.items():
        if name in settings and not any(found.get(known) for known in (first, *others)):
            separator = "," if name == "find-links" else " "
            found[first] = separator.join(settings[name].split())
    if "SSL_CERT_FILE" not in found and found.get("REQUESTS_CA_BUNDLE"):
        found["SSL_CERT_FILE"] = found["REQUESTS_CA_BUNDLE"]  # pip reads this one, uv does not
    if is_true(settings.get("no-cache-dir")):
        found.setdefault("UV_NO_CACHE", "1")
    if settings.get("keyring-provider") == "subprocess":
        found.setdefault("UV_KEYRING_PROVIDER", "subprocess")
    return found


def uv_configuration() -> dict[str, str]:
    """Return the variable that leads uv to a file with what the user's uv.toml says of sources."""
    told: dict[str, object] = {}
    for file in uv_files():
        try:
            table = tomllib.loads(file.read_text(encoding="utf-8"))
        except OSError:
            continue  # there is none
        except ValueError as error:
            raise Problem(f"uv can't read {file}: {error}\nMend it, then start again.") from error
        inner = table.get("pip")
        for part in (table, inner if isinstance(inner, dict) else {}):
            told |= {key: value for key, value in part.items() if key in UV_KEYS}
    if not told:
        return {"UV_NO_CONFIG": "1"}
    make_folder(STATE)
    ours = STATE / "uv.toml"
    ours.write_text("".join(f"{key} = {in_toml(told[key])}\n" for key in told), encoding="utf-8")
    return {"UV_CONFIG_FILE": str(ours)}


def uv_files() -> list[Path]:
    """Return where uv looks for the settings of the machine and of the user; the later one wins."""
    if chosen := os.environ.get("UV_CONFIG_FILE"):
        return [Path(chosen)]
    if os.environ.get("UV_NO_CONFIG"):
        return []
    if WINDOWS:
        pairs = [("PROGRAMDATA", r"C:\ProgramData"), ("APPDATA", "")]
        folders = [Path(os.environ.get(name) or usual) for name, usual in pairs]
    else:
        wide = (os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(os.pathsep)[0]
        home = os.environ.get("HOME") or "/"
        own = os.environ.get("XDG_CONFIG_HOME") or f"{home}/.config"
        folders = [Path("/etc"), Path(wide), Path(own)]
    return [folder / "uv" / "uv.toml" for folder in folders]


def in_toml(value: object) -> str:
    """Return a value as TOML writes it."""
    if isinstance(value, dict):
        return f"{{ {', '.join(f'{key} = {in_toml(one)}' for key, one in value.items())} }}"
    if isinstance(value, list):
        return f"[{', '.join(map(in_toml, value))}]"
    return json.dumps(value)  # of texts, numbers and booleans, both write the same


def flags_for_uv(settings: Settings) -> list[str]:
    """Return the flags of `uv pip install` for what uv reads from no variable."""
    flags = ["--no-index"] if is_true(settings.get("no-index")) else []
    for name in ("only-binary", "no-binary"):
        for package in re.split(r"[\s,]+", settings.get(name, "")):
            flags += [f"--{name}", package] if package else []
    return flags


def is_true(value: str | None) -> bool:
    """Return whether pip takes this word as a yes."""
    return (value or "").lower() in ("1", "y", "yes", "t", "true", "on")
