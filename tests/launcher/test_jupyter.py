"""JupyterLab as course.py starts it: what it is told, and what of the user's Jupyter it ignores."""

import errno
import http.cookiejar
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest
import zmq
from jupyter_client.blocking import BlockingKernelClient
from jupyter_server.serverapp import ServerApp

from helpers.process_control import MARKS
from tests.launcher.test_course import build_house
from tools.launcher import jupyter, open_browser, paths
from tools.launcher import server as server_program
from tools.launcher.process import KeptProgram

pytestmark = pytest.mark.once

HOSTILE = {  # what a user, a teacher or an administrator may have set for another server
    "ServerApp": {
        "ip": "0.0.0.0",
        "port": 1,
        "base_url": "/elsewhere",
        "password": "argon2:$argon2id$v=19$m=10240,t=10,p=8$xxxx$xxxx",
        "allow_remote_access": True,
        "allow_unauthenticated_access": True,
        "root_dir": "/",
        "preferred_dir": "/nowhere",
        "certfile": "/nowhere/certificate.pem",
        "open_browser": True,
    },
    "IdentityProvider": {"token": ""},
    "PasswordIdentityProvider": {"hashed_password": "sha1:xxxx:xxxx", "password_required": True},
    "LabApp": {"default_url": "/tree", "core_mode": True},
}
FILES = ("jupyter_server_config", "jupyter_config", "jupyter_lab_config", "jupyter_notebook_config")


def write_hostile(folder, *, as_python):
    """Write all of it into each file that Jupyter may read in this folder."""
    folder.mkdir(parents=True)
    for name in FILES:
        if as_python:
            lines = [
                f"c.{kind}.{key} = {value!r}"
                for kind, table in HOSTILE.items()
                for key, value in table.items()
            ]
            (folder / f"{name}.py").write_text("\n".join(["c = get_config()", *lines]))
        else:
            (folder / f"{name}.json").write_text(json.dumps(HOSTILE))


