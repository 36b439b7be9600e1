"""Wheat and chaff: right answers of every style get full marks; wrong ones none, and are told what is wrong.

Each file of ``tests/submissions/LAB/{wheat,chaff}`` replaces one answer of the solved lab and is graded as a
submission is: rebuilt, in the sandbox, visible and hidden tests.
"""

import re
from collections import Counter
from pathlib import Path

import pytest

from ntklab._course import find_lab, labs
from ntklab.authoring import source_notebook, student_notebook
from ntklab.grading.grader import Grader
from ntklab.grading.rebuild import rebuild
from ntklab.grading.sample import Answer, answers, with_answers

ROOT = Path(__file__).resolve().parent.parent
LABS = [name for name in labs(ROOT) if (ROOT / "tests" / "submissions" / name).is_dir()]
FILES = [
    answer for lab in LABS for kind in ("wheat", "chaff") for answer in answers(ROOT / "tests/submissions" / lab / kind)
]
_graders: dict[str, tuple[Grader, object]] = {}


@pytest.fixture(scope="module")
def graded():
    """lab, notebook, exercise -> outcome; one warm grader per lab and test process."""

    def grade(lab: str, notebook_of, only: str | None = None):
        if lab not in _graders:
            source = source_notebook(find_lab(lab, ROOT).source)
            _graders[lab] = Grader(lab, source, b"a seed for the tests"), source
        grader, source = _graders[lab]
        rebuilt = rebuild(grader.master, [dict(cell) for cell in notebook_of(source).cells])
        return grader.grade(rebuilt, only)

    yield grade
    for grader, _ in _graders.values():
        grader.close()
    _graders.clear()


def lab_of(answer: Answer) -> str:
    return answer.path.parent.parent.name


def is_wheat(answer: Answer) -> bool:
    return answer.path.parent.name == "wheat"


def name(answer: Answer) -> str:
    return f"{lab_of(answer)[:5]}-{answer.path.parent.name}-{answer.path.stem}"


@pytest.mark.parametrize("answer", [a for a in FILES if is_wheat(a)], ids=name)
def test_a_right_answer_of_any_style_gets_full_marks(answer, graded):
    outcome = graded(lab_of(answer), lambda s: with_answers(s, {answer.exercise: answer.source}), answer.exercise)
    result = outcome.exercises[answer.exercise]
    assert (result.diagnosis, result.score) == (None, result.max)


@pytest.mark.parametrize("answer", [a for a in FILES if not is_wheat(a)], ids=name)
def test_a_wrong_answer_gets_nothing_and_its_diagnosis(answer, graded):
    outcome = graded(lab_of(answer), lambda s: with_answers(s, {answer.exercise: answer.source}), answer.exercise)
    result = outcome.exercises[answer.exercise]
    assert result.score == 0
    assert answer.diagnosis in result.diagnosis


@pytest.mark.parametrize("lab", LABS)
def test_the_solution_scores_full_marks_and_the_untouched_notebook_exactly_zero(lab, graded):
    solved = graded(lab, lambda source: source)
    assert {n: e.diagnosis for n, e in solved.exercises.items()} == dict.fromkeys(solved.exercises)
    assert solved.score == solved.max == 20
    untouched = graded(lab, student_notebook)
    assert untouched.score == 0
    assert {e.diagnosis for e in untouched.exercises.values()} == {
        f"`{n}` is not written yet" for n in untouched.exercises
    }


@pytest.mark.parametrize("lab", LABS)
def test_every_exercise_has_enough_right_and_wrong_answers(lab, graded):
    exercises = graded(lab, student_notebook).exercises
    wheat = Counter(a.exercise for a in FILES if lab_of(a) == lab and is_wheat(a))
    chaff = Counter(
        a.exercise for a in FILES if lab_of(a) == lab and not is_wheat(a) and "--constant" not in a.path.stem
    )
    constants = {a.exercise for a in FILES if lab_of(a) == lab and re.search(r"--constant", a.path.stem)}
    for exercise in exercises:
        assert wheat[exercise] >= 2, exercise
        assert chaff[exercise] >= 4, exercise
        assert exercise in constants, exercise
