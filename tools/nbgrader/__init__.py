"""Labs as nbgrader assignments."""