@pytest.fixture
def server(tmp_path, monkeypatch):
    """What starts JupyterLab as course.py does, on a course that has one page; ends it again."""
    course = tmp_path / "course"
    (course / "my_course" / "notebooks").mkdir(parents=True)
    (course / "my_course" / jupyter.FIRST).write_text("{}")
    monkeypatch.setattr(jupyter, "STATE", course / ".course")
    started = []

    def start(port=0, flags=(), **variables):
        for name, value in variables.items():
            monkeypatch.setenv(name, value)
        for program in started:
            program.end()
        flags = ["--no-browser", f"--port={port}", *flags]
        flags = jupyter.with_flags(jupyter.lab_settings(course), flags)
        environment = jupyter.jupyter_variables() | {"PYTHONPATH": str(paths.ROOT)}
        program = KeptProgram(
            [sys.executable, "-m", "tools.launcher.server", *flags],
            environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(program)
        return read_address(program)

    def end():
        """End the last one; return what it printed after its address."""
        started[-1].end()
        return started[-1].stdout.read()

    start.end = end
    yield start
    for program in started:
        program.end()
        program.stdout.close()


def read_address(program):
    """Return the address that JupyterLab prints, with its token."""
    printed = []
    too_late = threading.Timer(60, program.end)
    too_late.start()
    for line in program.stdout:
        printed.append(line)
        if line.lstrip().startswith("http://127.0.0.1:"):
            too_late.cancel()
            return line.strip()
    pytest.fail(f"It printed no address, but:\n{''.join(printed)}")


def status(address):
    """Return the HTTP status of the answer."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + 30
    while True:
        try:
            with opener.open(address, timeout=10) as answer:
                return answer.status
        except urllib.error.HTTPError as error:
            with error:
                return error.code
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)


@pytest.mark.processes
@pytest.mark.parametrize(
    ("place", "as_python"),
    [
        ("user's folder", True),
        pytest.param("user's folder", False, marks=pytest.mark.slow),
        pytest.param("folder by variable", False, marks=pytest.mark.slow),
        pytest.param("path by variable", True, marks=pytest.mark.slow),
        ("variables", False),
    ],
)
def test_the_users_own_jupyter_does_not_reach_in(server, tmp_path, place, as_python):
    home, folder = tmp_path / "home", tmp_path / "home" / ".jupyter"
    told = {
        "user's folder": {"HOME": str(home), "USERPROFILE": str(home)},
        "folder by variable": {"JUPYTER_CONFIG_DIR": str(folder), "JUPYTER_TOKEN_FILE": "/x"},
        "path by variable": {"JUPYTER_CONFIG_PATH": str(folder), "JUPYTER_PREFER_ENV_PATH": "0"},
        "variables": {
            "JUPYTER_NO_CONFIG": "1",
            "JUPYTER_TOKEN": "fixed",
            "JUPYTER_PORT": "1",
            "JUPYTER_PREFERRED_DIR": "/nowhere",
            "JUPYTERLAB_DIR": "/nowhere",
        },
    }[place]
    write_hostile(folder, as_python=as_python)
    address = server(**told)
    found = re.fullmatch(
        rf"http://127\.0\.0\.1:\d+/[\w-]{{12}}/lab/tree/{jupyter.FIRST}\?token=(\w{{40,}})", address
    )
    assert found, address
    base = address.split("/lab")[0]
    assert status(f"{base}/api/kernels") == 403
    assert status(f"{base}/api/kernels?token={found[1]}") == 200
    assert status(f"{base}/api/contents/{jupyter.FIRST}?content=0&token={found[1]}") == 200


@pytest.mark.processes
def test_no_file_of_the_environment_or_the_machine_is_read():
    code = (
        "from tools.launcher import server; server.forget_configuration()\n"
        "from jupyter_core import paths\n"
        "from jupyterlab.labapp import LabApp\n"
        "print(*paths.jupyter_config_path(), sep='\\n')\n"
        "print(LabApp().load_config_file())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"JUPYTER_CONFIG_DIR": "/ours", "PYTHONPATH": str(paths.ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    *folders, loaded = done.stdout.splitlines()
    assert set(folders) == {"/ours", str(Path(sys.prefix, "etc", "jupyter"))}
    assert loaded == "None"


def test_a_kernel_writes_no_warning_to_the_terminal(tmp_path, monkeypatch):
    monkeypatch.setattr(jupyter, "STATE", tmp_path)
    variables = jupyter.jupyter_variables()
    profile = tmp_path / "jupyter" / "ipython" / "profile_default"
    told = json.loads((profile / "ipython_kernel_config.json").read_text())
    assert variables["IPYTHONDIR"] == str(tmp_path / "jupyter" / "ipython")
    assert told == {"IPKernelApp": {"log_level": "ERROR"}}


@pytest.mark.processes
@pytest.mark.parametrize("flags", [[], ["--debug"]])
def test_a_request_that_fails_is_logged_in_words_and_with_a_traceback_for_debugging(
    server, tmp_path, flags
):
    base, token = server(flags=flags).split(f"/lab/tree/{jupyter.FIRST}?")
    (tmp_path / "course" / "my_course").rename(tmp_path / "elsewhere")
    session = {"path": "a.ipynb", "type": "notebook", "name": "", "kernel": {"name": "python3"}}
    with pytest.raises(urllib.error.HTTPError, match="500") as caught:
        ask(f"{base}/api/sessions?{token}", "POST", data=session)
    caught.value.close()
    printed = server.end()
    assert "No such file or directory" in printed
    assert ("Traceback" in printed) == bool(flags)


def test_a_server_that_cannot_say_its_address_ends_in_words(monkeypatch):
    def start_app(app):
        raise OSError(errno.EMFILE, os.strerror(errno.EMFILE), "browser-open.html")

    monkeypatch.setattr(ServerApp, "start_app", start_app)
    told, logged, codes = [], [], []
    app = SimpleNamespace(
        io_loop=SimpleNamespace(add_callback=lambda *words: told.append(words)),
        log=SimpleNamespace(critical=lambda *words: logged.append(words[0] % words[1:])),
        exit=codes.append,
    )
    server_program.announce_when_it_answers()
    ServerApp.start_app(app)
    ((announce, *given),) = told
    announce(*given)
    assert codes == [1]
    assert "browser-open.html" in logged[0]
    assert "JupyterLab can't start" in logged[0]


# --- other users of the machine ------------------------------------------------------------------


def ask(address, method="GET", cookie="", data=None):
    """Return the JSON answer to a request, "" if there is none, and the answer's headers."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    headers = {"Cookie": cookie} if cookie else {}
    body = json.dumps(data or {}).encode() if method == "POST" else None
    request = urllib.request.Request(address, data=body, method=method, headers=headers)
    with opener.open(request, timeout=60) as answer:
        text = answer.read()
        return json.loads(text) if text.startswith((b"{", b"[")) else "", answer.headers


def output_of(connection, code):
    """Run code in the kernel of this connection file; return what came out, for it and a stranger.

    The stranger knows the kernel's ports, which every user of the machine can find, and no key.
    """
    client = BlockingKernelClient()
    client.load_connection_file(str(connection))
    client.start_channels(hb=False)  # a busy machine misses a beat
    with zmq.Context() as context, context.socket(zmq.SUB) as stranger:
        told = json.loads(connection.read_text())
        stranger.linger = 0
        stranger.subscribe(b"")
        stranger.connect(f"{told['transport']}://{told['ip']}:{told['iopub_port']}")
        try:
            client.wait_for_ready(timeout=60)
            read, seen = [], b""
            client.execute_interactive(
                code,
                timeout=60,
                output_hook=lambda message: read.append(message["content"].get("text", "")),
            )
            while stranger.poll(500):
                seen += b" ".join(stranger.recv_multipart())
        finally:
            client.stop_channels()
    return "".join(read), seen


@pytest.mark.processes
@pytest.mark.skipif(not zmq.has("curve"), reason="this ZeroMQ can't encrypt")
def test_a_stranger_on_this_machine_reads_nothing_of_a_kernel(server, tmp_path):
    base, token = server().split(f"/lab/tree/{jupyter.FIRST}?")
    runtime = tmp_path / "course" / ".course" / "jupyter" / "runtime"
    for _kernel in range(2):
        kernel, _ = ask(f"{base}/api/kernels?{token}", "POST")
        connection = runtime / f"kernel-{kernel['id']}.json"
        assert output_of(connection, "print(6 * 7)") == ("42\n", b"")
    ask(f"{base}/api/kernels/{kernel['id']}/restart?{token}", "POST")
    assert output_of(connection, "print(6 * 7)") == ("42\n", b"")


@pytest.mark.processes
def test_a_cookie_of_an_earlier_start_opens_nothing(server, tmp_path):
    base, token = server().split(f"/lab/tree/{jupyter.FIRST}?")
    port = urllib.parse.urlsplit(base).port
    _, headers = ask(f"{base}/lab?{token}")
    cookie = "; ".join(one.partition(";")[0] for one in headers.get_all("Set-Cookie"))
    assert ask(f"{base}/api/kernels", cookie=cookie)[0] == []
    again = server(port=port).split("/lab")[0]  # the name of the cookie has the port in it
    with pytest.raises(urllib.error.HTTPError, match="403") as caught:
        ask(f"{again}/api/kernels", cookie=cookie)
    caught.value.close()
    assert not list(tmp_path.rglob("jupyter_cookie_secret"))


@pytest.mark.processes
def test_no_server_on_another_port_gets_a_cookie_or_learns_the_path(server):
    base, token = server().split(f"/lab/tree/{jupyter.FIRST}?")
    place = urllib.parse.urlsplit(base)
    cookies = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPCookieProcessor(cookies)
    )
    browser.open(f"{base}/lab?{token}", timeout=60).close()
    assert {cookie.path for cookie in cookies} == {f"{place.path}/"}
    for path in ("/", "/lab", "/api", "/login", "/tree"):  # no page leads a stranger to the path
        with pytest.raises(urllib.error.HTTPError, match="404") as caught:
            browser.open(f"http://{place.netloc}{path}", timeout=60)
        assert place.path not in caught.value.read().decode()
        caught.value.close()


