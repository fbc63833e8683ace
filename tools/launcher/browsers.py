"""The search for a Chromium browser, for the doctor and for the tests in a browser."""

import os
import shutil

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
ELSEWHERE = (  # where macOS and Windows keep them, off PATH
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "$HOME/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "$ProgramFiles/Google/Chrome/Application/chrome.exe",
    "$LocalAppData/Google/Chrome/Application/chrome.exe",
    "$LocalAppData/Chromium/Application/chrome.exe",
    "${ProgramFiles(x86)}/Microsoft/Edge/Application/msedge.exe",
)


def find_browser() -> str | None:
    """Return the path of the one that COURSE_CHROMIUM names, else of the first that is here."""
    wanted = os.environ.get("COURSE_CHROMIUM")
    places = [wanted] if wanted else [*COMMANDS, *map(os.path.expandvars, ELSEWHERE)]
    return next(filter(None, map(shutil.which, places)), None)


def how_to_get_one() -> str:
    """Return what to do if none is found."""
    wanted = os.environ.get("COURSE_CHROMIUM")
    if wanted:
        return (
            f"COURSE_CHROMIUM is {wanted!r}, which is not a program here;"
            " set it to the path of Chromium or Chrome, or unset it"
        )
    return (
        "install Chromium or Chrome (apt install chromium, say),"
        " or set COURSE_CHROMIUM to the path of one"
    )
