"""A pytest plugin that names what a notebook or a test module leaves behind."""
