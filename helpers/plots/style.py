"""The shared look of all pictures: palette, new axes, marks, legends, names of lines, PNG, checks.

Color-blind people can tell all of these colors apart. Each series also has a marker, a
line or a hatch of its own, so that a gray print stays readable.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from textwrap import wrap

import matplotlib.pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure

from helpers.validation import bad_type

# The palette of M. Okabe and K. Ito: https://jfly.uni-koeln.de/color/
BLACK, ORANGE, SKY, GREEN = "#000000", "#E69F00", "#56B4E9", "#009E73"
BLUE, RED, PINK = "#0072B2", "#D55E00", "#CC79A7"
WINE, OLIVE = "#882255", "#7A7A00"  # two more, for the engines that the palette has no color for
ALARM = "#B00020"  # what went wrong

GRAY = "#767676"  # text and thin lines: 4.5 : 1 against white
PART_GRAY, EDGE_GRAY, LINE_GRAY, BOX_GRAY = "#999999", "#BBBBBB", "#DDDDDD", "#CCCCCC"

DOTTED = (0, (1, 3))

# Color and marker of the first, second … series in a picture.
SERIES = ((BLUE, "o"), (RED, "s"), (GREEN, "^"), (PINK, "D"), (ORANGE, "v"), (BLACK, "X"))

# Color, marker and line of each engine, the same in every picture.
ENGINES = {
    "serial": (BLACK, "o", "-"),
    "threads": (RED, "s", "--"),
    "processes": (BLUE, "o", "-"),
    "spawn": (SKY, "^", "-."),
    "forkserver": (GREEN, "D", ":"),
    "fork": (ORANGE, "v", "--"),
    "interpreters": (PINK, "P", "-."),
    "asyncio": (WINE, "X", ":"),
    "dask": (OLIVE, "*", "-."),
}

FIGURE_SIZE = (6.6, 3.8)  # inches


def engine_style(engine: str) -> tuple[str, str, str]:
    """Return the color, marker and line of the engine; a gray one for an unknown engine."""
    color, marker, line = ENGINES.get(engine, (GRAY, "o", "-"))
    return inked(color), marker, line


def ink() -> str:
    """Return the color of text in the style that is set: black on white, white on black."""
    return to_hex(plt.rcParams["text.color"])


def paper() -> str:
    """Return the color of the background in the style that is set."""
    return to_hex(plt.rcParams["axes.facecolor"])


def inked(color: str) -> str:
    """Return a color that can be seen in the style that is set: `ink` for black."""
    if color == BLACK:
        return ink()
    return ORANGE if color == ALARM and ink() != BLACK else color


def new_axes(ax: Axes | None, size: tuple[float, float] = FIGURE_SIZE) -> Axes:
    """Return `ax`, or the only Axes of a new figure of `size` inches, without a top and right side.

    Raise TypeError for what is neither Axes nor None.
    """
    if ax is None:
        _, ax = plt.subplots(figsize=size, layout="constrained")
    elif not isinstance(ax, Axes):
        raise bad_type("ax", ax, "matplotlib Axes or None", "Leave it out for a new picture.")
    ax.spines[["top", "right"]].set_visible(False)
    return ax


def draw_mark(
    ax: Axes, x: float, y: float, look: tuple[str, str], *, newest: bool, label: str | None
) -> None:
    """Draw one run as a mark of that color and marker: large with a black edge if it is the newest.

    `label` is its name in the legend; None for a mark whose name is already there.
    """
    color, marker = look
    ax.plot(
        x, y, color=color, marker=marker, markersize=10 if newest else 6,
        markeredgecolor=ink() if newest else color, linestyle="none", label=label,
    )  # fmt: skip


def legend_above(
    ax: Axes, columns: int, *, x: float = 0.5, y: float = 1.0, fontsize: str = "medium"
) -> None:
    """Put the legend above the picture, in that many columns; x and y are fractions of the axes."""
    ax.legend(
        loc="lower center", bbox_to_anchor=(x, y), ncols=columns, frameon=False, fontsize=fontsize
    )


def legend_inside(ax: Axes, where: str = "best", columns: int = 1) -> None:
    """Put a small legend into the picture; `where` is matplotlib's `loc`."""
    ax.legend(frameon=False, fontsize="small", loc=where, ncols=columns)


def name_line_ends(
    ax: Axes, ends: Sequence[tuple[float, str, str]], gap: float, fontsize: float = 10
) -> None:
    """Write each line's name to the right of its end, instead of a legend.

    `ends` has (height, name, color) for each line. Heights and `gap` are fractions of the axes'
    height. A name that would be nearer than `gap` to the one below is moved up, and a short line
    in the color of its own leads to it:

        line's end   name
          0.52 ─────   0.57 B     0.52 is too near to 0.50, so B moves up to 0.50 + gap
          0.50 ─────   0.50 A
    """
    below = -1.0
    for height, name, color in sorted(ends):
        below = max(height, below + gap)
        ax.annotate(
            name, (1, height), (1.04, below), "axes fraction", va="center", annotation_clip=False,
            color=readable(color), fontsize=fontsize,
            arrowprops={
                "arrowstyle": "-", "color": color, "relpos": (0, 0.5), "shrinkA": 1, "shrinkB": 0
            },
        )  # fmt: skip


def readable(color: str) -> str:
    """Return a color for text beside a line of `color`: that of text if it is hard to read."""
    hard = (SKY, ORANGE, PINK, GREEN) if ink() == BLACK else (BLACK, BLUE, WINE, OLIVE, GRAY)
    return ink() if color in hard else color


def caption(ax: Axes, sentences: Sequence[str]) -> None:
    """Write sentences below the picture, wrapped, in the color of what went wrong; or nothing."""
    if not sentences:
        return
    lines = [line for sentence in sentences for line in wrap(sentence, 84)]
    figure = ax.figure
    if isinstance(figure, Figure) and figure.axes == [ax]:
        width, height = figure.get_size_inches()
        figure.set_size_inches(width, height + 0.16 * len(lines))
    below = 30 + 12 * ax.get_xlabel().count("\n")  # points: the ticks and the label of the axis
    ax.annotate(
        "\n".join(lines), (0, 0), xycoords="axes fraction", xytext=(0, -below - 6),
        textcoords="offset points", va="top", color=inked(ALARM), fontsize="small",
        annotation_clip=False,
    )  # fmt: skip


def as_png(figure: Figure) -> bytes:
    """Return the figure as a PNG, compressed for speed rather than for size."""
    png = io.BytesIO()
    figure.savefig(png, format="png", pil_kwargs={"compress_level": 1})
    return png.getvalue()


def require_dict(name: str, value: object, kind: type, advice: str) -> None:
    """Raise TypeError for what is not a dict with at least one entry, all of that kind."""
    right = isinstance(value, dict) and all(isinstance(one, kind) for one in value.values())
    if not (right and value):
        raise bad_type(name, value, f"a dict of name: {kind.__name__}", advice)
