"""An invented lab for the tests of grading: small exercises that together use every road between test and answer."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

from ntklab.grading.limits import Limits

NAME = "lab98-grading"
SECRET = b"not the secret of any course"
POINTS = {"doubled": 3.0, "gram": 2.0, "quadrupled": 1.0, "summary": 1.0}
# Short, so that an endless loop costs the tests little; an honest cell or call needs milliseconds.
LIMITS = Limits(
    cell_seconds=2.0,
    call_seconds=1.5,
    exercise_seconds=4.0,
    memory_bytes=400 * 2**20,
    processes=40,
    file_bytes=8 * 2**20,
    tmp_bytes=16 * 2**20,
)

SOURCE = '''\
# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3 (ipykernel)
#     language: python
#     name: python3
#   ntklab:
#     title: A lab for the grader
#     question: does it grade?
#     minutes: 5
# ---

# %% [markdown]
# # A lab for the grader

# %% role="setup"
import numpy as np

from ntklab import lab

WEIGHTS = np.array([1.0, -2.0, 0.5])

# %% [markdown]
# ## Exercise 1 · `doubled`

# %% role="answer" exercise="doubled"
def doubled(x):
    """Twice x."""
    ### BEGIN SOLUTION
    once_more = np.asarray(x)
    return once_more + once_more
    ### END SOLUTION


# %% role="visible" exercise="doubled"
t = lab.tests("doubled")
t.close("by hand", lambda: doubled(WEIGHTS), [2.0, -4.0, 1.0], mistakes={"you squared x": [1.0, 4.0, 0.25]})
t.close("a number", lambda: doubled(1.5), 3.0)
t.report()

# %% role="hidden" exercise="doubled" points=3
# Hidden tests: fresh inputs and zero.
### BEGIN HIDDEN TESTS
t = lab.tests("doubled", hidden=True)
fresh_inputs = t.rng.normal(size=(3, 2))
t.close("a matrix", lambda: doubled(fresh_inputs), fresh_inputs * 2, mistakes={"you squared x": fresh_inputs**2})
t.close("zero", lambda: doubled(np.zeros(3)), np.zeros(3))
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="doubled"
# <details><summary>Hint 1 · concept</summary>Twice is once more.</details>
# <details><summary>Hint 2 · formula and shapes</summary>$2x$ has the shape of $x$.</details>
# <details><summary>Hint 3 · near-code</summary>Add the array to itself.</details>

# %% role="demo" name="helper"
def square(x):
    return x * x


print("a demo that prints")

# %% [markdown]
# ## Exercise 2 · `gram`

# %% role="answer" exercise="gram"
def gram(X):
    """The inner products of the rows of X."""
    ### BEGIN SOLUTION
    X = np.asarray(X)
    if X.ndim != 2:
        raise ValueError(f"X must be a matrix; got shape {X.shape}")
    return np.einsum("id,jd->ij", X, X)
    ### END SOLUTION


# %% role="visible" exercise="gram"
t = lab.tests("gram")
t.close("by hand", lambda: gram(np.array([[1.0, 2.0], [0.0, 1.0]])), [[5.0, 2.0], [2.0, 1.0]])
t.raises("a vector", ValueError, lambda: gram(np.ones(3)))
t.report()

# %% role="hidden" exercise="gram" points=2
# Hidden tests: fresh inputs and symmetry.
### BEGIN HIDDEN TESTS
t = lab.tests("gram", hidden=True)
rows = t.rng.normal(size=(4, 3))
t.close("random rows", lambda: gram(rows), rows @ rows.T)
t.holds("symmetric", lambda: np.allclose(gram(rows), gram(rows).T), "it is not symmetric")
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="gram"
# <details><summary>Hint 1 · concept</summary>Rows times rows.</details>
# <details><summary>Hint 2 · formula and shapes</summary>$X X^T$ is (n, n).</details>
# <details><summary>Hint 3 · near-code</summary>NumPy's at-sign and a transpose.</details>

# %% role="figure" name="line"
raise RuntimeError("figure cells are skipped when grading")

# %% [markdown]
# ## Exercise 3 · `quadrupled`

# %% role="answer" exercise="quadrupled"
def quadrupled(x):
    """Four times x, by `doubled`."""
    ### BEGIN SOLUTION
    return doubled(doubled(x))
    ### END SOLUTION


# %% role="visible" exercise="quadrupled"
t = lab.tests("quadrupled")
t.close("by hand", lambda: quadrupled(np.array([1.0, 3.0])), [4.0, 12.0])
t.report()

# %% role="hidden" exercise="quadrupled" points=1
# Hidden tests: fresh inputs.
### BEGIN HIDDEN TESTS
t = lab.tests("quadrupled", hidden=True)
column = t.rng.normal(size=5)
t.close("a random vector", lambda: quadrupled(column), column * 4)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="quadrupled"
# <details><summary>Hint 1 · concept</summary>Double the double.</details>
# <details><summary>Hint 2 · formula and shapes</summary>$4x$</details>
# <details><summary>Hint 3 · near-code</summary>Call one function two times.</details>

# %% [markdown]
# ## Exercise 4 · `summary`

# %% role="answer" exercise="summary"
def summary(x, rng):
    """A dict: "total" of x, its "sign" as a word, and "draws": as many normal numbers as x is long."""
    ### BEGIN SOLUTION
    total = float(np.sum(x))
    word = "positive" if total > 0 else "negative"
    return {"total": total, "sign": word, "draws": rng.normal(size=len(x))}
    ### END SOLUTION


# %% role="visible" exercise="summary"
t = lab.tests("summary")
wanted = {"total": -0.5, "sign": "negative", "draws": np.random.default_rng(3).normal(size=3)}
t.close("by hand", lambda: summary(WEIGHTS, np.random.default_rng(3)), wanted)
t.report()

# %% role="hidden" exercise="summary" points=1
# Hidden tests: fresh inputs.
### BEGIN HIDDEN TESTS
t = lab.tests("summary", hidden=True)
data, seed = t.rng.normal(size=6), int(t.rng.integers(10**6))
word = "positive" if data.sum() > 0 else "negative"
wanted = {"total": data.sum(), "sign": word, "draws": np.random.default_rng(seed).normal(size=6)}
t.close("random data", lambda: summary(data, np.random.default_rng(seed)), wanted)
t.report()
### END HIDDEN TESTS

# %% [markdown] role="hints" exercise="summary"
# <details><summary>Hint 1 · concept</summary>Three entries.</details>
# <details><summary>Hint 2 · formula and shapes</summary>A sum, a word, a vector.</details>
# <details><summary>Hint 3 · near-code</summary>Curly brackets.</details>

# %% [markdown] role="written" exercise="why-twice" points=5
# **Why is twice the same as once more?**
#
# ### BEGIN SOLUTION
# Because multiplication by two is repeated addition of the very same number.
# ### END SOLUTION
# ### BEGIN MARK SCHEME
# Five for naming repeated addition.
# ### END MARK SCHEME

# %% role="quiz" name="quiz"
lab.quiz("What is twice 3?", {"6": "Right: 3 + 3.", "9": "That is three squared."}, right="6")
'''


def write(root: Path) -> Path:
    """Lay the lab out under ``root`` as a course of its own and return the path of its source."""
    path = root / "solutions" / NAME / f"{NAME}.py"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(SOURCE, encoding="utf-8")
    return path


def with_answers(notebook: Any, **answers: str) -> Any:
    """A copy of ``notebook`` with other sources in the cells of these grade_ids (``why_twice`` means why-twice)."""
    new = copy.deepcopy(notebook)
    cells = {cell.metadata.get("nbgrader", {}).get("grade_id"): cell for cell in new.cells}
    for name, source in answers.items():
        cells[name.replace("_", "-") if name not in cells else name].source = source
    return new


def submit(folder: Path, student: str, notebook: Any, name: str = NAME) -> Path:
    """Put a submission (a notebook, or any text or bytes) where the grader looks for it."""
    path = folder / student / NAME / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(notebook, bytes):
        path.write_bytes(notebook)
    else:
        path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook), encoding="utf-8")
    return path


def hidden_numbers(secret: bytes = SECRET) -> list[float]:
    """Every number that hidden tests draw with this secret: none of them may reach a feedback page."""
    import hashlib

    from ntklab.lab import checks

    numbers: list[float] = []
    with checks.hidden_inputs_from(hashlib.sha256(secret + NAME.encode()).digest()):
        for exercise in POINTS:
            numbers += list(checks.tests(exercise, hidden=True).rng.normal(size=12))
    return numbers
