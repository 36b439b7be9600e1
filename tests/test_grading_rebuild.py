"""What a student does to the notebook itself cannot matter: the master is rebuilt with nothing but his answers."""

from __future__ import annotations

import copy
import json
import os

import grading_lab
import nbformat
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ntklab.grading.grader import master_notebook
from ntklab.grading.rebuild import MAX_CELL, MAX_EXTRA, MAX_FILE, Unreadable, cells_of, read_submission, rebuild

ANSWER = "def doubled(x):\n    return x + x"


@pytest.fixture(scope="module")
def master(invented):
    return master_notebook(invented.source)


@pytest.fixture
def work(invented):
    """A student's notebook as plain JSON, one answer written."""
    notebook = grading_lab.with_answers(invented.student, doubled=ANSWER, why_twice="Because it is $x+x$.")
    return json.loads(nbformat.writes(notebook))


def cell(notebook, grade_id):
    return next(c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("grade_id") == grade_id)


def rebuilt(master, notebook):
    return rebuild(master, cells_of(notebook))


def sources(notebook):
    return [c["source"] for c in notebook["cells"]]


def locked(notebook):
    """Everything that is not an answer: what must be the master's, letter for letter."""
    return [
        json.dumps({**c, "attachments": None}, sort_keys=True)
        for c in notebook["cells"]
        if not c["metadata"].get("nbgrader", {}).get("solution")
        and c["metadata"].get("ntklab", {}).get("role") != "student"
    ]


# --- answers in, everything else from the master --------------------------------------------------------------------


def test_the_master_with_the_answers_in_it(master, work):
    got = rebuilt(master, work)
    assert cell(got.notebook, "doubled").source == ANSWER
    assert cell(got.notebook, "why-twice").source == "Because it is $x+x$."
    assert locked(got.notebook) == locked(master)
    assert (got.missing, got.unreadable) == ([], "")
    assert cell(master, "doubled").source != ANSWER  # the master itself is left alone
    nbformat.validate(got.notebook)


def test_rebuilding_again_changes_nothing(master, work):
    work["cells"].insert(3, {"cell_type": "code", "metadata": {}, "source": "import math", "outputs": []})
    work["cells"].append({**copy.deepcopy(cell(work, "doubled")), "source": "def doubled(x):\n    return 2 * x"})
    once = rebuilt(master, work).notebook
    assert rebuilt(master, once).notebook == once
    assert nbformat.writes(rebuilt(master, json.loads(nbformat.writes(once))).notebook) == nbformat.writes(once)


def surgery_edit_everything(notebook):
    for c in notebook["cells"]:
        if not c["metadata"].get("nbgrader", {}).get("solution"):
            c["source"] = "pass  # " + c["cell_type"] if c["cell_type"] == "code" else "no text"
    notebook["metadata"] = {"kernelspec": {"name": "bash", "language": "bash", "display_name": "x"}}


def surgery_points(notebook):
    for c in notebook["cells"]:
        if "nbgrader" in c["metadata"]:
            c["metadata"]["nbgrader"].update(points=400, grade=True, locked=False, schema_version=1, checksum="x")


def surgery_drop_tests(notebook):
    notebook["cells"] = [c for c in notebook["cells"] if c["metadata"].get("nbgrader", {}).get("solution")]


def surgery_reverse(notebook):
    notebook["cells"].reverse()


def surgery_convert(notebook):
    for c in notebook["cells"]:
        c["cell_type"] = {"code": "markdown", "markdown": "raw"}[c["cell_type"]]


def surgery_join_lines(notebook):
    for c in notebook["cells"]:
        c["source"] = "".join(c["source"])


def surgery_strip_ids(notebook):
    for c in notebook["cells"]:
        c.pop("id", None)
        c["metadata"].pop("ntklab", None)


