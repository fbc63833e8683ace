"""Stacks as faulthandler writes them: a forked child's own end where its parent's begin."""

from __future__ import annotations

import pytest

from helpers.runner.stacks import read_stacks

LIBRARY = "/lib/python3/multiprocessing"
PARENTS = f"""\
  File "{LIBRARY}/popen_fork.py", line 71 in _launch
  File "{LIBRARY}/process.py", line 121 in start
  File "/of/a/learner/work.py", line 14 in <module>
"""
AT_WORK = f"""\
  File "{LIBRARY}/queues.py", line 103 in get
  File "/of/a/learner/work.py", line 5 in consume
  File "{LIBRARY}/process.py", line 108 in run
  File "{LIBRARY}/process.py", line 314 in _bootstrap
"""
AT_THE_END_UP_TO_3_12 = f"""\
  File "{LIBRARY}/queues.py", line 199 in _finalize_join
  File "{LIBRARY}/util.py", line 340 in _exit_function
  File "{LIBRARY}/process.py", line 330 in _bootstrap
"""
AT_THE_END_SINCE_3_13 = f"""\
  File "{LIBRARY}/queues.py", line 211 in _finalize_join
  File "{LIBRARY}/util.py", line 360 in _exit_function
"""


@pytest.mark.parametrize(
    ("frames", "last"),
    [
        (AT_WORK, "_bootstrap"),
        (AT_THE_END_UP_TO_3_12, "_exit_function"),
        (AT_THE_END_SINCE_3_13, "_exit_function"),
    ],
    ids=["at work", "at its end, up to 3.12", "at its end, since 3.13"],
)
def test_a_forked_child_is_not_in_a_line_of_its_parent(frames, last):
    (stack,) = read_stacks(f"Current thread 0x00007f (most recent call first):\n{frames}{PARENTS}")
    assert stack[-1].function == last


def test_who_starts_a_process_is_in_its_own_line():
    (stack,) = read_stacks(f"Current thread 0x00007f (most recent call first):\n{PARENTS}")
    assert stack[-1].function == "<module>"
