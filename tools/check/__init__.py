"""Finds what does not fit together in the course."""
