"""``ntklab build``: what it writes, what it refuses, and when what is committed is out of date."""

from __future__ import annotations

import argparse
import json

import pytest
import tiny_lab

from ntklab import authoring
from ntklab._course import Lab, UsageError
from ntklab.authoring import AuthoringError, execute, structure
from ntklab.authoring import build as building
from ntklab.cli import build as verb

# The tiny lab has 3 points of each kind.
FIGURE = "import matplotlib.pyplot as plt\n\nplt.plot(doubled(POINTS));\n"


@pytest.fixture
def course(tmp_path, monkeypatch):
    monkeypatch.setattr(structure.structure, "__defaults__", (3, 3))
    monkeypatch.setattr(building, "ingredients", lambda source: [])
    monkeypatch.setenv("NTKLAB_ROOT", str(tmp_path))
    tiny_lab.write_with_picture(tmp_path)
    return Lab(tiny_lab.NAME, tmp_path)


def ntklab_build(*arguments):
    parser = argparse.ArgumentParser()
    verb.add_arguments(parser)
    return verb.run(parser.parse_args(arguments))


def test_writes_the_student_notebook_and_the_source_notebook(course, capsys):
    assert ntklab_build("lab99") == 0
    assert capsys.readouterr().out.splitlines() == [
        "lab99-tiny: wrote build/source/lab99-tiny/lab99-tiny.ipynb",
        "lab99-tiny: wrote assignments/lab99-tiny/lab99-tiny.ipynb",
    ]
    source = authoring.read_notebook(course.built_source)
    assert course.assignment.read_bytes() == authoring.notebook_bytes(authoring.student_notebook(source))
    assert sorted(p.name for p in course.built_source.parent.iterdir()) == ["lab99-tiny.ipynb"]  # no .py beside it


def test_a_rebuild_changes_no_byte(course):
    ntklab_build()
    before = course.assignment.read_bytes()
    ntklab_build()
    assert course.assignment.read_bytes() == before


def test_a_lab_that_leaks_is_not_written(course, capsys):
    hint = "# Add the array to itself."
    text = course.source.read_text(encoding="utf-8").replace(hint, "# amount_added = np.multiply(x, 1.0)")
    course.source.write_text(text, encoding="utf-8")
    assert ntklab_build() == 1
    assert "lab99-tiny: ✗ doubled: a solution statement stands in" in capsys.readouterr().out
    assert not course.assignment.exists()


def test_a_broken_source_does_not_stop_the_other_labs(course, capsys, tmp_path):
    broken = tmp_path / "solutions" / "lab98-broken" / "lab98-broken.py"
    broken.parent.mkdir()
    broken.write_text('# %% role="demo"\n1\n', encoding="utf-8")
    assert ntklab_build() == 1
    out = capsys.readouterr().out
    assert "lab98-broken: ✗ lab98-broken.py line 1: a cell with role 'demo' needs name=" in out
    assert "lab99-tiny: wrote assignments/" in out


def test_json_tells_the_same(course, capsys):
    assert ntklab_build("--json") == 0
    said = json.loads(capsys.readouterr().out)
    assert said["ok"] is True
    assert said["labs"]["lab99-tiny"]["problems"] == []
    assert said["labs"]["lab99-tiny"]["written"][1] == "assignments/lab99-tiny/lab99-tiny.ipynb"


def test_an_unknown_lab_stops_before_any_work(course):
    with pytest.raises(UsageError, match=r"no lab is called 'lab89-tiny': did you mean 'lab99-tiny'\?"):
        ntklab_build("lab99", "lab89-tiny")
    assert not course.assignment.exists()


def test_a_course_without_labs(tmp_path, monkeypatch):
    (tmp_path / "solutions").mkdir()
    monkeypatch.setenv("NTKLAB_ROOT", str(tmp_path))
    with pytest.raises(UsageError, match="there is no lab under"):
        ntklab_build()


