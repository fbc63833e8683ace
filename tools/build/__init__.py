"""The build: makes the notebooks and the generated pages from source/."""
