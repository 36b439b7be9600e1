"""The exercises and written questions of a source notebook, each gathered from its cells."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from ntklab.authoring import markers
from ntklab.authoring.source import role
from ntklab.lab.hints import hints_in

_MINUTES = re.compile(r"(\d+)(?:\s*(?:–|-|to)\s*\d+)?\s*min", re.IGNORECASE)
_DIFFICULTY = re.compile(r"difficulty\W*?([★●◆⬤]+|\d+|\w+)", re.IGNORECASE)
_POINTS = re.compile(r"(\d+)\s+points?\b", re.IGNORECASE)


@dataclass(frozen=True)
class Exercise:
    """One coded exercise. ``solution``, ``visible`` and ``hidden`` are whole cell sources, markers included."""

    name: str
    points: int
    solution: str
    stub: str
    visible: str
    hidden: str
    hints: tuple[str, ...]
    text: str  # the markdown between the cell before and the answer cell
    difficulty: str | None
    minutes: int | None
    stated_points: int | None  # the points that the text promises

    @property
    def answer(self) -> str:
        """The solution cell without its marker lines."""
        lines = self.solution.split("\n")
        return "\n".join(line for line in lines if "BEGIN SOLUTION" not in line and "END SOLUTION" not in line)


@dataclass(frozen=True)
class Written:
    """One question marked by hand."""

    name: str
    points: int
    question: str
    answer: str
    mark_scheme: str


def exercises(source: Any) -> list[Exercise]:
    """The coded exercises of a source notebook, in order; a part that is missing is an empty string.

    An answer cell opens an exercise; tests and hints belong to it by its name, wherever they stand.
    """
    parts: dict[str, dict[str, Any]] = {}
    hints = hints_in(source)
    text: list[str] = []
    for cell in source.cells:
        kind, about = role(cell), cell.metadata.get("ntklab", {})
        if kind is None and cell.cell_type == "markdown":
            text.append(cell.source)
            continue
        if kind == "answer":
            parts[about["exercise"]] = {"solution": cell.source, "text": "\n\n".join(text), "about": about}
        if kind != "hints":
            text = []
    for cell in source.cells:
        kind, about = role(cell), cell.metadata.get("ntklab", {})
        if kind in ("visible", "hidden") and about["exercise"] in parts:
            parts[about["exercise"]][kind] = cell.source
            if kind == "hidden":
                parts[about["exercise"]]["points"] = cell.metadata.nbgrader["points"]
    return [_exercise(name, part, tuple(hints.get(name, ()))) for name, part in parts.items()]


def _exercise(name: str, part: dict[str, Any], hints: tuple[str, ...]) -> Exercise:
    text, about = part["text"], part["about"]
    difficulty = about.get("difficulty") or _first(_DIFFICULTY, text)
    minutes = about.get("minutes") or _first(_MINUTES, text)
    stated = _first(_POINTS, text)
    return Exercise(
        name=name,
        points=part.get("points", 0),
        solution=part["solution"],
        stub=markers.stub(part["solution"]),
        visible=part.get("visible", ""),
        hidden=part.get("hidden", ""),
        hints=hints,
        text=text,
        difficulty=None if difficulty is None else str(difficulty),
        minutes=None if minutes is None else int(minutes),
        stated_points=None if stated is None else int(stated),
    )


def written(source: Any) -> list[Written]:
    """The questions marked by hand, in order."""
    found = []
    for cell in source.cells:
        if role(cell) != "written":
            continue
        solution = markers.inside(cell.source, markers.SOLUTION) or cell.source
        found.append(
            Written(
                name=cell.metadata.nbgrader["grade_id"],
                points=cell.metadata.nbgrader["points"],
                question=markers.cut(cell.source, markers.SOLUTION).strip(),
                answer=markers.cut(solution, markers.MARK_SCHEME).strip(),
                mark_scheme=markers.inside(solution, markers.MARK_SCHEME).strip(),
            )
        )
    return found


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[1] if match else None
