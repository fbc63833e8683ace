"""The museum of failures: the learner looks at a failure and names it, then the diagnosis does."""

from __future__ import annotations

import html
from pathlib import Path

import ipywidgets as w

from helpers.claims import tell
from helpers.diagnosis.museum import FOLDER, HALLS, Piece, Visit, cause_of, pieces, visit
from helpers.number_text import in_digits
from helpers.progress import store
from helpers.runner.report import Member
from helpers.validation import bad_type, bad_value

SECTION = "museum"  # of the learner's notes
_SHOWN = "show me"
_HEAD, _TAIL = 4, 6  # lines of a long output
_WIDE = {"width": "auto", "max_width": "60em"}
_CODE = (
    "white-space:pre-wrap;line-height:1.35;margin:0;padding:4px 8px;border-left:3px solid #767676"
)
_ROW, _COLUMN = "display:flex;flex-wrap:wrap;gap:4px 16px", "flex:1 1 24em;min-width:0"
_MOST_SHOWN = 6  # processes that are shown
_BUSY = 0.1  # of a core
_WORDS = {
    "processes": "processes started",
    "at once": "children alive at the same time",
    "CPU seconds": "CPU seconds used",
}
_MARKS = {
    "+": ("ins", "text-decoration:none;background:#cfe8ff;color:#000"),
    "-": ("del", "text-decoration:none;background:#f3d9c4;color:#000"),
}


class Exhibit(w.VBox):
    """One failure: its program and what was recorded of it, names to choose from, and the answer.

    Pass a Visit, or the id of an exhibit, whose programs then run at once, within seconds. The
    first choice is kept in the learner's notes.
    """

    def __init__(self, what: Visit | str) -> None:
        if not isinstance(what, (Visit, str)):
            raise bad_type(
                "what", what, "a Visit or the id of an exhibit", "Pass visit('no_guard')."
            )
        self.visit = visit(what) if isinstance(what, str) else what
        self.piece = self.visit.piece
        self.seen = w.HTML(_seen(self.visit))
        self.choice = w.RadioButtons(options=self.piece.choices, value=None, layout=_WIDE)
        self.show_button = w.Button(description="Show me", icon="eye")
        self.answer = w.HTML()
        self.choice.observe(lambda change: self._name(change["new"]), "value")
        self.show_button.on_click(lambda _: self._name(_SHOWN))
        question = w.HTML("<b>What is it?</b> Choose, and the answer comes.")
        super().__init__([self.seen, question, self.choice, self.show_button, self.answer])

    def __repr__(self) -> str:
        return f"Exhibit, {self.piece.title}: open this notebook in JupyterLab to use it"

    def _name(self, chosen: str | None) -> None:
        if chosen is not None:
            keep_choice(self.piece, chosen)
            self.answer.value = _answer(self.visit, chosen)


class Hall(w.VBox):
    """The exhibits of one hall, one at a time: choose one from the list, or go to the next.

    Pass what `visit_hall` returned.
    """

    def __init__(self, visits: dict[str, Visit]) -> None:
        if not isinstance(visits, dict) or not all(isinstance(v, Visit) for v in visits.values()):
            raise bad_type("visits", visits, "a dict of Visits", "Pass visit_hall('slow').")
        if not visits:
            raise bad_value("visits", visits, "at least one Visit", "Pass visit_hall('slow').")
        self.exhibits = [Exhibit(one) for one in visits.values()]
        titles = [one.piece.title for one in self.exhibits]
        numbered = [(f"{place}. {title}", place - 1) for place, title in enumerate(titles, 1)]
        self.list = w.Dropdown(options=numbered, value=0, layout={"width": "30em"})
        self.next_button = w.Button(description="Next", icon="arrow-right")
        self.told = w.HTML()
        self.room = w.VBox([self.exhibits[0]])
        self.list.observe(lambda change: self._enter(change["new"]), "value")
        self.next_button.on_click(lambda _: self._next())
        for exhibit in self.exhibits:
            exhibit.answer.observe(lambda _: self._tell(), "value")
        super().__init__([w.HBox([self.list, self.next_button, self.told]), self.room])
        self._tell()

    def __repr__(self) -> str:
        hall = self.exhibits[0].piece.hall
        count = len(self.exhibits)
        return f"Hall, {hall}: {count} exhibits; open this notebook in JupyterLab to use it"

    def _next(self) -> None:
        self.list.value = (self.list.value + 1) % len(self.exhibits)

    def _enter(self, place: int) -> None:
        self.room.children = [self.exhibits[place]]

    def _tell(self) -> None:
        looked_at = sum(bool(one.answer.value) for one in self.exhibits)
        self.told.value = f"{looked_at} of {len(self.exhibits)} named"


