"""Run a program that may hang, crash or multiply, and report what happened."""

from helpers.runner.run import run_safely, show_source

__all__ = [
    "run_safely",
    "show_source",
]
