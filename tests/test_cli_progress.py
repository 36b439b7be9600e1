"""How far grading is: a bar on a terminal, lines elsewhere, with the time left and how the class does."""

from __future__ import annotations

import io

import pytest

from ntklab.cli._progress import EVERY, Progress, kind
from ntklab.grading.results import ExerciseResult, Outcome


def outcome(score: float, status: str = "graded") -> Outcome:
    return Outcome(exercises={"f": ExerciseResult("f", 3.0, 0, 1, None, score)}, status=status)


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.mark.parametrize(
    ("score", "status", "what"),
    [
        (3, "graded", "full"), (3, "partial", "full"), (1, "graded", "partial"), (1, "partial", "partial"),
        (0, "graded", "zero"), (0, "partial", "zero"), (0, "unreadable", "unreadable"),
    ],
)  # fmt: skip
def test_kinds(score, status, what):
    assert kind(outcome(score, status)) == what


def test_elsewhere_a_line_every_ten_seconds_and_one_at_the_end():
    stream, clock = io.StringIO(), Clock()
    progress = Progress(stream, clock)
    for done in range(1, 31):
        clock.now += EVERY / 5
        progress(done, 30, "ada", outcome(3 if done % 3 else 0))
    lines = stream.getvalue().splitlines()
    assert len(lines) == 6
    assert lines[0] == "5/30  0:00:50 left  4 full, 1 zero"  # two seconds each, 25 to come
    assert lines[-1] == "30/30  done  20 full, 10 zero"
    assert "\r" not in stream.getvalue()


def test_the_time_left_follows_the_last_fifty():
    clock = Clock()
    progress = Progress(io.StringIO(), clock)
    for _ in range(100):  # outcomes that were saved before come at once
        progress(1, 1000, "ada", outcome(3))
    for _ in range(50):
        clock.now += 72.0
        progress(1, 1000, "ada", outcome(3))
    assert progress.left(100) == "2:00:00 left"
    assert progress.left(0) == "done"


def test_a_terminal_has_one_line(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    stream = Terminal()
    progress = Progress(stream, Clock())
    progress(1, 2, "ada", outcome(3))
    progress.say("ntklab: a word")
    progress(2, 2, "bob", outcome(0, "unreadable"))
    drawn = stream.getvalue().split("\r")
    assert drawn[1].count("█") == drawn[1].count("░") > 0
    assert "1/2" in drawn[1]
    assert drawn[2] == "\x1b[Kntklab: a word\n"
    assert "░" not in drawn[3]
    assert drawn[3].endswith("2/2  done  1 full, 1 unreadable\x1b[K\n")
    before = stream.getvalue()
    progress.end()
    assert stream.getvalue() == before


def test_a_narrow_terminal_is_not_overrun(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    stream = Terminal()
    Progress(stream, Clock())(1, 1000, "ada", outcome(3))
    assert len(stream.getvalue().removeprefix("\r").removesuffix("\x1b[K")) <= 30