def test_without_the_instructors_tools(course, monkeypatch):
    found = verb.importlib.util.find_spec
    monkeypatch.setattr(verb.importlib.util, "find_spec", lambda name: None if name == "jupytext" else found(name))
    with pytest.raises(UsageError, match=r"building needs jupytext: pip install 'ntklab\[instructor\]'"):
        ntklab_build()


def test_executing_and_checking(course, capsys):
    """One run of the kernel serves these: the figures, the expected picture, and what counts as current."""
    assert ntklab_build("--check") == 1
    assert (
        "assignments/lab99-tiny/lab99-tiny.ipynb is missing: run `ntklab build lab99-tiny`" in capsys.readouterr().out
    )
    assert ntklab_build("--execute") == 0
    assert ntklab_build("--check") == 0
    assert capsys.readouterr().out.endswith("lab99-tiny: what is committed is current\n")

    solution = authoring.read_notebook(course.solution)
    outputs = {cell.id: cell.outputs for cell in solution.cells if cell.cell_type == "code"}
    assert outputs["demo-once"][0].text == "twice two is 4.0\n"
    assert outputs["doubled-hidden"][0].text == "doubled: 2 of 2 hidden tests pass.\n"
    assert "image/png" in outputs["figure-line"][0].data
    assert list(outputs["quiz-quiz"][0].data) == ["text/plain"]  # the widget died with its kernel

    drawn = execute.pictures(solution)
    assert list(drawn) == ["line.png"]
    assert drawn["line.png"].startswith(b"\x89PNG")

    # outputs are not compared, sources are
    solution.cells[-2].outputs = []
    course.solution.write_bytes(authoring.notebook_bytes(solution))
    assert ntklab_build("--check") == 0
    solution.cells[4].source += "\n"
    course.solution.write_bytes(authoring.notebook_bytes(solution))
    assert building.stale(building.build(course)) == [
        "solutions/lab99-tiny/lab99-tiny.ipynb is older than its source (cell 'doubled-visible' differs): "
        "run `ntklab build lab99-tiny --execute` and commit"
    ]
    course.assignment.write_bytes(course.assignment.read_bytes().replace(b"A tiny lab", b"A TINY lab"))
    assert len(building.stale(building.build(course))) == 2


def test_pictures_are_drawn_before_they_are_wanted(course):
    (course.source.parent / "line.png").unlink()
    assert ntklab_build() == 1
    assert ntklab_build("--pictures") == 0
    drawn = (course.source.parent / "line.png").read_bytes()
    assert drawn.startswith(b"\x89PNG")
    assert len(drawn) > 5000
    (cell,) = [c for c in authoring.read_notebook(course.assignment).cells if "attachments" in c]
    assert "line.png" in cell.attachments


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("1 / 0", "cell 'demo-once' raises ZeroDivisionError: division by zero"),
        ("import warnings\nwarnings.warn('careful')", "cell 'demo-once' writes to stderr: .*careful"),
        ("import os\nprint(os.getcwd())", "cell 'demo-once' prints a path of this machine"),
        ("import os\nos._exit(3)", "cell 'demo-once' did not finish: .*died"),
    ],
)
def test_a_run_that_cannot_be_shown_is_refused(course, tmp_path, body, message):
    text = f'# %% role="setup"\nx = 1\n\n# %% role="demo" name="once"\n{body}\n'
    source = authoring.source_notebook(tiny_lab.write(tmp_path, text))
    with pytest.raises(AuthoringError, match=message):
        execute.executed(source, course.source.parent)


def test_a_picture_that_nothing_draws(course):
    notebook = authoring.source_notebook(course.source, pictures=False)
    with pytest.raises(
        AuthoringError, match=r"cell 'figure-line' draws no figure, but a text expects line\.png from it"
    ):
        execute.pictures(notebook)
    (figure,) = [cell for cell in notebook.cells if cell.id == "figure-line"]
    figure.metadata.ntklab["picture"] = "other.png"
    with pytest.raises(AuthoringError, match=r'no cell draws line\.png: name one so \(role="figure" name="line"\)'):
        execute.pictures(notebook)
