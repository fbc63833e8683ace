"""The README's picture, docs/lesson.png, made by `python -m tools.jupyterlab.screenshot`.

    JupyterLab in Chromium -> lesson 01 -> its explorer, after a few runs -> a picture

Measured numbers are in it, so make it on a machine that does nothing else.
"""

from __future__ import annotations

import argparse
import sys

from tools.jupyterlab.browser import Missing, chromium, jupyterlab
from tools.jupyterlab.lesson_page import NotebookPage
from tools.outline import ROOT

PICTURE = ROOT / "docs" / "lesson.png"
NOTEBOOK = "notebooks/01_processes.ipynb"
WINDOW = {"width": 1200, "height": 960}
MOST_BYTES = 250_000
LARGER = 3  # steps from the usual size: a longer run is less at the mercy of what else goes on
RUNS = (("threads", 1), ("threads", 2), ("threads", 4), ("processes", 4), ("processes", 2))


def take() -> bytes:
    """The picture: the cell with the last claim above the explorer, and the explorer."""
    with jupyterlab() as server, chromium() as browser:
        page = browser.new_page(viewport=WINDOW)
        lesson = NotebookPage(page, server, NOTEBOOK)
        page.evaluate("window.jupyterapp.commands.execute('application:toggle-left-area')")
        lesson.run_all()
        explorer = lesson.explorers()[0]
        explorer.size.press(*["ArrowRight"] * LARGER)
        for engine, workers in RUNS:
            explorer.box.locator("select").select_option(engine)
            explorer.workers.press("Home", *["ArrowRight"] * (workers - 1))
            explorer.measure()
        claims = [cell.place for cell in lesson.cells_with(r"\bclaim\(")]
        top = max(place for place in claims if place < explorer.place)
        lesson.at(explorer.place).locator(".jp-InputArea-prompt").click()
        lesson.at(top)
        picture = page.screenshot()
        lesson.shut_down()
    return picture


def main() -> int:
    """The command; its exit code."""
    argparse.ArgumentParser(
        prog="python -m tools.jupyterlab.screenshot", description=__doc__.splitlines()[0]
    ).parse_args()
    try:
        picture = take()
    except Missing as missing:
        print(f"No picture without a browser: {missing}")
        return 1
    if len(picture) > MOST_BYTES:
        print(
            f"The picture has {len(picture):,} bytes, more than {MOST_BYTES:,}: make WINDOW smaller"
        )
        return 1
    PICTURE.parent.mkdir(exist_ok=True)
    PICTURE.write_bytes(picture)
    print(f"{PICTURE.relative_to(ROOT)}: {len(picture):,} bytes. Look at it before you commit it.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
