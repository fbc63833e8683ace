"""Makes a start method the default of the process in which it is asked for, and of its children."""

from __future__ import annotations

import multiprocessing
from typing import Any


def install(method: str) -> None:
    """Makes that the default; a program may still set its own.

    Not by `set_start_method`: a program may call that itself, once.
    """
    default: Any = multiprocessing.context._default_context
    default._default_context = default.get_context(method)
