"""Print whether a claim of the course held in this run, did not hold, or can't be shown here.

The line has no measured number in it, so a test can compare it. Numbers follow on lines that start
with `measured:`, which the comparison leaves out.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from helpers.validation import bad_type, one_of

_FILE = Path(__file__).parent / "data" / "claims.toml"


@lru_cache(maxsize=1)
def all_claims() -> dict[str, str]:
    """Return the words of each claim in data/claims.toml, by the claim's id such as `P3`."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))["claims"]


def claim(name: str, held: object, *evidence: str, unless: str = "") -> None:
    """Print whether claim `name` held here: `✓ P3  …` or `✗ P3  …  did not hold here`.

    `held` is what the experiment above computed. `evidence` are sentences with measured numbers,
    printed by `tell`. If `unless` gives a reason, print `– P3  …  can't be shown here: reason` and
    ignore `held`. Raise ValueError for an unknown name, TypeError for a `held` that is not a bool.
    """
    words = all_claims()[one_of("name", name, tuple(all_claims()), "Use an id of claims.toml.")]
    if not isinstance(held, bool):
        raise bad_type("held", held, "True or False", "Compare something: claim('P1', a != b).")
    if not isinstance(unless, str):
        raise bad_type("unless", unless, "a reason", "Pass a str, empty where there is none.")
    if unless:
        print(f"– {name}  {words}  can't be shown here: {unless}")
    elif held:
        print(f"✓ {name}  {words}")
    else:
        print(f"✗ {name}  {words}  did not hold here")
    tell(*evidence)


def tell(*sentences: str) -> None:
    """Print each line of the sentences after `measured:`; tests do not compare these lines."""
    for sentence in sentences:
        for line in sentence.splitlines():
            print(f"measured: {line}")
