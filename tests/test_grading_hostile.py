"""Every hostile answer gets what it is honestly due, and nobody else finds a trace of it."""

from __future__ import annotations

import os
from collections import Counter

import grading_lab
import hostile
import pytest
from nbformat.v4 import new_code_cell

from ntklab.grading.rebuild import rebuild

CORPUS = hostile.corpus()
CANARY = "canary-of-the-graders-environment"


@pytest.fixture(scope="module")
def secret_numbers():
    return grading_lab.hidden_numbers()


@pytest.fixture(scope="module")
def honest(grader, invented):
    """Grades an honest notebook that looks around; returns its points and what it saw."""
    notebook = grading_lab.with_answers(invented.solved)
    notebook.cells.insert(2, new_code_cell(hostile.PROBE, id="probe"))
    rebuilt = rebuild(grader.master, [dict(cell) for cell in notebook.cells])

    def run():
        outcome = grader.grade(rebuilt)
        return {n: e.score for n, e in outcome.exercises.items()}, outcome.outputs["student-1"]

    return run


@pytest.fixture(scope="module")
def untouched(honest):
    """What the honest notebook gets and sees before anything hostile has run."""
    os.environ["NTKLAB_CANARY"] = CANARY
    points, seen = honest()
    assert points == grading_lab.POINTS
    assert seen[0]["output_type"] == "stream", seen
    yield points, seen
    del os.environ["NTKLAB_CANARY"]


@pytest.mark.parametrize("answer", CORPUS, ids=lambda answer: answer.name)
def test_a_hostile_answer_gains_nothing_and_leaves_nothing(
    answer, grader, grade, invented, honest, untouched, secret_numbers
):
    descriptors = len(os.listdir("/proc/self/fd"))
    outcome = grade(**{answer.exercise: answer.source})

    # points: what it is due, and no other exercise of the student pays for it
    scores = {name: result.score for name, result in outcome.exercises.items()}
    assert scores[answer.exercise] == answer.due, outcome.exercises[answer.exercise].diagnosis
    if answer.others == "full":
        leaning = {"doubled": {"quadrupled"}}.get(answer.exercise, set()) if answer.due == 0 else set()
        for name in grading_lab.POINTS.keys() - {answer.exercise} - leaning:
            assert scores[name] == grading_lab.POINTS[name], outcome.exercises[name].diagnosis
    assert outcome.max == sum(grading_lab.POINTS.values())

    # feedback: no hidden input, no test, no path, and nothing that cannot be written down
    text = hostile.told(outcome)
    assert hostile.leaks(text, secret_numbers, [CANARY, *hostile.server_paths(invented.root)]) == []
    assert len(text.encode("utf-8")) < 8 * 2**20

    # traces: no process, group or descriptor
    hostile.wait_for_no_children()
    assert hostile.groups() == []
    assert len(os.listdir("/proc/self/fd")) <= descriptors

    # the next student, in the same warm sandbox, gets and sees what he would have without it
    assert honest() == untouched


def test_the_corpus_is_what_it_says():
    assert len(CORPUS) >= 40
    families = Counter(answer.family for answer in CORPUS)
    assert set(families) == set(hostile.FAMILIES)
    assert min(families.values()) >= 3
    assert len({answer.trick for answer in CORPUS}) == len(CORPUS)
    for answer in CORPUS:
        assert answer.name.startswith(f"{answer.family}--")
        assert answer.due in (0, grading_lab.POINTS[answer.exercise])
        assert (answer.exercise in answer.source) or answer.due == 0


def test_a_hostile_file_that_is_run_by_mistake_does_nothing(tmp_path):
    for path in sorted(hostile.FOLDER.glob("*--*.py")):
        code = compile(path.read_text(), path.name, "exec")
        with pytest.raises(SystemExit, match="only a sandbox"):
            exec(code, {})


def test_the_leak_check_sees_leaks(secret_numbers):
    one = secret_numbers[0]
    for text in (
        f"[{one!r}]",
        f"{one:.9f}",
        f"{one:e}",
        str(int(abs(one) * 1e9)),
        one.hex(),
        "BREACH",
        "a fresh_inputs",
    ):
        assert hostile.leaks(text, secret_numbers, []), text
    assert hostile.leaks("0.5 of 3 points in lab98; index (0, 1)", secret_numbers, ["/srv"]) == []
