"""What judges each puzzle: puzzle_1_3.py is for the third puzzle of labs/puzzles_1_….ipynb.

REQUIREMENTS  the one line that its check prints
HINTS         three for that line
EXPLANATION   what is said after success
judge         runs the program that the learner has corrected, and yields the verdict
"""
