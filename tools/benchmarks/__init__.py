"""Benchmarks: commands that measure the course itself and the libraries it compares."""