def surgery_forged_outcome(notebook):
    notebook["metadata"]["ntklab_outcome"] = {"status": "graded", "reason": "", "exercises": {}}
    for c in notebook["cells"]:
        c["outputs"] = [{"output_type": "execute_result", "data": {"text/plain": "3"}, "metadata": {}}]
        c["metadata"]["ntklab"] = {"role": "hidden", "exercise": "doubled"}


SURGERY = [v for name, v in globals().items() if name.startswith("surgery_")]


@pytest.mark.parametrize("operation", SURGERY)
def test_surgery_changes_nothing(master, work, operation):
    before = rebuilt(master, copy.deepcopy(work)).notebook
    operation(work)
    after = rebuilt(master, work)
    assert after.notebook == before
    assert after.missing == []


def test_format_3_is_read(master, work):
    cells = [
        {
            "cell_type": c["cell_type"],
            "metadata": c["metadata"],
            ("input" if c["cell_type"] == "code" else "source"): c["source"],
        }
        for c in work["cells"]
    ]
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": cells[:7]}, {"cells": cells[7:]}],
    }
    assert rebuilt(master, old).notebook == rebuilt(master, work).notebook


# --- finding the answers --------------------------------------------------------------------------------------------


def test_a_missing_answer_is_named_and_stays_a_stub(master, work):
    work["cells"].remove(cell(work, "doubled"))
    got = rebuilt(master, work)
    assert got.missing == ["doubled"]
    assert cell(got.notebook, "doubled").source == cell(master, "doubled").source


def test_without_labels_answers_are_found_by_the_function_they_define(master, work):
    for c in work["cells"]:
        c["metadata"] = {}
    work["cells"].insert(2, {"cell_type": "code", "metadata": {}, "source": "HALF = WEIGHTS / 2"})
    got = rebuilt(master, work)
    assert cell(got.notebook, "doubled").source == ANSWER
    assert got.missing == ["why-twice"]
    code = [c.source for c in got.notebook.cells if c.cell_type == "code"]
    assert code.index("HALF = WEIGHTS / 2") == 1  # after the setup cell it leans on


def test_exchanged_labels_are_put_right(master, work):
    cell(work, "gram")["source"] = "def gram(X):\n    return X @ X.T"
    one, two = cell(work, "doubled"), cell(work, "gram")
    one["metadata"], two["metadata"] = two["metadata"], one["metadata"]
    got = rebuilt(master, work)
    assert cell(got.notebook, "doubled").source == ANSWER
    assert cell(got.notebook, "gram").source == "def gram(X):\n    return X @ X.T"


def test_of_several_copies_the_last_that_was_worked_on_counts(master, work):
    stub = cell(master, "doubled").source
    first = cell(work, "doubled")
    place = work["cells"].index(first)
    work["cells"][place + 1 : place + 1] = [{**copy.deepcopy(first), "source": s} for s in ("y = 1\n" + ANSWER, stub)]
    got = rebuilt(master, work)
    assert cell(got.notebook, "doubled").source == "y = 1\n" + ANSWER
    assert sources(got.notebook).count(ANSWER) == 1  # the earlier one still runs, before it
    assert sources(got.notebook).index(ANSWER) < sources(got.notebook).index("y = 1\n" + ANSWER)
    assert stub not in sources(got.notebook)


def test_the_students_own_cells_stay_at_their_place(master, work):
    after = work["cells"].index(cell(work, "doubled"))
    for where, text in ((after + 1, "MINE = 2"), (after, "import math"), (0, "FIRST = 1")):
        work["cells"].insert(where, {"cell_type": "code", "metadata": {}, "source": text})
    got = rebuilt(master, work).notebook
    code = [c.source for c in got.cells if c.cell_type == "code"]
    assert code[0] == "FIRST = 1"
    i = code.index(ANSWER)
    assert (code[i - 1], code[i + 1]) == ("import math", "MINE = 2")
    assert [c.metadata["ntklab"] for c in got.cells if c.source in ("MINE = 2", "FIRST = 1")] == [
        {"role": "student"}
    ] * 2
    assert len({c.id for c in got.cells}) == len(got.cells)


