"""A small course in its own folder, for the tests of the tools."""

from __future__ import annotations

from pathlib import Path

OUTLINE = """
[[lesson]]
number = "00"
slug = "hello"
title = "Hello"
minutes = 5
goal = "greet"
claims = ["P1"]

[[lesson]]
number = "01"
slug = "double"
title = "Double"
minutes = 10
goal = "double a number"

[lesson.lab]
title = "Double it yourself"
minutes = 15
"""

CLAIMS = """
[claims]
P1 = "A greeting greets"
"""

README = """# A small course

<!-- map:begin -->
<!-- map:end -->
"""

HELLO = """# %% [markdown]
# ## A greeting is a text

# %%
def claim(id_, text):
    print(f"✓ {id_}  {text}")


# %%
import time

print("hello")
print(f"measured: {time.time_ns()} ns")
claim("P1", "A greeting greets")
"""

DOUBLE = """# %% [markdown]
# ## Twice is more than once

# %%
import time


# %%
# %%writefile work_01.py
def double(number):
    return 2 * number


# %% tags=["nbval-ignore-output"]
print(f"no test compares this: {time.time_ns()}")

# %%
from multiprocessing import get_context

from work_01 import double

with get_context("spawn").Pool(1) as pool:
    print(pool.map(double, [21]))

# %% tags=["raises-exception"]
double(None) / 0
"""

LAB = '''# %% [markdown]
# Write `double`.

# %%
def double(number):
    """Return twice the number."""
    ### BEGIN SOLUTION
    return 2 * number
    ### END SOLUTION


# %%
def check():
    try:
        print("ok" if double(4) == 8 else "not yet", "double(4)")
    except NotImplementedError:
        print("todo double(4)")


check()

# %% [markdown] tags=["solution"]
# Twice a number is the number and itself.
'''

PYPROJECT = """
[tool.ruff]
line-length = 100
extend-exclude = ["*.ipynb"]
[tool.ruff.lint.per-file-ignores]
"source/**" = ["B018", "E402", "F811", "I001"]
"""


def write(root: Path, file: str, text: str) -> Path:
    """Write a file of the course in `root`, and its folders; the same bytes on every system."""
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def make_course(root: Path) -> Path:
    """Create a course with two lessons and a lab, not built yet; return its folder."""
    write(root, "source/outline.toml", OUTLINE)
    write(root, "helpers/data/claims.toml", CLAIMS)
    write(root, "README.md", README)
    write(root, "pyproject.toml", PYPROJECT)
    write(root, "source/lessons/00_hello.py", HELLO)
    write(root, "source/lessons/01_double.py", DOUBLE)
    write(root, "source/labs/01_double.py", LAB)
    return root
