"""What a student notebook must not say: planted leaks are found, ordinary text is not mistaken for one."""

from __future__ import annotations

import ast

import pytest
import tiny_lab

from ntklab import authoring
from ntklab.authoring import markers
from ntklab.authoring.leaks import leaks, statements


def built(tmp_path, old="", new=""):
    assert old in tiny_lab.SOURCE
    source = authoring.source_notebook(tiny_lab.write(tmp_path, tiny_lab.SOURCE.replace(old, new, 1)))
    return source, authoring.student_notebook(source)


HINT = "# Add the array to itself."


def test_the_tiny_lab_leaks_nothing(tmp_path):
    assert leaks(*built(tmp_path)) == []


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (HINT, "# `amount_added = np.multiply(x, 1.0)`, then add."),
        (HINT, "# Return `np.asarray(x) + amount_added` from it: return np.asarray(x)+amount_added"),
        (HINT, "# ```python\n# amount_added = np.multiply(\n#     x, 1.0,\n# )\n# ```"),
        ("# Twice a number, and the sum of two.", "# Start with amount_added=np.multiply(x,1.0) and go on."),
        ('print("twice two is"', 'amount_added = np.multiply(x=2, x2=1)\nprint("twice two is"'),
        ("POINTS = np.array", "def f(x):\n    amount_added = np.multiply(x, 1.0)\n\n\nPOINTS = np.array"),
        ('"""Twice x."""', '"""Twice x: amount_added = np.multiply(x, 1.0)."""'),
        ('# %% role="demo" name="once"\n', '# %% role="demo" name="once"\nnp.add(np.asarray(a), np.asarray(b))\n'),
    ],
    ids=["hint", "hint, squeezed", "hint, fenced", "text", "not this one", "setup", "docstring", "value alone"],
)
def test_a_whole_statement_of_a_solution_is_found(tmp_path, request, place, text):
    found = leaks(*built(tmp_path, place, text))
    if "not this one" in request.node.name:  # other arguments: another statement
        assert found == []
    else:
        assert len(found) >= 1
        assert all("a solution statement stands in the student notebook's cell" in line for line in found)


def test_the_line_says_exercise_and_cell(tmp_path):
    (line,) = leaks(*built(tmp_path, HINT, "# amount_added = np.multiply(x, 1.0)"))
    assert line == (
        "doubled: a solution statement stands in the student notebook's cell 'doubled-hints': "
        "amount_added = np . multiply x , 1 . 0"
    )


def test_a_hidden_test_is_found_in_a_text_but_may_repeat_a_visible_one(tmp_path):
    hidden = 't.close("zero", lambda: doubled(np.zeros(2)), np.zeros(2))'
    assert "doubled: a hidden test stands" in leaks(*built(tmp_path, HINT, f"# {hidden}"))[0]
    assert (
        leaks(*built(tmp_path, 't.close("by hand", lambda: doubled', f'{hidden}\nt.close("by hand", lambda: doubled'))
        == []
    )


def test_a_hidden_test_in_the_visible_cell_of_another_exercise_is_found(tmp_path):
    hidden = 't.close("zero", lambda: doubled(np.zeros(2)), np.zeros(2))'
    place = 't.close("by hand", lambda: added('
    (line,) = leaks(*built(tmp_path, place, f"{hidden}\n{place}"))
    assert line.startswith("doubled: a hidden test stands in the student notebook's cell 'added-visible'")


def test_the_inputs_a_hidden_test_draws_are_no_secret(tmp_path):
    assert leaks(*built(tmp_path, HINT, "# Try `X = t.rng.normal(size=7)`.")) == []


def test_a_sentence_of_the_model_answer_is_found(tmp_path):
    text = "# Because multiplication by two is repeated addition of the very same number."
    (line,) = leaks(*built(tmp_path, HINT, text))
    assert line.startswith("why-twice: a sentence of the model answer or mark scheme stands")


@pytest.mark.parametrize(
    "statement",
    [
        "raise NotImplementedError('write this function, please, one day soon')",
        "import numpy as np, scipy.linalg as sl",
        "n = x.shape[0]",
        "n = len(x)",
        "return x",
        '"""A docstring that is long enough to be told apart from any other."""',
    ],
)
def test_what_tells_nothing_is_exempt(tmp_path, statement):
    source = tiny_lab.SOURCE.replace("    amount_added", f"    {statement}\n    amount_added")
    source = source.replace(HINT, f"# {statement}").replace(
        "POINTS = np.array", f"def f(x):\n    {statement}\n\n\nPOINTS = np.array"
    )
    notebook = authoring.source_notebook(tiny_lab.write(tmp_path, source))
    assert leaks(notebook, authoring.student_notebook(notebook)) == []


def test_a_marker_left_behind_is_found(tmp_path):
    source, student = built(tmp_path)
    student.cells[0].source += "\n### END SOLUTION"
    assert leaks(source, student) == ["the student notebook's cell 'text-000' still holds a marker 'END SOLUTION'"]


def test_handing_out_the_source_itself_is_found(tmp_path):
    source, _ = built(tmp_path)
    found = leaks(source, source)
    for exercise in ("doubled", "added", "why-twice"):
        assert any(line.startswith(f"{exercise}: ") for line in found)
    assert any("marker 'BEGIN HIDDEN TESTS'" in line for line in found)


def test_compound_statements_count_by_their_parts():
    body = "    for i in range(3):\n        x = x + i\n    return x\n"
    cell = f"def f(x):\n    ### BEGIN SOLUTION\n{body}    ### END SOLUTION"
    found = [ast.unparse(s).splitlines()[0] for s in statements(cell, markers.SOLUTION)]
    assert found == ["for i in range(3):", "return x", "x = x + i"]
