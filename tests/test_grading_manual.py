"""Marks given by hand survive a regrade; a changed answer comes back to the marker, who sees the mark scheme."""

from __future__ import annotations

import re

import nbformat
import pytest
from grading_lab import NAME, POINTS
from marking import open_classroom

from ntklab.grading.marks import ANSWERS

TOTAL = sum(POINTS.values())
SCHEME = "Five for naming repeated addition."
MODEL = "repeated addition of the very same number"


@pytest.fixture(scope="module")
def marked(tmp_path_factory, invented, grader, light_sandbox):
    """Graded, marked by hand, handed in anew by two, graded again."""
    room = open_classroom(tmp_path_factory.mktemp("marked"), invented.source)
    room.configure()
    for student in ("same", "changed", "code-changed", "unmarked", "overridden", "wavering"):
        room.submit(student)
    room.submit("blank", text=written_stub(invented))
    room.grade()
    before = room.course.totals(NAME)
    room.mark({"same": 4.0, "changed": 3.0, "code-changed": 2.0, "overridden": 1.0, "wavering": 3.0})
    room.mark({"overridden": 0.5, "code-changed": 0.25}, question="gram-hidden")  # points of a test, set by hand
    after = room.course.totals(NAME)
    room.submit("changed", text="It is repeated addition, I now think.")
    room.submit("wavering", text="It is repeated addition, I now think.")
    room.submit("code-changed", doubled="def doubled(x):\n    return 2 * np.asarray(x)")
    result = room.grade()
    return room, before, after, result


def written_stub(invented) -> str:
    """The text of the written question as students get it."""
    (cell,) = [c for c in invented.student.cells if c.metadata.get("nbgrader", {}).get("grade_id") == "why-twice"]
    return cell.source


def grade_of(room, student, question="why-twice") -> tuple[float | None, bool]:
    with room.course.gradebook() as book:
        grade = book.find_grade(question, NAME, NAME, student)
        return grade.manual_score, bool(grade.needs_manual_grade)


def test_before_marking_only_written_answers_wait(marked):
    _, before, _, _ = marked
    assert {s: t.waiting for s, t in before.items()} == {
        "blank": [], "changed": ["why-twice"], "code-changed": ["why-twice"], "overridden": ["why-twice"],
        "same": ["why-twice"], "unmarked": ["why-twice"], "wavering": ["why-twice"],
    }  # fmt: skip
    assert {t.manual for t in before.values()} == {0.0}
    assert {t.manual_max for t in before.values()} == {5.0}


def test_marks_count(marked):
    _, _, after, _ = marked
    assert {s: t.score for s, t in after.items()} == {
        "blank": TOTAL, "changed": TOTAL + 3, "code-changed": TOTAL - 2 + 0.25 + 2, "overridden": TOTAL - 2 + 0.5 + 1,
        "same": TOTAL + 4, "unmarked": TOTAL, "wavering": TOTAL + 3,
    }  # fmt: skip
    assert [s for s, t in after.items() if t.waiting] == ["unmarked"]


def test_an_unchanged_answer_keeps_its_mark_and_is_not_asked_for_again(marked):
    room, _, _, result = marked
    assert grade_of(room, "same") == (4.0, False)
    assert result.manual["same"] == {"score": 4.0, "max": 5.0}
    assert grade_of(room, "unmarked") == (None, True)
    assert result.manual["unmarked"] == {"score": None, "max": 5.0}
    assert result.manual["blank"] == {"score": 0.0, "max": 5.0}


def test_a_changed_answer_goes_back_to_the_marker_with_its_old_mark(marked):
    room, _, _, result = marked
    assert grade_of(room, "changed") == (3.0, True)
    assert result.manual["changed"] == {"score": None, "max": 5.0}
    total = room.course.totals(NAME)["changed"]
    assert (total.changed, total.waiting, total.manual) == (["why-twice"], [], 3.0)
    assert grade_of(room, "code-changed") == (2.0, False)  # the words are the same


def test_points_set_by_hand_on_a_test_hold_while_the_code_is_the_same(marked):
    room, _, _, _ = marked
    assert grade_of(room, "overridden", "gram-hidden") == (0.5, False)
    assert grade_of(room, "code-changed", "gram-hidden") == (0.25, True)  # another exercise may matter to this one
    assert room.course.totals(NAME)["code-changed"].changed == ["gram-hidden"]


def test_a_changed_answer_stays_with_the_marker_until_it_is_marked(marked):
    room, _, _, _ = marked
    room.grade("wavering")  # the same text as at the last grading, but nobody has looked at it yet
    assert grade_of(room, "wavering") == (3.0, True)
    room.mark({"wavering": 5.0})
    room.grade("wavering")
    assert grade_of(room, "wavering") == (5.0, False)
    with room.course.gradebook() as book:  # one checksum for each grade
        rows = book.db.execute(ANSWERS.select()).all()
        assert len({row.grade_id for row in rows}) == len(rows)
        assert all(re.fullmatch("[0-9a-f]{64}", row.sha256) for row in rows)


# --- the mark scheme ------------------------------------------------------------------------------------------------


def test_the_marker_sees_the_scheme_below_the_answer(marked):
    room, _, _, _ = marked
    cells = room.cells("same")
    (place,) = [i for i, c in enumerate(cells) if c["metadata"].get("nbgrader", {}).get("grade_id") == "why-twice"]
    shown = cells[place + 1]
    text = "".join(shown["source"])
    assert shown["cell_type"] == "markdown"
    assert text.startswith("<div style=")
    assert "**Mark scheme, 5 points** (only markers see this)" in text
    assert SCHEME in text
    assert MODEL in text
    assert (shown["metadata"]["editable"], shown["metadata"]["deletable"]) == (False, False)
    assert "nbgrader" not in shown["metadata"]  # no cell of the gradebook's
    nbformat.validate(nbformat.read(room.course.autograded(NAME, "same"), as_version=4))


def test_students_never_see_the_scheme(marked, invented):
    room, _, _, _ = marked
    assert SCHEME not in nbformat.writes(invented.student)
    room.course.generate_feedback(NAME)
    pages = sorted((room.course.folder / "feedback").glob("*/*/*.html"))
    assert len(pages) >= 7
    for page in pages:
        text = page.read_text()
        assert "It is " in text or page.parts[-3] == "blank"  # the student's own answer
        for secret in (SCHEME, MODEL, "Mark scheme", "only markers see this"):
            assert secret not in text


def test_a_scheme_handed_in_by_a_student_is_no_scheme(marked, invented):
    """What a submission calls a mark scheme is not shown as one: the graded notebook is rebuilt from the master."""
    room, _, _, _ = marked
    path = room.submit("forger")
    notebook = nbformat.read(path, as_version=4)
    fake = nbformat.v4.new_markdown_cell("**Mark scheme, 5 points**: five for any answer.")
    fake.metadata["ntklab"] = {"role": "mark-scheme"}
    notebook.cells.insert(0, fake)
    nbformat.write(notebook, path)
    room.grade("forger")
    assert "five for any answer" not in room.course.autograded(NAME, "forger").read_text()
