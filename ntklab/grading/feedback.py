"""What a student gets back: points, the diagnosis of each exercise and the next hint; no test source, no traceback."""

from __future__ import annotations

import html
import re
from typing import Any

from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor

from ntklab.grading.rebuild import harmless
from ntklab.grading.trusted import exercise_of, role_of

_HINT = re.compile(r"<details[^>]*>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)


class FeedbackPage(NbGraderPreprocessor):
    """Puts a summary on top of the graded notebook and takes everything hidden out of it."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        outcome = nb.metadata.get("ntklab_outcome") or {"exercises": {}, "reason": "", "status": "graded"}
        hints = {exercise_of(c): _HINT.findall(c.source) for c in nb.cells if role_of(c) == "hints"}
        for cell in nb.cells:
            if role_of(cell) == "hidden":  # nowhere else: markers that a student writes are only text
                ClearHiddenTests(enforce_metadata=False).preprocess_cell(cell, resources, 0)
        nb.cells.insert(0, new_markdown_cell(summary(outcome, hints), id="ntklab-summary"))
        return nb, resources


def _plain(text: str) -> str:
    """A sentence that may quote the student's own words: no tag, link or formula of theirs comes to life."""
    text = " ".join(harmless(text).split())
    return html.escape(text, quote=False).replace("[", "&#91;").replace("]", "&#93;")


def summary(outcome: dict[str, Any], hints: dict[str, list[tuple[str, str]]]) -> str:
    """The page's opening: a table of exercises, then a diagnosis and the next hint for each that failed."""
    exercises = outcome["exercises"]
    score = sum(e["score"] for e in exercises.values())
    top = sum(e["max"] for e in exercises.values())
    lines = [f"# Feedback: {score:g} of {top:g} automatic points", ""]
    if outcome.get("sandbox") == "off":
        lines += ["**Graded without a sandbox.**", ""]
    if outcome["status"] != "graded":
        lines += [f"**{outcome['status'].capitalize()}:** {_plain(outcome['reason'])}", ""]
    lines += ["| exercise | points | visible tests | |", "|---|---|---|---|"]
    for name, e in exercises.items():
        verdict = "all tests pass" if e["diagnosis"] is None else "not yet"
        lines.append(
            f"| `{name}` | {e['score']:g} / {e['max']:g} | {e['visible_passed']} of {e['visible_total']} | {verdict} |"
        )
    for name, e in exercises.items():
        if e["diagnosis"] is None:
            continue
        lines += ["", f"**`{name}`**: {_plain(e['diagnosis'])}"]
        ladder = hints.get(name, [])
        if ladder and outcome["status"] != "unreadable":
            # a first look at the concept where nothing passes yet, the formula once something does
            title, text = ladder[min(1 if e["visible_passed"] else 0, len(ladder) - 1)]
            lines += ["", f"<details><summary>Next hint: {title.strip()}</summary>", text.strip(), "</details>"]
    lines += ["", "Points come when all tests of an exercise pass, on inputs you have not seen too.", ""]
    return "\n".join(lines)
