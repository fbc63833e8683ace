"""Set the default start method of this process, and so of its children."""

from __future__ import annotations

import multiprocessing
from typing import Any


def install(method: str) -> None:
    """Make `method` the default, without `set_start_method`: a program may call that only once."""
    default: Any = multiprocessing.context._default_context
    default._default_context = default.get_context(method)
