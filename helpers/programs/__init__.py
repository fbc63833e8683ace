"""Programs that lessons run in the bounded runner: run, not imported."""
