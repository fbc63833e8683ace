"""The real JupyterLab in a real Chromium: every lesson as a learner works through it.

Only with `--all`. COURSE_SCREENSHOTS names a folder in which the pictures are kept, for a person to
look at; COURSE_CHROMIUM names a browser.
"""

from __future__ import annotations

import contextlib
import os
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from helpers.checks.verdict import INDENT, Verdict
from helpers.runner.process_states import is_alive
from tools.jupyterlab.browser import Missing, Server, chromium, jupyterlab
from tools.jupyterlab.lesson_page import DIGEST, RUN_LIMIT, Cell, ExplorerBox, NotebookPage, Slider
from tools.launcher.copies import MY_COURSE
from tools.launcher.shipped import fingerprint
from tools.outline import ROOT, Lesson, read_outline
from tools.stress.lab_answers import misjudged, requirements

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

LESSONS = [lesson for lesson in read_outline().lessons if lesson.written]
LABS = read_outline().labs
LOOPBACK = ("127.0.0.1", "::1", "::ffff:127.0.0.1")
SCREEN = {"width": 1366, "height": 900}  # a small laptop's
STOP_LIMIT = 1_000  # ms that Stop may take
# What is pasted into each lab: an answer that is wrong, then one that is right, of tests/labs.
PASTED = {
    "01": ("wrong_start_join", "right_queue"),
    "02": ("wrong_start_join", "right_solution"),
    "03": ("wrong_raw_value", "right_queue"),
    "04": ("wrong_one_sentinel", "right_queue"),
}
KEPT = "1"  # what is kept as each prediction: a number that all of them allow
# The last cell of these closes what the comparisons need; the restart looks at all of them again.
CLOSED_AT_THE_END = ("11",)
PREDICTION = r"\bpredict\(\s*\"([^\"]+)\""


@dataclass
class Studio:
    """JupyterLab, a browser that opens it, and a folder for pictures."""

    server: Server
    browser: Browser
    pictures: Path

    def new_page(self) -> Page:
        """Return a page without cookies, in which no user is logged in."""
        return self.browser.new_page(viewport=SCREEN)

    def snap(self, what: object, name: str) -> None:
        """Keep a picture of a page or of a part of it."""
        what.screenshot(path=self.pictures / f"{name}.png")


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    wanted = os.environ.get("COURSE_SCREENSHOTS")
    pictures = Path(wanted) if wanted else tmp_path_factory.mktemp("screenshots")
    pictures.mkdir(parents=True, exist_ok=True)
    before, files = _our_children(), _what_a_run_may_touch()
    with contextlib.ExitStack() as stack:
        try:
            browser = stack.enter_context(chromium())
        except Missing as missing:
            if os.environ.get("CI") == "true":
                pytest.fail(f"In CI the browser must be there. {missing}")
            pytest.skip(str(missing))
        server = stack.enter_context(jupyterlab())
        yield Studio(server, browser, pictures)
    assert server.faults == []
    assert _our_children() - before == set()
    assert _what_a_run_may_touch() == files


@dataclass
class Run:
    """A lesson that is open: its cells at first, and as they were when all had run."""

    lesson: Lesson
    page: NotebookPage
    unrun: list[Cell]
    cells: list[Cell]


@pytest.fixture(scope="module", params=LESSONS, ids=[lesson.name for lesson in LESSONS])
def run(request: pytest.FixtureRequest, studio: Studio) -> Iterator[Run]:
    lesson: Lesson = request.param
    with _opened(studio, f"notebooks/{lesson.name}.ipynb") as page:
        studio.snap(page.page, f"{lesson.name}-top")
        unrun = page.cells()
        yield Run(lesson, page, unrun, page.run_all())


@pytest.fixture(autouse=True)
def picture_of_a_failure(request: pytest.FixtureRequest) -> Iterator[None]:
    """Keep a picture of the lesson if the test fails."""
    before = request.session.testsfailed
    yield
    if request.session.testsfailed > before and "run" in request.fixturenames:
        run = request.getfixturevalue("run")
        name = f"failed-{request.node.originalname}-{run.lesson.name}"
        _keep_picture(request.getfixturevalue("studio"), run.page.page, name)


