"""Percent source to source notebook: ids, metadata, pictures, the same bytes every time, and what bad sources get."""

from __future__ import annotations

import base64
import os
import subprocess
import sys

import pytest
import tiny_lab

from ntklab import authoring
from ntklab.authoring import AuthoringError, markers


def source_of(tmp_path, old="", new=""):
    assert old in tiny_lab.SOURCE
    text = tiny_lab.SOURCE.replace(old, new) if old else new or tiny_lab.SOURCE
    return authoring.source_notebook(tiny_lab.write(tmp_path, text))


def cells(notebook):
    return {cell.id: cell for cell in notebook.cells}


# --- the same bytes ------------------------------------------------------------------------------------------


def test_two_processes_write_the_same_bytes(tmp_path):
    path = tiny_lab.write_with_picture(tmp_path)
    code = (
        "import hashlib, sys; from ntklab import authoring as a; s = a.source_notebook(sys.argv[1]);"
        "print([hashlib.sha256(a.notebook_bytes(n)).hexdigest() for n in (s, a.student_notebook(s))])"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", code, str(path)],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            timeout=120,
        ).stdout
        for seed in ("1", "2")
    ]
    assert said[0] == said[1]
    assert said[0].count("'") == 4


def test_nothing_of_jupytext_is_left(tmp_path):
    raw = authoring.notebook_bytes(authoring.source_notebook(tiny_lab.write(tmp_path)))
    assert b"jupytext" not in raw
    assert b"lines_to_next_cell" not in raw


def test_building_leaves_the_source_alone(tmp_path):
    path = tiny_lab.write(tmp_path)
    source = authoring.source_notebook(path)
    before = authoring.notebook_bytes(source)
    authoring.student_notebook(source)
    assert authoring.notebook_bytes(source) == before
    assert path.read_text(encoding="utf-8") == tiny_lab.SOURCE


# --- what a role means ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("grade_id", "grade", "solution", "locked", "points"),
    [
        ("setup", False, False, True, None),
        ("doubled", False, True, False, None),
        ("doubled-visible", True, False, True, 0),
        ("doubled-hidden", True, False, True, 2),
        ("demo-once", False, False, True, None),
        ("quiz-quiz", False, False, True, None),
        ("why-twice", True, True, False, 3),
    ],
)
def test_metadata_of_each_role(tmp_path, grade_id, grade, solution, locked, points):
    cell = cells(source_of(tmp_path))[grade_id]
    wanted = {"grade_id": grade_id, "grade": grade, "solution": solution, "locked": locked}
    wanted |= {"schema_version": 3, "task": False} | ({} if points is None else {"points": points})
    assert dict(cell.metadata.nbgrader) == wanted


def test_text_cells_get_ids_from_their_position_and_hints_from_their_exercise(tmp_path):
    notebook = source_of(tmp_path)
    plain = [(i, cell.id) for i, cell in enumerate(notebook.cells) if authoring.role(cell) is None]
    assert plain == [(i, f"text-{i:03d}") for i, _ in plain]
    assert len(plain) == 3
    assert cells(notebook)["added-hints"].metadata == {"ntklab": {"role": "hints", "exercise": "added"}}


def test_the_notebook_says_which_lab_it_is(tmp_path):
    about = source_of(tmp_path).metadata.ntklab
    assert dict(about) == {
        "lab": tiny_lab.NAME,
        "title": "A tiny lab",
        "question": "what is twice a number?",
        "minutes": 5,
    }


def test_exercises_are_gathered_from_their_cells(tmp_path):
    first, second = authoring.exercises(source_of(tmp_path))
    assert (first.name, first.points, first.difficulty, first.minutes, first.stated_points) == ("doubled", 2, "●", 3, 2)
    assert (second.name, second.points, second.minutes) == ("added", 1, 2)
    assert first.stub == 'def doubled(x):\n    """Twice x."""\n    # YOUR CODE HERE\n    raise NotImplementedError()'
    assert first.answer.splitlines()[-1] == "    return np.asarray(x) + amount_added"
    assert "SOLUTION" not in first.answer
    assert first.hints[2] == "Hint 3 · near-code\nAdd the array to itself."
    assert second.visible.startswith('t = lab.tests("added")')
    assert "BEGIN HIDDEN TESTS" in second.hidden


def test_written_questions_are_gathered(tmp_path):
    (question,) = authoring.written(source_of(tmp_path))
    assert (question.name, question.points) == ("why-twice", 3)
    assert question.question == "**Why is twice the same as once more?**"
    assert question.answer.startswith("Because multiplication")
    assert question.mark_scheme == "3 for naming repeated addition."


@pytest.mark.parametrize(
    "lines",
    [
        ["BEGIN SOLUTION", "model", "END SOLUTION", "BEGIN MARK SCHEME", "scheme", "END MARK SCHEME"],
        ["BEGIN SOLUTION", "model", "BEGIN MARK SCHEME", "scheme", "END MARK SCHEME", "END SOLUTION"],
        ["BEGIN MARK SCHEME", "scheme", "END MARK SCHEME"],
    ],
    ids=["after the model answer", "within it", "alone"],
)
def test_a_mark_scheme_is_cut_wherever_it_stands(tmp_path, lines):
    body = "\n".join(f"# {line}" for line in ["Why?", *lines])
    source = source_of(tmp_path, new=f'# %% [markdown] role="written" exercise="why" points=5\n{body}\n')
    (student,) = authoring.student_notebook(source).cells
    assert student.source == "Why?\nYOUR ANSWER HERE"
    assert authoring.written(source)[0].mark_scheme == "scheme"


