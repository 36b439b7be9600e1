"""A class of 300, a tenth of it broken in the ways of the hostile corpus: everybody has a score and a reason, twice."""

from __future__ import annotations

import time
from collections import Counter

import classroom
import grading_lab
import pytest
import synthetic_class
from class_runner import LIGHT
from grading_lab import LIMITS, NAME

from ntklab._course import find_lab
from ntklab.cli._progress import kind
from ntklab.grading.batch import grade_class
from ntklab.grading.gradebook import Course


@pytest.mark.slow
@pytest.mark.parametrize("count", [300])
def test_everybody_ends_with_a_score_and_a_reason_twice(count, invented, tmp_path, grader, capsys):
    grading_lab.write(tmp_path)
    kinds = synthetic_class.write(tmp_path / "in", invented.source, invented.student, count)
    broken = {student for student, what in kinds.items() if synthetic_class.due(what) is None}
    assert len(broken) == count // 10
    scores = []
    for name in ("first", "second"):
        course = Course(tmp_path / name, tmp_path / "source")
        course.folder.mkdir()
        (course.folder / ".secret_seed").write_text("a" * 64)
        started = time.monotonic()
        result = grade_class(find_lab(NAME, tmp_path), course, tmp_path / "in", limits=LIMITS, preload=LIGHT, workers=2)
        seconds = time.monotonic() - started
        assert set(result.outcomes) == set(kinds)
        for student, outcome in result.outcomes.items():
            due = synthetic_class.due(kinds[student])
            assert due is None or (outcome.score, outcome.status) == (due, "graded"), kinds[student]
            assert outcome.reason or outcome.status == "graded"
        assert {line.split(":")[0] for line in result.faults} <= broken
        held = classroom.gradebook(course.folder)
        scores.append({s: (v["grades"], result.outcomes[s].score, result.outcomes[s].status) for s, v in held.items()})
        with capsys.disabled():
            counts = dict(Counter(kind(outcome) for outcome in result.outcomes.values()))
            print(f"\n{count} submissions, {len(broken)} broken, in {seconds:.0f} s by 2 workers: {counts}")
    assert scores[0] == scores[1]
    assert len(scores[0]) == count
