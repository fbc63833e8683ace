"""Wrong: every job has an answer: the code ended early: AttributeError: module"""

JOBS = []
