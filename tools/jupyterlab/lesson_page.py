"""A notebook in JupyterLab, driven as a learner does it: by menus, keyboard and mouse.

    lesson = NotebookPage(page, server, "notebooks/01_processes.ipynb")
    lesson.run_all()
    lesson.explorers()[0].run()

What is pressed is pressed on the page. What came of it is read from the page, and a notebook's
cells and outputs from JupyterLab's own model, which holds those out of sight, too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.jupyterlab.browser import Server

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

RUN_LIMIT = 240  # seconds that a notebook may take here, on a busy machine
LIMIT = 30  # seconds for anything else

# Each is an expression in the page's language; PANEL is the notebook in front.
PANEL = "window.jupyterapp?.shell?.currentWidget"
KERNEL = f"{PANEL}?.sessionContext?.session?.kernel"
READY = f"() => {PANEL}?.context?.isReady && {KERNEL}?.status === 'idle'"
CELLS = f"""() => {PANEL}.content.widgets.map(({{model}}) => ({{
    kind: model.type,
    source: model.sharedModel.getSource(),
    count: model.executionCount ?? null,
    outputs: model.type === 'code' ? model.outputs.toJSON().map(one => ({{
        kind: one.output_type,
        text: one.text ?? one.data?.['text/plain'] ?? one.evalue ?? '',
        mimes: Object.keys(one.data ?? {{}}),
    }})) : [],
}}))"""
CLEARED = f"""() => {KERNEL}?.status === 'idle' && {PANEL}.content.widgets.every(({{model}}) =>
    model.type !== 'code' || model.executionCount === null && model.outputs.length === 0)"""
FINISHED = f"""() => {{
    const cells = {PANEL}.content.widgets.map(one => one.model).filter(one => one.type === 'code');
    const failed = cells.some(one => one.outputs.toJSON().some(out => out.output_type === 'error'));
    const done = cells.every(one => one.executionCount !== null || !one.sharedModel.getSource());
    return (done || failed) && {KERNEL}?.status === 'idle';
}}"""
RAN_AGAIN = f"""([place, before]) =>
    (({PANEL}.content.widgets[place].model.executionCount ?? before) !== before) &&
    {KERNEL}?.status === 'idle'"""

# Notes what happens in an explorer, and when, so that nothing has to be caught in the act.
WATCH = """box => {
    box.seen = {bar: 0, pressed: null, stopped: null};
    const look = () => {
        const bar = box.querySelector('.progress-bar');
        box.seen.bar = Math.max(box.seen.bar, parseFloat(bar?.style.width) || 0);
        if (box.seen.pressed && !box.seen.stopped && box.innerText.includes('stopped;'))
            box.seen.stopped = performance.now();
    };
    new MutationObserver(look).observe(
        box, {subtree: true, childList: true, attributes: true, characterData: true});
    box.querySelectorAll('button')[1].addEventListener(
        'click', () => box.seen.pressed = performance.now(), true);
}"""


# One number for all that an image shows; 0 while it shows nothing.
DIGEST = """image => {
    if (!image.complete || !image.naturalWidth) return 0;
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
    const context = canvas.getContext('2d');
    context.drawImage(image, 0, 0);
    const pixels = context.getImageData(0, 0, canvas.width, canvas.height).data;
    return new Uint32Array(pixels.buffer).reduce((sum, one) => Math.imul(sum, 31) + one | 0, 1);
}"""


@dataclass(frozen=True)
class Output:
    """One output of a cell: its kind, its text, and the kinds of data that it has."""

    kind: str
    text: str
    mimes: tuple[str, ...]


@dataclass(frozen=True)
class Cell:
    """A cell as JupyterLab has it; `place` counts from the top."""

    place: int
    kind: str
    source: str
    count: int | None
    outputs: tuple[Output, ...]

    @property
    def text(self) -> str:
        """Return all that it printed or showed as text."""
        return "\n".join(output.text for output in self.outputs)


class NotebookPage:
    """A notebook of the course, open in JupyterLab in a page of its own."""

    def __init__(self, page: Page, server: Server, notebook: str) -> None:
        self.page, self.server, self.notebook = page, server, notebook
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.set_default_timeout(LIMIT * 1000)
        page.goto(server.address(notebook))
        self._await(READY)

    def cells(self) -> list[Cell]:
        """Return every cell as it is now."""
        found: list[dict[str, Any]] = self.page.evaluate(CELLS)
        return [
            Cell(
                place,
                cell["kind"],
                cell["source"],
                cell["count"],
                tuple(Output(o["kind"], o["text"], tuple(o["mimes"])) for o in cell["outputs"]),
            )
            for place, cell in enumerate(found)
        ]

    def cells_with(self, pattern: str) -> list[Cell]:
        """Return the code cells whose source has the pattern."""
        return [
            cell for cell in self.cells() if cell.kind == "code" and re.search(pattern, cell.source)
        ]

    def at(self, place: int) -> Locator:
        """Move the cell to the top of the page, and return it."""
        cell = self.page.locator(f".jp-Notebook [data-windowed-list-index='{place}']")
        cell.evaluate("cell => cell.scrollIntoView()")
        return cell

    def output(self, place: int) -> Locator:
        """Return what the cell shows below its source."""
        return self.at(place).locator(".jp-OutputArea").first

    def menu(self, *names: str) -> None:
        """Choose from the menus at the top."""
        self.page.locator(".lm-MenuBar-item", has_text=names[0]).click()
        for name in names[1:]:
            self.page.locator(".lm-Menu-itemLabel").get_by_text(name, exact=True).click()

    def clear(self) -> None:
        """Restart the kernel and clear all outputs, so that what comes next is new."""
        self.menu("Kernel", "Restart Kernel and Clear Outputs of All Cells…")
        self.page.locator(".jp-Dialog button.jp-mod-accept").click()
        self._await(CLEARED)

    def run_all(self) -> list[Cell]:
        """Run every cell from a cleared notebook; return the cells when the kernel rests again."""
        from playwright.sync_api import TimeoutError as TimedOut

        self.menu("Run", "Run All Cells")
        try:
            self._await(FINISHED, RUN_LIMIT)
        except TimedOut as error:
            cell = next(cell for cell in self.cells() if cell.kind == "code" and not cell.count)
            error.add_note(f"{self.notebook}: cell {cell.place} still runs:\n{cell.source}")
            raise
        return self.cells()

    def run_cell(self, place: int) -> Cell:
        """Click into a cell and press Ctrl+Enter; return the cell when it has run."""
        before = self.cells()[place].count
        self.at(place).locator(".jp-InputArea-prompt").click()
        self.page.keyboard.press("Control+Enter")
        self._await(RAN_AGAIN, RUN_LIMIT, [place, before])
        return self.cells()[place]

    def paste(self, place: int, source: str) -> None:
        """Click into a cell's text and put another one in its place."""
        self.at(place).locator(".cm-content").click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(source)
        self.page.keyboard.press("Escape")
        if (now := self.cells()[place].source) != source:
            raise RuntimeError(f"The cell has another text than was pasted:\n{now}")

    def run_new_cell(self, below: int, source: str) -> Cell:
        """Put a new cell below another one, type into it, run it, and remove it again."""
        self.at(below).locator(".jp-InputArea-prompt").click()
        self.page.keyboard.press("b")
        self.page.keyboard.press("Enter")
        self.page.keyboard.insert_text(source)
        cell = self.run_cell(below + 1)
        self.page.keyboard.press("Escape")
        self.page.keyboard.press("d")
        self.page.keyboard.press("d")
        return cell

    def shut_down(self) -> None:
        """End the kernel."""
        self.menu("Kernel", "Shut Down Kernel")
        self._await(f"() => !{KERNEL}")

    def explorers(self, pattern: str = r"\bExplorer\(") -> list[ExplorerBox]:
        """Return the explorers in it, from the top; `pattern` is what their cells have."""
        found = self.cells_with(pattern)
        return [ExplorerBox(self.page, self.output(cell.place), cell.place) for cell in found]

    def pipelines(self) -> list[PipelineBox]:
        """Return the pipeline explorers in it, from the top."""
        found = self.cells_with(r"\bPipelineExplorer\(")
        return [PipelineBox(self.page, self.output(cell.place), cell.place) for cell in found]

    def _await(self, expression: str, limit: float = LIMIT, argument: object = None) -> None:
        self.page.wait_for_function(expression, arg=argument, timeout=limit * 1000, polling=100)