# --- flags -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("flags", "words"),
    [
        (["--port", "99999"], "--port '99999' is not a port. Give a number from 1024 to 65535"),
        (["--port", "-1"], "--port '-1' is not a port"),
        (["--port=abc"], "--port 'abc' is not a port"),
        (["--port"], "--port '' is not a port"),
        (["--ip", "0.0.0.0"], "--ip=0.0.0.0 is refused. The course listens on this machine only"),
        (["--ServerApp.ip=*"], "--ip=\\* is refused"),
        (["--config", "x.py"], "--config=x.py is refused. .* single settings"),
        (["--ServerApp.token="], "--token is refused"),
        (["--IdentityProvider.token=x"], "--token=x is refused"),
        (["-IdentityProvider.token="], "--token is refused"),
        (["--ServerApp.IdentityProvider.token="], "--token is refused"),
        (["-ServerApp.ip", "0.0.0.0"], "--ip=0.0.0.0 is refused"),
        (["--ServerApp.password="], "--password is refused"),
        (["--ServerApp.allow_unauthenticated_access=True"], "only with its token"),
        (["--MappingKernelManager.transport_encryption=disabled"], "is encrypted. Leave"),
        (["--ServerApp.MappingKernelManager.transport_encryption=disabled"], "is encrypted. Leave"),
        (["--ServerApp.cookie_secret=x"], "makes a new secret"),
        (["--ServerApp.cookie_secret_file=x"], "makes a new secret"),
        (["--ServerApp.base_url=/"], "--base_url=/ is refused. .* a part that is new each time"),
        (["--ServerApp.disable_check_xsrf=True"], "another site"),
        (["--ServerApp.allow_origin=*"], "another site"),
        (["--ServerApp.allow_origin_pat=.*"], "another site"),
        (["--ServerApp.allow_credentials=True"], "another site"),
        (["--ServerApp.authenticate_prometheus=False"], "only with its token"),
        (["--ServerApp.identity_provider_class=x"], "only with its token"),
        (["--ServerApp.login_handler_class=x"], "only with its token"),
        (["--ServerApp.cookie_options={}"], "the login"),
        (["--IdentityProvider.get_secure_cookie_kwargs={}"], "the login"),
        (["--ServerApp.tornado_settings={}"], "the login"),
    ],
)
def test_a_flag_that_would_break_a_promise_is_refused(flags, words):
    with pytest.raises(paths.Problem, match=words):
        jupyter.check_flags(flags)