def test_the_first_screen_is_the_course(studio):
    with _opened(studio) as lesson:
        page = lesson.page
        page.get_by_role("tab", name="00_start_here.ipynb").wait_for()
        page.get_by_role("heading", name="Start here").wait_for()
        page.wait_for_function(
            "window.jupyterapp.isPluginActivated('@jupyterlab/apputils-extension:notification')"
        )
        studio.snap(page, "first-screen")
        assert page.locator(".jp-Dialog").count() == 0
        assert page.locator(".Toastify__toast").count() == 0
        files = page.locator(".jp-DirListing-itemText").all_inner_texts()
        assert files == [f"{lesson.name}.ipynb" for lesson in LESSONS]


def test_a_term_leads_to_the_glossary(studio):
    with _opened(studio, "notebooks/00_start_here.ipynb") as lesson:
        page = lesson.page
        page.locator(".jp-Notebook a", has_text="thread").first.click()
        page.get_by_role("tab", name="glossary.md").wait_for()
        heading = page.locator(".jp-MarkdownViewer h2", has_text=re.compile("^thread"))
        heading.wait_for()
        page.wait_for_function(IN_SIGHT, arg=heading.element_handle())
        studio.snap(page, "glossary")
        page.get_by_role("tab", name="00_start_here.ipynb").click()


def test_links_lead_from_copy_to_copy(studio):
    """Follow the links to the lab, back, and to the next lesson; none may leave my_course."""
    lesson, following = LESSONS[1], LESSONS[2]
    assert lesson.lab
    start = f"notebooks/{lesson.name}.ipynb"
    links = [
        (lesson.lab.title, f"labs/{lesson.name}.ipynb"),
        (f"{lesson.number} {lesson.title}", start),
        (f"{following.number} {following.title}", f"notebooks/{following.name}.ipynb"),
    ]
    page = studio.new_page()
    try:
        NotebookPage(page, studio.server, start)
        for words, file in links:
            page.locator(".jp-Notebook:visible a", has_text=words).first.click()
            page.wait_for_function(IN_FRONT, arg=file)
            assert (studio.server.course / MY_COURSE / file).is_file()
    finally:
        studio.server.end_kernels()
        page.close()


def test_a_copy_that_was_opened_and_saved_counts_as_untouched(studio):
    copy = studio.server.course / MY_COURSE / f"labs/{LABS[-1].name}.ipynb"
    before = copy.read_text(encoding="utf-8")
    page = studio.new_page()
    try:
        opened = NotebookPage(page, studio.server, f"labs/{copy.name}")
        (imports,) = opened.cells_with(r"^from helpers.checks import")
        opened.run_cell(imports.place)  # prints nothing
        opened.menu("File", "Save Notebook")
        page.wait_for_function("!window.jupyterapp.shell.currentWidget.context.model.dirty")
    finally:
        studio.server.end_kernels()
        page.close()
    saved = copy.read_text(encoding="utf-8")
    assert saved != before
    assert fingerprint(saved) == fingerprint(before)
    copy.write_text(before, encoding="utf-8")


