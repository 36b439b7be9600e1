"""The trusted side of a lab: its setup, its tests, and the secret its hidden inputs come from."""

from __future__ import annotations

import ast
import contextlib
import copy
import functools
import hashlib
import io
from dataclasses import dataclass
from types import CodeType
from typing import Any

from ntklab.lab.checks import hidden_inputs_from


def role_of(cell: Any) -> str:
    """What the cell is for: setup, answer, visible, hidden, figure, ..., or "" for text."""
    return cell.metadata.get("ntklab", {}).get("role", "")


def exercise_of(cell: Any) -> str:
    """The exercise the cell belongs to, or ""."""
    return cell.metadata.get("ntklab", {}).get("exercise", "")


@functools.lru_cache(maxsize=64)
def compiled(source: str, name: str) -> CodeType:
    """The code of a trusted cell, for every submission the same."""
    return compile(source, name, "exec")


@dataclass
class Exercise:
    """One graded exercise of a lab, as the trusted side knows it."""

    name: str
    points: float
    visible: str
    hidden: str

    @functools.cached_property
    def visible_total(self) -> int:
        """How many checks the visible cell makes, counted in its text (for submissions that never reach it)."""
        checks = {"close", "holds", "raises"}
        calls = [n.func for n in ast.walk(ast.parse(self.visible)) if isinstance(n, ast.Call)]
        return sum(isinstance(f, ast.Attribute) and f.attr in checks for f in calls)


class TrustedLab:
    """The trusted side of a lab: its setup, its tests, and the secret its hidden inputs come from."""

    def __init__(self, name: str, master: Any, secret: bytes):
        self.name, self.master = name, master
        self.secret = hashlib.sha256(secret + name.encode()).digest()
        cells = [cell for cell in master.cells if cell.cell_type == "code"]
        by_role = {(role_of(c), exercise_of(c)): c for c in cells if exercise_of(c)}
        self.exercises = {
            exercise: Exercise(
                exercise,
                float(cell.metadata["nbgrader"]["points"]),
                by_role["visible", exercise].source,
                cell.source,
            )
            for (role, exercise), cell in by_role.items()
            if role == "hidden"
        }
        self.names = list(self.exercises)  # what test cells may call, also when only one exercise is tested
        self._namespace: dict[str, Any] = {"__name__": "__tests__"}
        with hidden_inputs_from(self.secret), contextlib.redirect_stdout(io.StringIO()):
            for cell in cells:
                if role_of(cell) == "setup":
                    exec(compiled(cell.source, f"{name}:setup"), self._namespace)

    def only(self, exercise: str) -> TrustedLab:
        """The same lab with the tests of one exercise."""
        one = copy.copy(self)
        one.exercises = {exercise: self.exercises[exercise]}
        one.names = self.names
        return one

    def namespace(self) -> dict[str, Any]:
        """The names of the setup cell, for one test cell."""
        return dict(self._namespace)
