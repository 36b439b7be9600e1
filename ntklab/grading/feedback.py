"""What a student gets back: points, the diagnosis of each exercise and the next hint; no test source, no traceback."""

from __future__ import annotations

import html
import re
from typing import Any

from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from ntklab.grading.rebuild import harmless
from ntklab.grading.trusted import exercise_of, role_of

_STYLE = (
    "<style>.rendered_html table { margin: 0 } .rendered_html :is(td, th) { padding: .2em 1.2em .2em 0; "
    "text-align: left } details { margin: .3em 0 .8em 1.2em } summary { display: list-item; cursor: pointer }</style>"
)
_HINT = re.compile(r"<details[^>]*>\s*<summary>(.*?)</summary>(.*?)</details>", re.DOTALL)


class FeedbackPage(NbGraderPreprocessor):
    """Makes the page of the graded notebook: a summary, then the student's own cells with what the tests said.

    The lab's text and the tests stay out: the student has them, and the hidden ones are nobody's business.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        outcome = nb.metadata.get("ntklab_outcome") or {"exercises": [], "reason": "", "status": "graded"}
        hints = {exercise_of(c): _HINT.findall(c.source) for c in nb.cells if role_of(c) == "hints"}
        cells = [new_markdown_cell(summary(outcome, hints), id="ntklab-summary")]
        for cell in nb.cells:
            role = role_of(cell)
            if role == "answer":
                cells.append(new_markdown_cell(f"## `{exercise_of(cell)}`", id=f"{cell.id}-heading"[:64]))
            elif role in ("visible", "hidden"):
                cell.source = f"# {role} tests"
                # the points stand on the hidden tests' cell: nbgrader's list of scores needs no line of 0 / 0
                cell.metadata["nbgrader"]["grade"] = role == "hidden"
            if role in ("answer", "student", "visible", "hidden", "written"):
                cells.append(cell)
        nb.cells = cells
        return nb, resources


def _plain(text: str) -> str:
    """A sentence that may quote the student's own words: no tag, link or formula of theirs comes to life."""
    text = " ".join(harmless(text).split())
    return html.escape(text, quote=False).replace("[", "&#91;").replace("]", "&#93;")


def summary(outcome: dict[str, Any], hints: dict[str, list[tuple[str, str]]]) -> str:
    """The page's opening: a table of exercises, then a diagnosis and the next hint for each that failed."""
    exercises = {result["name"]: result for result in outcome["exercises"]}
    score = sum(e["score"] for e in exercises.values())
    top = sum(e["max"] for e in exercises.values())
    lines = [_STYLE, "", f"# Feedback: {score:g} of {top:g} automatic points", ""]
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
