"""An invented lab, as small as a lab can be, for the tests of authoring and of the command line."""

from __future__ import annotations

import base64
from pathlib import Path

NAME = "lab99-tiny"

SOURCE = '''\
# ---
# jupyter:
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
#   ntklab:
#     title: A tiny lab
#     question: what is twice a number?
#     minutes: 5
# ---

# %% [markdown]
# # A tiny lab
#
# Twice a number, and the sum of two.

# %% role="setup"
import numpy as np

from ntklab import lab

POINTS = np.array([1.0, 2.0, 4.0])

# %% [markdown]
# ## Exercise 1 · `doubled`
#
# Difficulty ●○○ · 3 minutes · 2 points
#
# `x` has shape (n,); the answer too.

# %% role="answer" exercise="doubled"
def doubled(x):
    """Twice x."""
    ### BEGIN SOLUTION
    amount_added = np.multiply(x, 1.0)
    return np.asarray(x) + amount_added
    ### END SOLUTION


# %% role="visible" exercise="doubled"
t = lab.tests("doubled")
t.close("by hand", lambda: doubled(POINTS), [2.0, 4.0, 8.0], mistakes={"you squared x": POINTS**2})
t.report()

# %% role="hidden" exercise="doubled" points=2
# Hidden tests: fresh inputs and zero.
### BEGIN HIDDEN TESTS
t = lab.tests("doubled", hidden=True)
X = t.rng.normal(size=7)
t.close("seven random numbers", lambda: doubled(X), X + X, mistakes={"you squared x": X**2})
t.close("zero", lambda: doubled(np.zeros(2)), np.zeros(2))
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="doubled"
# <details><summary>Hint 1 · concept</summary>
#
# Twice is once more.
#
# </details>
# <details><summary>Hint 2 · formula and shapes</summary>
#
# $2x$ has the shape of $x$.
#
# </details>
# <details><summary>Hint 3 · near-code</summary>
#
# Add the array to itself.
#
# </details>

# %% [markdown]
# ## Exercise 2 · `added`
#
# Difficulty ●○○ · 2 minutes · 1 point

# %% role="answer" exercise="added"
def added(a, b):
    """The sum."""
    ### BEGIN SOLUTION
    return np.add(np.asarray(a), np.asarray(b))
    ### END SOLUTION


# %% role="visible" exercise="added"
t = lab.tests("added")
t.close("by hand", lambda: added(1.0, 2.0), 3.0)
t.report()

# %% role="hidden" exercise="added" points=1
# Hidden tests: fresh inputs.
### BEGIN HIDDEN TESTS
t = lab.tests("added", hidden=True)
pair = t.rng.normal(size=2)
t.close("two random numbers", lambda: added(pair[0], pair[1]), pair.sum())
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="added"
# <details><summary>Hint 1 · concept</summary>Put them together.</details>
# <details><summary>Hint 2 · formula and shapes</summary>$a + b$</details>
# <details><summary>Hint 3 · near-code</summary>NumPy has a function of that name.</details>

# %% role="demo" name="once"
print("twice two is", doubled(np.array([2.0]))[0])

# %% [markdown] role="written" exercise="why-twice" points=3
# **Why is twice the same as once more?**
#
# ### BEGIN SOLUTION
# Because multiplication by two is repeated addition of the very same number.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# 3 for naming repeated addition.
# ### END MARK SCHEME

# %% role="quiz" name="quiz"
lab.quiz("What is twice 3?", {"6": "Right: 3 + 3.", "9": "That is three squared."}, right="6")
'''


def write(root: Path, source: str = SOURCE) -> Path:
    """Lay the tiny lab out under ``root`` and return the path of its source."""
    path = root / "solutions" / NAME / f"{NAME}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(source, encoding="utf-8")
    return path


# the smallest PNG: one transparent pixel
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def write_with_picture(root: Path) -> Path:
    """The tiny lab with a figure cell and the picture one should get from it."""
    source = SOURCE + (
        '\n# %% role="figure" name="line"\nimport matplotlib.pyplot as plt\n\nplt.plot(doubled(POINTS));\n'
        "\n# %% [markdown]\n# You should see:\n#\n# ![a line that doubles](line.png)\n"
    )
    path = write(root, source)
    (path.parent / "line.png").write_bytes(PIXEL)
    return path
