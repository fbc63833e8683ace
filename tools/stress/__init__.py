"""Commands that repeat what tests have no time for: runner, diagnosis, labs, museum."""
