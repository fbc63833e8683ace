"""`course.py diagnose`: run a user's own program, and name the failure that it shows."""
