"""Stress test of the museum: each exhibit gets its name in every run, and leaves nothing behind.

The cases are the exhibits of helpers/data/museum.toml. The broken program must get its name, and
the cured one must end well and get none.
"""

from __future__ import annotations

import argparse
import multiprocessing
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from helpers.diagnosis.museum import Visit, pieces, visit_all
from tools.stress.repeat import Case, StressTest


@contextmanager
def cases(options: argparse.Namespace) -> Iterator[dict[str, Case]]:
    """Yield every exhibit of the museum that this machine can show."""
    method = options.method
    yield {
        name: partial(_wrong_visit, name, method)
        for name, piece in pieces().items()
        if piece.here_too and method in ("", *piece.methods)
    }


def _wrong_visit(name: str, method: str, _number: int, _times: int) -> list[str]:
    """Run both programs of the exhibit once; return both reports if one of them is wrong."""
    visits = visit_all([name], method=method).values()
    return [_describe(one) for one in visits if not (one.right and one.healed)]


def _describe(one: Visit) -> str:
    parts = [str(one), *one.report.stacks()]
    for report in (one.report, one.cured):
        parts += [report.describe(), report.output[-1500:]]
    return "\n".join(parts)


def _add_options(parser: argparse.ArgumentParser) -> None:
    methods = multiprocessing.get_all_start_methods()
    parser.add_argument("--method", choices=methods, default="", help="instead of the default")


STRESS_TEST = StressTest(
    says="Check that each exhibit of the museum gets its name in every run",
    times=10,
    cases=cases,
    case_names="the exhibit's id",
    add_options=_add_options,
    checks_leftovers=True,
)
