"""The exhibits of the museum of failures: NAME.py fails, NAME_cured.py does not."""
