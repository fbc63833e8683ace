"""Each claim of lesson 01 prints ✓ for what should be seen, and ✗ for its opposite.

The lesson's own cells run here, with data in place of its experiments.
"""

from __future__ import annotations

import sys

import pytest

from helpers import claims
from tools.build.percent import read_source
from tools.outline import ROOT

pytestmark = pytest.mark.once
SOURCE = ROOT / "source/lessons/01_processes.py"

ALONE = [(i * 0.01, i * 0.01 + 0.01, 0.01) for i in range(30)]
IN_TURNS = [(t, t + 0.01, 0.005) for t in (i * 0.01 for i in range(30)) for _ in range(2)]
AT_ONCE = [(t, t + 0.01, 0.01) for t in (i * 0.01 for i in range(30)) for _ in range(2)]
MOSTLY_WAITING = [(t, t + 0.01, 0.001) for t in (i * 0.01 for i in range(30)) for _ in range(2)]


class Machine:
    """A machine with this many usable cores."""

    def __init__(self, cores: int) -> None:
        self.usable_cores = lambda: cores


# What the experiments give where the claim holds; then, for each claim, what contradicts it.
HOLDS = {
    "P1": {
        "here": (1, 10), "in_a_process": (2, 20), "imported_there": True, "imported_here": False,
        "there": 130.0, "grown": 0.1,
    },
    "P2": {
        "numbers": [1, 2, 3, 4], "seen_by_the_child": [1, 2, 3, 4], "own_numbers": [1, 2, 3],
    },
    "P3": {"process_rounds": [MOSTLY_WAITING, AT_ONCE], "machine": Machine(2)},
    "P4": {"shared_count": 1_000, "counts": [1_000, 1_000], "box": [0]},
}  # fmt: skip
CONTRADICTED = [
    ("P1", {"in_a_process": (1, 20)}),  # a thread of this process
    ("P1", {"imported_here": True}),
    ("P1", {"imported_there": False}),
    ("P1", {"grown": 100.0}),
    ("P1", {"there": 20.0}),
    ("P2", {"numbers": [1, 2, 3]}),
    ("P2", {"own_numbers": [1, 2, 3, 4]}),
    ("P2", {"seen_by_the_child": [1, 2, 3]}),
    ("P3", {"process_rounds": [IN_TURNS] * 5}),
    ("P3", {"process_rounds": [ALONE] * 5}),
    ("P3", {"process_rounds": [MOSTLY_WAITING] * 5}),
    ("P4", {"shared_count": 2_000}),
    ("P4", {"counts": [1_000, 998]}),
    ("P4", {"box": [2_000]}),
    ("P4", {"box": [1_000]}),
]


@pytest.fixture
def printed(capsys):
    """Return a function that runs the cells of a claim with these names, and returns its line."""

    def run(claim: str, names: dict) -> str:
        proving = [cell for cell in read_source(SOURCE, SOURCE.name) if "claim" in cell.tags]
        names = {"claim": claims.claim, "tell": claims.tell, "sys": sys, **names}
        for cell in proving:
            if f'claim("{claim}"' in cell.text or cell.text.startswith("def "):
                exec(cell.text, names)
        return capsys.readouterr().out.splitlines()[0]

    return run


@pytest.mark.parametrize("claim", HOLDS)
def test_a_claim_holds_for_what_should_be_seen(printed, claim):
    assert printed(claim, HOLDS[claim]) == f"✓ {claim}  {claims.all_claims()[claim]}"


@pytest.mark.parametrize(("claim", "change"), CONTRADICTED)
def test_a_claim_fails_for_the_opposite(printed, claim, change):
    line = f"✗ {claim}  {claims.all_claims()[claim]}  did not hold here"
    assert printed(claim, HOLDS[claim] | change) == line


def test_on_one_core_parallel_work_cannot_be_shown(printed):
    names = HOLDS["P3"] | {"process_rounds": [IN_TURNS], "machine": Machine(1)}
    assert printed("P3", names).startswith("– P3  ")