class ExplorerBox:
    """An explorer on the page: its controls, its picture, and what happened in it."""

    def __init__(self, page: Page, box: Locator, place: int) -> None:
        self.page, self.box, self.place = page, box, place
        self.picture = box.locator("img")
        self.run_button = box.locator("button:enabled", has_text="Run")
        self.stop_button = box.locator("button:enabled", has_text="Stop")
        self.workers, self.tasks, self.size = (
            Slider(box.locator(".widget-slider").nth(number)) for number in range(3)
        )

    def watch(self) -> None:
        """Note from now on what happens in it."""
        self.box.evaluate(WATCH)

    def seen(self, what: str) -> float:
        """Return what was noted: the furthest `bar`, or when Stop was `pressed` or it `stopped`."""
        return self.box.evaluate("(box, what) => box.seen[what]", what)

    def measure(self) -> None:
        """Press Run and wait until the run has ended."""
        self.start()
        self.run_button.wait_for(timeout=RUN_LIMIT * 1000)

    def shown(self) -> int:
        """Return a number that stands for what its picture shows."""
        return self.picture.evaluate(DIGEST)

    def await_another(self, than: int) -> int:
        """Wait until it shows another picture than that one; return the number of the new one."""
        self.page.wait_for_function(
            f"([image, than]) => ![0, than].includes(({DIGEST})(image))",
            arg=[self.picture.element_handle(), than],
            polling=100,
        )
        return self.shown()

    def start(self) -> None:
        """Press Run, and return when the run is under way."""
        self.run_button.click()
        self.stop_button.wait_for()

    def stop(self) -> None:
        """Press Stop and wait until the run has ended."""
        self.stop_button.click()
        self.run_button.wait_for()


class PipelineBox(ExplorerBox):
    """A pipeline explorer on the page: as an explorer, with other sliders."""

    def __init__(self, page: Page, box: Locator, place: int) -> None:
        super().__init__(page, box, place)
        self.producers, self.consumers, self.items, self.size, self.bound = (
            Slider(box.locator(".widget-slider").nth(number)) for number in range(5)
        )


class Slider:
    """A slider of ipywidgets, moved by the keyboard."""

    def __init__(self, row: Locator) -> None:
        self.handle = row.locator(".noUi-handle")
        self.value = row.locator(".widget-readout")

    def press(self, *keys: str) -> str:
        """Press keys on its handle, one after the other; return the number that it then shows."""
        self.handle.focus()
        for key in keys:
            self.handle.press(key)
        return self.value.inner_text()
