"""Commands that measure the course and what it compares."""
