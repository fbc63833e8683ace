"""Builds the notebooks and the generated pages from source/."""