def keep_choice(piece: Piece, chosen: str) -> bool:
    """Keep the choice, if it is the first for that exhibit; return whether it could be kept."""
    first = {"first": chosen, "right": chosen == piece.name}
    return store.change(SECTION, piece.id, lambda kept: kept if isinstance(kept, dict) else first)


def score() -> None:
    """Print how many exhibits the learner named at the first choice, and what to read again.

    The first room does not count: the lesson itself tells the names of its exhibits.
    """
    kept = store.read(SECTION)
    scored = [piece for piece in pieces().values() if piece.hall in HALLS[1:]]
    first = {piece.id: kept[piece.id] for piece in scored if isinstance(kept.get(piece.id), dict)}
    missed = [pieces()[name] for name, one in first.items() if one.get("right") is not True]
    tell(f"{len(first) - len(missed)} of {len(first)} named at the first choice")
    for hall in HALLS[1:]:
        here = [piece for piece in scored if piece.hall == hall]
        new = sum(piece.id not in first for piece in here)
        again = ", ".join(piece.title for piece in missed if piece.hall == hall)
        tell(f"{hall}: {new} of {len(here)} not named yet; look again at: {again or 'none'}")


def _seen(one: Visit) -> str:
    """Return the program and what was recorded of it, as HTML in two columns."""
    piece, report = one.piece, one.report
    how = f", start method {piece.method}" if piece.method else ""
    program = _line(f"<b>The program</b>{how}") + _code(_numbered(piece.broken))
    seen = [
        _line(f"<b>What was seen:</b> it {html.escape(report.meaning)}, in {report.seconds:.1f} s"),
        _table([("process", "how it was", "its line"), *_members(one)]),
        *_numbers(one, 0),
        *_stacks(one),
        _line("<b>Its output</b>"),
        _code(_short(report.output) or "(none)"),
    ]
    title = f"<h4 style='margin:4px 0'>{html.escape(piece.title)}</h4>"
    columns = (f"<div style='{_COLUMN}'>{one}</div>" for one in (program, "".join(seen)))
    return title + _line(_escaped(piece.symptom)) + f"<div style='{_ROW}'>{''.join(columns)}</div>"


def _answer(one: Visit, chosen: str) -> str:
    """Return the answer to what was chosen: name, reason, cure and the cured program, as HTML."""
    piece = one.piece
    by = f"the number of {_WORDS[piece.number]}" if piece.number else "the diagnosis"
    return "".join(
        [
            _verdict(piece, chosen),
            _line(f"By {by} it is: <b>{html.escape(one.named or 'not named this time')}</b>"),
            _line(f"<b>Why:</b> {_escaped(one.why)}"),
            _code(_where(one)) if one.where else "",
            _line(f"<b>Cure:</b> {_escaped(one.cure)} More in lesson {one.lesson}."),
            _line(f"<b>Here:</b> {_escaped(piece.here)}"),
            _line("<b>The cured program</b> (− was taken out, + was put in):"),
            f"<pre style='{_CODE}'>{''.join(map(_marked, one.changed()))}</pre>",
            _line(f"It {html.escape(one.cured.meaning)}, in {one.cured.seconds:.1f} s:"),
            *_numbers(one, 1),
            _code(_short(one.cured.output) or "(no output)"),
        ]
    )


