"""What a notebook calls: start a lab, its tests, quiz, hints and sliders."""

from __future__ import annotations

from ntklab.lab.checks import AnswerError, Tests, TestsFailed, tests

__all__ = ["AnswerError", "Tests", "TestsFailed", "tests"]