def test_own_cells_are_bounded_in_number_and_size(master, work):
    for n in range(MAX_EXTRA + 50):
        work["cells"].append({"cell_type": "code", "metadata": {}, "source": f"a{n} = {n}"})
    work["cells"].append({"cell_type": "code", "metadata": {}, "source": "#" * (MAX_CELL + 1)})
    got = rebuilt(master, work).notebook
    assert len(got.cells) == len(master.cells) + MAX_EXTRA


@pytest.mark.parametrize(
    "odd",
    [None, 3, "cell", [], {}, {"source": 3}, {"source": {"a": 1}}, {"metadata": [], "source": "x"},
     {"metadata": {"nbgrader": 7}, "source": "x"}, {"metadata": {"nbgrader": {"grade_id": ["doubled"]}}, "source": "x"},
     {"cell_type": ["code"], "source": "x"}, {"cell_type": "code", "source": ["a", 3, None]}],
)  # fmt: skip
def test_cells_that_make_no_sense_are_passed_over(master, work, odd):
    before = rebuilt(master, copy.deepcopy(work)).notebook
    work["cells"][2:2] = [odd]
    got = rebuilt(master, work)
    assert [c for c in got.notebook.cells if c.id in {b.id for b in before.cells}] == before.cells
    assert len(got.notebook.cells) - len(before.cells) <= 1


def test_text_that_no_file_can_hold_is_made_fit(master, work):
    cell(work, "doubled")["source"] = "s = '\ud800\x00'\r\n" + ANSWER
    text = cell(rebuilt(master, work).notebook, "doubled").source
    assert text == "s = '?'\n" + ANSWER


KEYS = ("cells", "worksheets", "source", "input", "metadata", "nbgrader", "grade_id", "cell_type", "attachments")
ANYTHING = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=20,
)


@settings(max_examples=60, deadline=None)
@given(ANYTHING)
def test_any_json_is_a_notebook_or_unreadable(thing):
    source = {
        "cells": [{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": "a", "solution": True}}, "source": ""}]
    }
    small = nbformat.from_dict({**source, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    try:
        got = rebuild(small, cells_of(thing))
    except Unreadable:
        return
    assert len(got.notebook.cells) >= 1


# --- files ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "damaged: it is not a notebook"),
        (b'{"cells": [', "invalid JSON"),
        (b"[" * 10**6, "invalid JSON"),
        (b"\xff\xfe\x00", "invalid JSON"),
        (b"PK\x03\x04 an archive", "invalid JSON"),
        (b"3", "damaged: it holds no cells"),
        (b'{"cells": {}}', "damaged: it holds no cells"),
        (b" " * (MAX_FILE + 1), "larger than 20 MB"),
    ],
    ids=range(8),
)
def test_an_unreadable_file_has_its_reason(tmp_path, data, reason):
    path = tmp_path / "lab.ipynb"
    path.write_bytes(data)
    with pytest.raises(Unreadable, match=reason):
        read_submission(path)


def test_a_byte_order_mark_does_no_harm(tmp_path, work):
    path = tmp_path / "lab.ipynb"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(work).encode())
    assert len(read_submission(path)) == len(work["cells"])


def test_links_folders_and_pipes_are_not_opened(tmp_path, work):
    target = tmp_path / "target.ipynb"
    target.write_text(json.dumps(work))
    (tmp_path / "link.ipynb").symlink_to(target)
    (tmp_path / "dangling.ipynb").symlink_to("/nowhere")
    (tmp_path / "folder.ipynb").mkdir()
    os.mkfifo(tmp_path / "pipe.ipynb")
    for name in ("link", "dangling", "folder", "pipe"):
        with pytest.raises(Unreadable, match="is not a plain file"):
            read_submission(tmp_path / f"{name}.ipynb")
    with pytest.raises(Unreadable, match="there is no absent"):
        read_submission(tmp_path / "absent.ipynb")