def test_only_this_machine_and_who_has_the_token_may_come_in(studio):
    server = studio.server
    listening = [
        connection.laddr.ip
        for pid in server.processes()
        for connection in psutil.Process(pid).net_connections()
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening
    assert set(listening) <= set(LOOPBACK)
    assert server.ask("api/contents")[0] == 200
    assert server.ask("api/contents", token=False)[0] == 403
    page = studio.new_page()
    page.goto(f"{server.url}lab")
    assert "/login" in page.url
    page.close()


def test_nothing_is_given_away_before_a_cell_runs(run):
    _assert_nothing_ran(run.unrun)


def test_a_lesson_runs_from_top_to_bottom(run):
    _assert_all_is_well(run.lesson, run.cells)
    assert run.page.page.locator(".jupyter-widgets-error-widget").count() == 0


def test_its_plots_are_shown_whole(run, studio):
    for cell in run.cells:
        if any("image/png" in output.mimes for output in cell.outputs):
            shown = run.page.output(cell.place)
            assert shown.locator("img").evaluate(FITS) == "fits"
            studio.snap(shown, f"{run.lesson.name}-{cell.place:02}-plot")


def test_a_prediction_is_kept_and_shown_beside_what_was_measured(run, studio):
    for number, cell in enumerate(run.page.cells_with(PREDICTION), 1):
        box = run.page.output(cell.place)
        box.locator("input").fill(KEPT)
        box.get_by_role("button", name="Keep").click()
        box.get_by_text("kept; now run the experiment").wait_for()
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-prediction")
        if number == 1 and run.lesson.number not in CLOSED_AT_THE_END:
            again = run.page.run_cell(_comparison(run, cell).place)
            assert f"you predicted {KEPT}" in again.text


def test_an_explorer_shows_a_result_and_adds_each_run(run, studio):
    for explorer in run.page.explorers():
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{run.lesson.name}-{explorer.place:02}-explorer-1")
        explorer.watch()
        first, before = explorer.shown(), explorer.workers.value.inner_text()
        assert explorer.workers.press("ArrowLeft") != before
        explorer.box.locator("select").select_option("threads")
        explorer.measure()
        assert explorer.seen("bar") > 0
        assert explorer.await_another(first)
        assert explorer.box.get_by_text("threads × ").count()
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{run.lesson.name}-{explorer.place:02}-explorer-2")


def test_an_explorers_sliders_choose_what_is_shown(run, studio):
    for explorer in run.page.explorers():
        before = explorer.shown()
        explorer.tasks.press("ArrowLeft")
        explorer.size.press("ArrowLeft")
        explorer.box.get_by_text("Not measured yet with these tasks").wait_for()
        explorer.measure()
        explorer.box.get_by_text("one loop takes").wait_for()
        other = explorer.await_another(before)
        explorer.tasks.press("ArrowRight")
        explorer.size.press("ArrowRight")  # back to what was measured: no need to run it again
        assert explorer.await_another(other) == before


def test_a_long_run_leaves_the_kernel_free_and_stops_at_once(run, studio):
    for explorer in run.page.explorers():
        before = studio.server.processes()
        _start_long_run(explorer)
        answer = run.page.run_new_cell(explorer.place, "6 * 7")
        assert answer.text == "42"
        assert explorer.stop_button.count(), "the run was over before it could be stopped"
        assert len(studio.server.processes()) > len(before)
        explorer.stop()
        assert explorer.seen("stopped") - explorer.seen("pressed") < STOP_LIMIT
        assert studio.server.processes() == before
        studio.snap(explorer.box, f"{run.lesson.name}-{explorer.place:02}-explorer-3")


def test_a_pipeline_runs_as_its_sliders_say(run, studio):
    for line in run.page.pipelines():
        assert line.picture.evaluate(FITS) == "fits"
        studio.snap(line.box, f"{run.lesson.name}-{line.place:02}-pipeline-1")
        line.watch()
        first = line.shown()
        line.producers.press("End")
        line.size.press("End")
        line.bound.press("Home")
        line.measure()
        assert line.seen("bar") > 0
        assert line.await_another(first)
        for words in ("6 producers", "a queue without a bound", "items of 1,000,000 bytes"):
            line.box.get_by_text(words).first.wait_for()
        line.box.get_by_text("every item came back exactly once").wait_for()
        assert line.picture.evaluate(FITS) == "fits"
        studio.snap(line.box, f"{run.lesson.name}-{line.place:02}-pipeline-2")


def test_a_long_pipeline_leaves_the_kernel_free_and_stops_at_once(run, studio):
    for line in run.page.pipelines():
        before = studio.server.processes()
        line.watch()
        line.items.press("End")
        line.consumers.press("Home")
        line.start()
        answer = run.page.run_new_cell(line.place, "6 * 7")
        assert answer.text == "42"
        assert line.stop_button.count(), "the run was over before it could be stopped"
        assert len(studio.server.processes()) > len(before)
        line.stop()
        assert line.seen("stopped") - line.seen("pressed") < STOP_LIMIT
        assert studio.server.processes() == before
        studio.snap(line.box, f"{run.lesson.name}-{line.place:02}-pipeline-3")


def test_a_case_can_be_cut_into_pieces_run_and_stopped(run, studio):
    for explorer in run.page.explorers(r"\bDecompositionExplorer\("):
        name = f"{run.lesson.name}-{explorer.place:02}-decomposition"
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{name}-1")
        explorer.watch()
        first, pieces = explorer.shown(), Slider(explorer.box.locator(".widget-slider").nth(1))
        assert pieces.press("ArrowRight") == "3"
        explorer.measure()
        assert explorer.seen("bar") > 0
        second = explorer.await_another(first)
        assert explorer.box.get_by_text("3 pieces on 2 processes").count()
        studio.snap(explorer.box, f"{name}-2")
        explorer.box.locator("select").select_option(index=1)
        explorer.box.get_by_text("Not measured yet").wait_for()
        explorer.start()
        explorer.stop()
        assert explorer.seen("stopped") - explorer.seen("pressed") < STOP_LIMIT
        explorer.measure()
        explorer.await_another(second)
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{name}-3")


def test_the_last_look_shows_every_prediction_that_was_kept(run, studio):
    for cell in run.page.cells_with(r"\bshow_predictions\("):
        box = run.page.output(run.page.run_cell(cell.place).place)
        box.get_by_text(f"lesson {run.lesson.number}: ").wait_for()
        assert box.locator("img").evaluate(FITS) == "fits"
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-last-look")


def test_a_childs_life_can_be_led_by_buttons(run, studio):
    for cell in run.page.cells_with(r"\bLifeCycle\("):
        box = run.page.output(cell.place)
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-life-1")
        _press(box, "start()", "is_alive()", "True")
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-life-2")
        pid = int(_row(box, "pid").inner_text())
        assert psutil.pid_exists(pid)
        _press(box, "kill()", "sentinel ready", "True")
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-life-3")
        code = 1 if sys.platform == "win32" else -signal.SIGKILL
        _press(box, "join(1)", "exitcode", str(code))
        assert not psutil.pid_exists(pid)
        _press(box, "Process(…)", "operating system", "no process yet")


def test_tasks_can_be_dealt_in_another_way(run, studio):
    for cell in run.page.cells_with(r"\bDistributionExplorer\("):
        explorer = ExplorerBox(run.page.page, run.page.output(cell.place), cell.place)
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{run.lesson.name}-{cell.place:02}-distribution-1")
        explorer.watch()
        first = explorer.shown()
        explorer.box.locator("select").select_option("long ones first")
        explorer.measure()
        assert explorer.seen("bar") > 0
        assert explorer.await_another(first)
        assert explorer.box.get_by_text(re.compile("long ones first, 12 in a chunk")).count()
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{run.lesson.name}-{cell.place:02}-distribution-2")


def test_a_calculator_predicts_and_then_measures(run, studio):
    for cell in run.page.cells_with(r"\bBreakEvenCalculator\("):
        box = run.page.output(cell.place)
        box.get_by_text("predicted: the pool is").first.wait_for()
        assert box.locator("img").evaluate(FITS) == "fits"
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-calculator-1")
        box.get_by_role("button", name="Run").click()
        box.get_by_text("measured once: 2 workers by").first.wait_for()
        assert box.locator("img").evaluate(FITS) == "fits"
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-calculator-2")
        before = box.locator("img").evaluate(DIGEST)
        Slider(box.locator(".widget-slider").first).press("ArrowRight")
        run.page.page.wait_for_function(
            f"([image, before]) => ({DIGEST})(image) != before",
            arg=[box.locator("img").element_handle(), before],
        )


def test_two_workers_can_be_stepped_by_buttons(run, studio):
    for cell in run.page.cells_with(r"\bInterleaver\("):
        box = run.page.output(cell.place)
        assert box.locator("img").evaluate(FITS) == "fits"
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-interleaver-1")
        for worker in "ABABAB":
            box.get_by_role("button", name=f"worker {worker}: next step").click()
        box.get_by_text("the cell holds 1 of 2, 1 addition lost").wait_for()
        box.get_by_role("button", name="search all schedules").click()
        box.get_by_text("20 schedules: 2 right, 18 lose an addition").wait_for()
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-interleaver-2")
        box.locator("select").first.select_option("one lock from load to store")
        box.get_by_text("no worker has begun").wait_for()
        for worker in "AB":
            box.get_by_role("button", name=f"worker {worker}: next step").click()
        box.get_by_text("Worker B waits: worker A has the lock.").wait_for()
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-interleaver-3")


def test_a_channel_explorer_adds_each_run_and_stops_at_once(run, studio):
    for cell in run.page.cells_with(r"\bChannelExplorer\("):
        explorer = ExplorerBox(run.page.page, run.page.output(cell.place), cell.place)
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{run.lesson.name}-{cell.place:02}-channels-1")
        explorer.watch()
        first = explorer.shown()
        explorer.box.locator("select").select_option("manager")
        explorer.measure()
        explorer.box.get_by_text("manager, 1 KiB, 30 messages").wait_for()
        assert explorer.await_another(first)
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{run.lesson.name}-{cell.place:02}-channels-2")
        before = studio.server.processes()
        for slider in (0, 1):  # the largest message, most often
            Slider(explorer.box.locator(".widget-slider").nth(slider)).press("End")
        explorer.start()
        assert run.page.run_new_cell(cell.place, "6 * 7").text == "42"
        explorer.stop()
        assert explorer.seen("stopped") - explorer.seen("pressed") < STOP_LIMIT
        assert studio.server.processes() == before


def test_a_cluster_loses_a_worker_and_no_result(run, studio):
    for cell in run.page.cells_with(r"\bClusterExplorer\("):
        explorer = ExplorerBox(run.page.page, run.page.output(cell.place), cell.place)
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{run.lesson.name}-{cell.place:02}-cluster-1")
        before = studio.server.processes()
        explorer.watch()
        first = explorer.shown()
        Slider(explorer.box.locator(".widget-slider").nth(1)).press("End")
        explorer.start()
        explorer.box.locator("button:enabled", has_text="Kill a worker").click(
            timeout=RUN_LIMIT * 1000
        )
        explorer.box.get_by_text("killed one; 1 left").wait_for()
        explorer.run_button.wait_for(timeout=RUN_LIMIT * 1000)
        explorer.box.get_by_text("workers killed: 1; results missing: 0, double: 0").wait_for()
        assert explorer.await_another(first)
        assert explorer.picture.evaluate(FITS) == "fits"
        studio.snap(explorer.box, f"{run.lesson.name}-{cell.place:02}-cluster-2")
        explorer.start()
        assert run.page.run_new_cell(cell.place, "6 * 7").text == "42"
        explorer.stop()
        assert explorer.seen("stopped") - explorer.seen("pressed") < STOP_LIMIT
        assert studio.server.processes() == before


def test_a_workload_can_be_placed(run, studio):
    for cell in run.page.cells_with(r"\bPlacement\("):
        box = run.page.output(cell.place)
        for chooser in box.locator("select").all():
            chooser.select_option(chooser.locator("option").last.inner_text())
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-placement")


def test_a_failure_of_the_museum_is_named_before_its_cure_is_shown(run, studio):
    for cell in run.page.cells_with(r"(?m)^Hall\("):
        box = run.page.output(cell.place)
        assert not box.get_by_text("The cured program").count()
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-hall-1")
        box.locator("input[type=radio]").first.check()
        box.get_by_text("The cured program").wait_for()
        assert box.get_by_text("1 of").count()
        studio.snap(box, f"{run.lesson.name}-{cell.place:02}-hall-2")
        box.get_by_role("button", name="Next").click()
        box.get_by_text("The cured program").wait_for(state="detached")
        box.get_by_role("button", name="Show me").click()
        box.get_by_text("The cured program").wait_for()
        assert box.get_by_text("2 of").count()


def test_it_does_it_all_again_after_a_restart(run, studio):
    for explorer in run.page.explorers()[:1]:
        _start_long_run(explorer)  # and restart in the middle of it
    run.page.clear()
    kernels = [pid for pid, command in studio.server.processes().items() if "ipykernel" in command]
    assert len(kernels) == 1
    commands = studio.server.processes().values()
    assert not [command for command in commands if "helpers.engines.server" in command]
    cells = run.page.run_all()
    _assert_all_is_well(run.lesson, cells)
    for cell in run.page.cells_with(PREDICTION):
        assert f"you predicted {KEPT}" in _comparison(run, cell).text
        assert run.page.output(cell.place).locator("input").input_value() == KEPT
    for cell in run.page.cells_with(r"\bPlacement\("):
        for chooser in run.page.output(cell.place).locator("select").all():
            assert chooser.input_value() == chooser.locator("option").last.inner_text()
    assert run.page.errors == []


@pytest.mark.parametrize("lesson", LABS, ids=[lesson.name for lesson in LABS])
def test_a_lab_is_done_as_by_a_learner(studio, lesson):
    wrong, right = (ROOT / f"tests/labs/{lesson.name}/{name}.py" for name in PASTED[lesson.number])
    with _opened(studio, f"labs/{lesson.name}.ipynb") as page:
        _assert_nothing_ran(page.cells())
        _assert_no_error(page.run_all())
        (checking,) = page.cells_with(r"^check\(")
        assert _states(checking.text, lesson.number) == {"todo"}
        studio.snap(page.at(checking.place), f"lab-{lesson.name}-todo")
        assert "Hint 1 of 3" in _asked(page, f'hint("{lesson.number}")')
        text = _check_with(page, wrong)
        assert misjudged(wrong, _verdicts(text, lesson.number)) == []
        studio.snap(page.output(checking.place), f"lab-{lesson.name}-not-yet")
        text = _check_with(page, right)
        assert _states(text, lesson.number) == {"ok"}
        studio.snap(page.output(checking.place), f"lab-{lesson.name}-ok")
        shown = _asked(
            page, "from helpers.progress.course_map import show_progress\n\nshow_progress()"
        )
        assert re.search(rf"{lesson.lab.title}\s+done\s+\d+\s+1\b", shown)  # tries, and one hint
        studio.snap(page.at(checking.place), f"lab-{lesson.name}-progress")
        assert page.errors == []


def test_what_is_missing_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("COURSE_CHROMIUM", str(tmp_path / "none"))
    with pytest.raises(Missing, match="COURSE_CHROMIUM"), chromium():
        pass
    monkeypatch.delenv("COURSE_CHROMIUM")
    monkeypatch.setattr("shutil.which", lambda _: None)
    with pytest.raises(Missing, match="install Chromium"), chromium():
        pass


# The notebook in front is this file, and it is loaded.
IN_FRONT = """file => {
    const context = window.jupyterapp.shell.currentWidget?.context;
    return context?.path === file && context.isReady;
}"""

# Moved to where it can be read.
IN_SIGHT = """heading => {
    const place = heading.getBoundingClientRect();
    return place.top >= 0 && place.bottom <= window.innerHeight;
}"""

# A picture is whole when it is loaded, and nothing that holds it cuts it off.
FITS = """image => {
    if (!image.complete || !image.naturalWidth) return 'not loaded';
    const area = image.closest('.jp-OutputArea').getBoundingClientRect();
    const own = image.getBoundingClientRect();
    return own.right <= area.right + 1 ? 'fits' : `${own.right - area.right} too wide`;
}"""


@contextlib.contextmanager
def _opened(studio: Studio, notebook: str = "") -> Iterator[NotebookPage]:
    """Open a notebook in a page; at the end shut down its kernel, which must leave no process."""
    page, before = studio.new_page(), set(studio.server.processes())
    try:
        opened = NotebookPage(page, studio.server, notebook)
        yield opened
        opened.shut_down()
    except Exception:
        _keep_picture(studio, page, f"failed-{Path(notebook).stem or 'first-screen'}")
        studio.server.end_kernels()
        raise
    finally:
        page.close()
    assert set(studio.server.processes()) <= before


def _keep_picture(studio: Studio, page: Page, name: str) -> None:
    studio.snap(page, name)
    print(f"The page when it failed: {studio.pictures / name}.png")


def _assert_all_is_well(lesson: Lesson, cells: list[Cell]) -> None:
    """Check that no cell has an error, no claim failed, and every claim has its line."""
    _assert_no_error(cells)
    lines = [line for cell in cells for line in cell.text.splitlines()]
    assert [line for line in lines if line.startswith("✗")] == []
    judged = {line.split()[1] for line in lines if line.startswith(("✓", "– "))}
    assert judged == set(lesson.claims)


def _assert_nothing_ran(cells: list[Cell]) -> None:
    """Check that there are code cells, and that none has an output."""
    code = [cell for cell in cells if cell.kind == "code"]
    assert code
    assert [cell for cell in code if cell.outputs or cell.count is not None] == []


def _assert_no_error(cells: list[Cell]) -> None:
    wrong = [out for cell in cells for out in cell.outputs if out.kind == "error"]
    assert wrong == []


def _check_with(page: NotebookPage, answer: Path) -> str:
    """Paste an answer into the cell that is written to a file, run it, and press the check."""
    (module,) = page.cells_with(r"^%%module ")
    (checking,) = page.cells_with(r"^check\(")
    magic = module.source.splitlines()[0]
    page.paste(module.place, f"{magic}\n{answer.read_text(encoding='utf-8')}")
    _assert_no_error([page.run_cell(module.place)])
    checked = page.run_cell(checking.place)
    _assert_no_error([checked])
    return checked.text


def _asked(page: NotebookPage, code: str) -> str:
    """Run a line in place of the check; return its output, and put the check back."""
    (checking,) = page.cells_with(r"^check\(")
    page.paste(checking.place, code)
    answer = page.run_cell(checking.place)
    _assert_no_error([answer])
    page.paste(checking.place, checking.source)
    return answer.text


def _verdicts(text: str, lab: str) -> list[Verdict]:
    """Return the verdicts that a check has printed; a long reason continues in indented lines."""
    lines = re.findall(
        r"^ *(todo|ok|not yet)  (.+)$", text.replace(f"\n{INDENT}", " "), re.MULTILINE
    )
    found = []
    for (state, line), name in zip(lines, requirements(lab), strict=True):
        assert line.startswith(name)
        found.append(Verdict(name, state, line.removeprefix(name).removeprefix(": ")))
    return found


def _states(text: str, lab: str) -> set[str]:
    return {verdict.state for verdict in _verdicts(text, lab)}


def _comparison(run: Run, prediction: Cell) -> Cell:
    """Return the cell, as it is now, that compares this prediction with what was measured."""
    name = re.search(PREDICTION, prediction.source)[1]
    (cell,) = run.page.cells_with(rf"\bcompare\(\s*\"{re.escape(name)}\"")
    return cell


def _start_long_run(explorer: ExplorerBox) -> None:
    """Start the largest tasks in processes, and return when some of them are done."""
    explorer.watch()
    explorer.box.locator("select").select_option("processes")
    explorer.size.press("End")
    explorer.start()


def _press(box: object, button: str, row: str, value: str) -> None:
    """Press one of the buttons, and wait until that row of the table says so."""
    box.get_by_role("button", name=button).click()
    _row(box, row).get_by_text(value, exact=True).wait_for()


def _row(box: object, name: str) -> object:
    return box.locator("tr").filter(has_text=name).locator("td").last


def _our_children() -> set[int]:
    children = psutil.Process().children(recursive=True)
    return {child.pid for child in children if is_alive(child)}


def _what_a_run_may_touch() -> dict[str, bytes]:
    """Return the learner's notes, and the files beside the notebooks of the checkout.

    The notebooks themselves are left out: a build may run at the same time, and what JupyterLab has
    open is a copy.
    """
    files = [ROOT / ".course" / "notes.json", *ROOT.glob("notebooks/*"), *ROOT.glob("labs/*")]
    return {
        path.name: path.read_bytes() for path in files if path.is_file() and path.suffix != ".ipynb"
    }
