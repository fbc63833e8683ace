"""Run a program that may hang, crash or multiply, and report what happened."""

from helpers.runner.run import run_safely

__all__ = [
    "run_safely",
]