@pytest.mark.parametrize("flags", [["--ip=localhost"], ["--ip", "127.0.0.1"], ["--port", "0"], []])
def test_a_flag_that_says_what_the_course_says_is_taken(flags):
    jupyter.check_flags(flags)


def test_what_a_flag_sets_is_not_set_twice(tmp_path):
    settings = jupyter.lab_settings(tmp_path)
    flags = ["--ip=127.0.0.1", "--notebook-dir", "/x", "--browser=firefox", "--debug", "--port=1"]
    told = jupyter.with_flags(settings, flags)
    names = [one.partition("=")[0].rpartition(".")[2] for one in told]
    ours = ["ip", "default_url", "workspaces_dir", "answer_yes", "browser"]
    theirs = ["--notebook-dir", "/x", "--debug", "--port"]
    assert sorted(set(names) - {"--allow-root"}) == sorted(ours + theirs)
    assert "--ServerApp.ip=127.0.0.1" in told
    assert next(one for one in told if "browser" in one).endswith(" firefox %s")


# --- the browser -------------------------------------------------------------------------------


@pytest.mark.processes
@pytest.mark.skipif(not shutil.which("sh"), reason="the stand-in for a browser is a script")
def test_a_browser_bears_no_mark_of_jupyterlab_and_is_not_below_it(tmp_path, monkeypatch):
    seen = tmp_path / "seen"
    browser = tmp_path / "browser"
    browser.write_text(
        f'#!/bin/sh\necho "$1 [${MARKS}] $PPID" > {seen}.new\nmv {seen}.new {seen}\n'
    )
    browser.chmod(0o755)
    monkeypatch.setenv("BROWSER", str(browser))
    monkeypatch.setenv(MARKS, "outer inner")
    command = shlex.split(jupyter.browser_command())
    subprocess.run([*command[:-1], "http://address"], check=True, timeout=30)
    end = time.monotonic() + 30
    while not seen.exists() and time.monotonic() < end:
        time.sleep(0.02)
    address, outer, own, parent = seen.read_text().split()
    assert (address, outer, own) == ("http://address", "[outer", f"{open_browser.APART}]")
    assert int(parent) != os.getpid()


