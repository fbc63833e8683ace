"""One fixed line for a claim: held here, did not hold here, or can't be shown here, and why.

The line has no measured number in it, so that a test can compare it; numbers follow on lines that
start with `measured:`, which the comparison leaves out.
"""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from helpers.validation import bad_type, one_of

_FILE = Path(__file__).parent / "data" / "claims.toml"


@lru_cache(maxsize=1)
def all_claims() -> dict[str, str]:
    """Each claim's words by its id."""
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))["claims"]


def claim(name: str, held: object, *evidence: str, unless: str = "") -> None:
    """Print whether claim `name` held here: `✓ P3  …` or `✗ P3  …  did not hold here`.

    `held` is True or False, as the experiment above computed it. `evidence` are sentences with
    measured numbers. If `unless` gives a reason, the claim can't be shown here and is not judged:
    `– P3  …  can't be shown here: reason`.
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
    """Print what was measured, a line each, in the form that tests do not compare."""
    for sentence in sentences:
        print(f"measured: {sentence}")