def _verdict(piece: Piece, chosen: str) -> str:
    """Return whether the choice is right, and what its own cause would be if not, as HTML."""
    if chosen == _SHOWN:
        return ""
    if chosen == piece.name:
        return _line("<b>Yes.</b>")
    meant = f"<i>{html.escape(chosen)}</i> would be: {_escaped(cause_of(chosen))}"
    return _line(f"<b>Not quite.</b> {meant}")


def _line(words: str) -> str:
    return f"<p style='margin:4px 0'>{words}</p>"


def _members(one: Visit) -> list[tuple[str, str, str]]:
    """Return a table row for each process of the broken program, up to _MOST_SHOWN of them."""
    members = [member for member in one.report.members if member.role in ("main", "child")]
    rows = [_row(member) for member in members[:_MOST_SHOWN]]
    return (
        [*rows, ("…", f"{len(members) - _MOST_SHOWN} more", "")]
        if len(members) > _MOST_SHOWN
        else rows
    )


def _row(member: Member) -> tuple[str, str, str]:
    if member.state == "alive":
        how = "alive, waits" if member.busy < _BUSY else "alive, computes"
    else:
        how = "ended" if member.exit_code is None else f"ended, exit code {member.exit_code}"
    line = member.line
    return member.title, how, f"{line.line}, in {line.function}" if line else ""


def _numbers(one: Visit, place: int) -> list[str]:
    """Return the count for the broken program (place 0) or the cured one (place 1), as HTML."""
    if one.numbers is None:
        return []
    return [_line(f"<b>{_WORDS[one.piece.number]}:</b> {in_digits(one.numbers[place])}")]


def _stacks(one: Visit) -> list[str]:
    lines = one.report.stacks()
    if not lines:
        return []
    where = _line("<b>Where each thread was</b>, outermost call first")
    return [where, _code("\n".join(lines))]


def _where(one: Visit) -> str:
    return "\n".join(f"{spot.process}: line {spot.line}: {spot.text}" for spot in one.where)


def _numbered(path: Path) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(f"{number:2}  {line}".rstrip() for number, line in enumerate(lines, 1))


def _short(output: str) -> str:
    """Return the output without the folder's path and, if it is long, without its middle."""
    lines = output.replace(f"{FOLDER}/", "").replace(f"{FOLDER}\\", "").splitlines()
    if len(lines) > _HEAD + _TAIL + 1:
        left_out = len(lines) - _HEAD - _TAIL
        lines = [*lines[:_HEAD], f"[… {left_out} lines …]", *lines[-_TAIL:]]
    return "\n".join(line[:160] for line in lines)


def _marked(change: tuple[str, str]) -> str:
    """Return a line of the cured program as HTML, marked if it was removed or added."""
    mark, line = change
    if mark not in _MARKS:
        return f"  {html.escape(line)}\n"
    tag, style = _MARKS[mark]
    sign = "−" if mark == "-" else mark
    return f"<{tag} style='{style}'>{sign} {html.escape(line)}</{tag}>\n"


def _table(rows: list[tuple[str, ...]]) -> str:
    cells = "<td style='padding-right:1em'>{}</td>"
    head, *others = ["".join(cells.format(html.escape(cell)) for cell in row) for row in rows]
    body = "".join(f"<tr>{row}</tr>" for row in others)
    return f"<table><tr style='font-style:italic'>{head}</tr>{body}</table>"


def _code(text: str) -> str:
    return f"<pre style='{_CODE}'>{html.escape(text.rstrip())}</pre>"


def _escaped(words: str) -> str:
    """Return the words as HTML, with text between backticks as code."""
    parts = html.escape(words).split("`")
    return "".join(f"<code>{p}</code>" if n % 2 else p for n, p in enumerate(parts))