# --- pictures ------------------------------------------------------------------------------------------------


def test_a_picture_beside_the_source_is_embedded(tmp_path):
    notebook = authoring.source_notebook(tiny_lab.write_with_picture(tmp_path))
    cell = notebook.cells[-1]
    assert "![a line that doubles](attachment:line.png)" in cell.source
    assert base64.b64decode(cell.attachments["line.png"]["image/png"]) == tiny_lab.PIXEL


def test_a_missing_picture_says_how_to_draw_it(tmp_path):
    path = tiny_lab.write_with_picture(tmp_path)
    (path.parent / "line.png").unlink()
    with pytest.raises(
        AuthoringError, match=r"picture line\.png is missing: draw it with `ntklab build lab99-tiny --pic"
    ):
        authoring.source_notebook(path)
    assert authoring.source_notebook(path, pictures=False).cells[-1].source.endswith("(line.png)")


def test_a_picture_must_be_a_png(tmp_path):
    path = tiny_lab.write_with_picture(tmp_path)
    (path.parent / "line.png").write_bytes(b"GIF89a")
    with pytest.raises(AuthoringError, match=r"line\.png is not a PNG"):
        authoring.source_notebook(path)


# --- bad sources ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('role="demo" name', 'role="dmeo" name', r"line 109: role 'dmeo' is unknown; did you mean 'demo'\?"),
        ('role="demo" name="once"', "", r"line 109: a code cell without a role: write role="),
        ('role="demo" name="once"', 'role="demo"', "a cell with role 'demo' needs name="),
        ('exercise="added" points=1', 'exercise="added"', "role 'hidden' needs points="),
        ('exercise="added" points=1', 'exercise="added" points="one"', "points='one': a whole number"),
        ('exercise="added" points=1', 'exercise="added" points=-1', "points=-1: a whole number"),
        ('exercise="added" points=1', 'exercise="added" points=1 colour="red"', "has no option 'colour'"),
        (
            'role="answer" exercise="added"',
            'role="answer" exercise="doubled"',
            "'doubled' is already taken at .* line 36",
        ),
        ('name="once"', 'name="on ce"', "name='on ce': at most 56 letters"),
        ('# %% [markdown] role="written"', '# %% role="written"', "'written' is a markdown cell, not code"),
        (
            '    ### END SOLUTION\n\n\n# %% role="visible" exercise="doubled"',
            '\n# %% role="visible" exercise="doubled"',
            "BEGIN SOLUTION is never closed",
        ),
        ("    ### BEGIN SOLUTION\n    amount", "    amount", "END SOLUTION has no BEGIN SOLUTION"),
    ],
)
def test_a_bad_source_gets_one_line_with_its_place(tmp_path, old, new, message):
    with pytest.raises(AuthoringError, match=message) as error:
        source_of(tmp_path, old, new)
    assert "\n" not in str(error.value)
    assert str(error.value).startswith("lab99-tiny.py line ")


def test_a_mark_scheme_before_its_model_answer_is_refused(tmp_path):
    scheme = "### BEGIN MARK SCHEME\n# early\n# ### END MARK SCHEME"
    with pytest.raises(AuthoringError, match="the mark scheme must follow the model answer"):
        source_of(tmp_path, "# ### BEGIN SOLUTION\n# Because", f"# {scheme}\n# ### BEGIN SOLUTION\n# Because")


def test_a_source_that_is_not_there(tmp_path):
    with pytest.raises(AuthoringError, match="cannot be read"):
        authoring.source_notebook(tmp_path / "lab98-none.py")


def test_what_nbgrader_refuses_is_told(tmp_path):
    source = source_of(tmp_path)
    del cells(source)["doubled-hidden"].metadata.nbgrader["points"]
    with pytest.raises(AuthoringError, match=r"nbgrader's .* refuses the notebook"):
        authoring.student_notebook(source)


# --- markers -------------------------------------------------------------------------------------------------


def test_cut_indents_what_it_puts():
    text = "if x:\n    ### BEGIN SOLUTION\n    a\n    b\n    ### END SOLUTION\n    c"
    assert markers.cut(text, markers.SOLUTION, ("1", "2")) == "if x:\n    1\n    2\n    c"
    assert markers.inside(text, markers.SOLUTION) == "    a\n    b"


def test_a_region_inside_another_is_refused():
    with pytest.raises(AuthoringError, match="BEGIN SOLUTION stands inside another one"):
        markers.regions("# BEGIN SOLUTION\n# BEGIN SOLUTION\n# END SOLUTION", markers.SOLUTION)


def test_an_answer_without_markers_is_emptied():
    assert markers.stub("x = 1") == "# YOUR CODE HERE\nraise NotImplementedError()"
    assert markers.stub("text", code=False) == "YOUR ANSWER HERE"


def test_reading_what_is_no_notebook(tmp_path):
    path = tmp_path / "x.ipynb"
    with pytest.raises(AuthoringError, match="cannot be read: No such file"):
        authoring.read_notebook(path)
    path.write_text("{", encoding="utf-8")
    with pytest.raises(AuthoringError, match=r"x\.ipynb is not a notebook"):
        authoring.read_notebook(path)
