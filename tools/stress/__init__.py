"""Stress tests: repeat what one test run is too short for. See `python -m tools.stress --help`."""
