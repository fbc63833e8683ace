"""A pytest plugin that names what a notebook leaves behind."""