@pytest.mark.processes
@pytest.mark.skipif(not shutil.which("sh"), reason="the stand-in for a browser is a script")
def test_a_browser_outlives_what_the_keeper_ends(tmp_path):
    seen, browser = tmp_path / "seen", tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho $$ > {seen}.new\nmv {seen}.new {seen}\nexec sleep 300\n")
    browser.chmod(0o755)
    code = (
        "import pathlib, subprocess, sys, time\n"
        "subprocess.run(sys.argv[2:])\n"
        "while not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.05)\n"
    )
    command = shlex.split(jupyter.browser_command())[:-1]
    program = KeptProgram(
        [sys.executable, "-c", code, str(seen), *command, "http://address"],
        os.environ | {"BROWSER": str(browser)},
    )
    program.wait(120)
    process = psutil.Process(int(seen.read_text()))
    try:
        assert process.is_running()
        assert process.status() != psutil.STATUS_ZOMBIE
    finally:
        process.kill()
        program.end()


@pytest.mark.processes
@pytest.mark.skipif(not shutil.which("sh"), reason="the stand-in for a browser is a script")
def test_a_browser_opens_where_the_courses_folder_has_a_percent_sign(tmp_path):
    house = build_house(tmp_path / "100%s new")
    seen, browser = tmp_path / "seen", tmp_path / "browser"
    browser.write_text(f"#!/bin/sh\necho $1 > {seen}.new\nmv {seen}.new {seen}\n")
    browser.chmod(0o755)
    code = "import tools.launcher.jupyter as j; print(j.browser_command())"
    command = subprocess.check_output([sys.executable, "-c", code], cwd=house, text=True)
    opens = f"import webbrowser; webbrowser.get({command.strip()!r}).open('http://address')"
    variables = os.environ | {"BROWSER": str(browser)}
    variables.pop("PYTHONPATH", None)
    subprocess.run([sys.executable, "-c", opens], cwd=house, env=variables, check=True, timeout=30)
    end = time.monotonic() + 30
    while not seen.exists() and time.monotonic() < end:
        time.sleep(0.02)
    assert seen.read_text().split() == ["http://address"]


def test_the_browser_of_a_flag_is_opened_by_its_name(monkeypatch):
    asked = []

    class Browser:
        def open(self, address):
            asked.append(address)
            return True

    monkeypatch.setenv(MARKS, open_browser.APART)
    find = lambda *names: asked.append(names) or Browser()  # noqa: E731
    monkeypatch.setattr(open_browser.webbrowser, "get", find)
    assert open_browser.main(["firefox", "http://address"]) == 0
    assert asked == [("firefox",), "http://address"]
