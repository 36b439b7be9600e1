"""What grading one submission yields, and the notebook outputs it becomes."""

from __future__ import annotations

import base64
import binascii
import re
import sys
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from nbformat import from_dict
from nbformat.v4 import new_output

_ANSI = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07\x1b]*\x07")
# control characters, half surrogates (no file can hold them) and marks that turn the direction of text
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")
_WORD = re.compile(r"[^\s:'\"<>()]+")
MAX_TEXT = 64 * 1024
MAX_IMAGE = 3 * 2**20


@dataclass
class ExerciseResult:
    """One exercise of one submission. ``diagnosis`` is None exactly when all its tests pass."""

    name: str
    max: float
    visible_passed: int
    visible_total: int
    diagnosis: str | None = None
    score: float = 0.0
    seconds: float = 0.0


@dataclass
class Outcome:
    """A graded submission: its exercises, the outputs by cell, and what was lost on the way."""

    exercises: dict[str, ExerciseResult] = field(default_factory=dict)
    outputs: dict[str, list[Any]] = field(default_factory=dict)  # cell id, or grade_id of a test cell -> outputs
    cell_errors: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)  # exercises lost to a time-out, a death or a missing cell
    status: str = "graded"  # "graded" | "partial" | "unreadable"
    reason: str = ""

    @property
    def score(self) -> float:
        return sum(e.score for e in self.exercises.values())

    @property
    def max(self) -> float:
        return sum(e.max for e in self.exercises.values())

    def to_json(self) -> dict[str, Any]:
        """Everything but the outputs, as it is kept in the graded notebook's metadata."""
        return {
            "status": self.status,
            "reason": self.reason,
            "exercises": [asdict(result) for result in self.exercises.values()],  # a list: nbformat sorts keys
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> Outcome:
        results = [ExerciseResult(**result) for result in data["exercises"]]
        return cls(exercises={result.name: result for result in results}, status=data["status"], reason=data["reason"])

    def dump(self) -> dict[str, Any]:
        """Everything, for :meth:`parse` to read."""
        return {**self.to_json(), "outputs": self.outputs, "cell_errors": self.cell_errors, "lost": self.lost}

    @classmethod
    def parse(cls, data: dict[str, Any]) -> Outcome:
        outcome = cls.from_json(data)
        outcome.outputs = {key: [from_dict(output) for output in shown] for key, shown in data["outputs"].items()}
        outcome.cell_errors, outcome.lost = data["cell_errors"], data["lost"]
        return outcome

    def public(self) -> dict[str, Any]:
        """One student's value in ``grade --json`` (without the manual part, which the gradebook knows)."""
        return {
            "score": self.score,
            "max": self.max,
            "status": self.status,
            "reason": self.reason,
            "exercises": {
                name: {
                    "score": result.score,
                    "max": result.max,
                    "visible": {"passed": result.visible_passed, "total": result.visible_total},
                    "diagnosis": result.diagnosis,
                }
                for name, result in self.exercises.items()
            },
        }


def clean(text: Any, limit: int = MAX_TEXT) -> str:
    """Text from the sandbox, fit to show: no escape codes, no server paths, bounded."""
    text = as_text(text, 2 * limit)
    text = _CONTROL.sub("", _ANSI.sub("", text))
    text = _WORD.sub(lambda word: word[0].rpartition("/site-packages/")[2], text)
    for prefix in sorted({sys.prefix, sys.base_prefix, sys.exec_prefix, str(Path.home())}, key=len, reverse=True):
        if len(prefix) > 4:
            text = text.replace(prefix, "…")
    text = text.replace("/opt/library/", "").replace("/tmp/work/", "")
    return text if len(text) <= limit else text[:limit] + "\n… (cut)"


def as_text(value: Any, limit: int = MAX_TEXT) -> str:
    """``value`` if it is a string, cut; what should be text may be anything when the sandbox sent it."""
    return value[:limit] if isinstance(value, str) else ""


def stream_output(text: str, name: str = "stdout") -> Any:
    return new_output("stream", name=name, text=clean(text))


def error_output(kind: str, message: str, trace: str = "") -> Any:
    """An error without a traceback, unless ``trace`` brings the student's own."""
    shown = clean(trace or message)
    return new_output("error", ename=clean(kind, 80), evalue=clean(message), traceback=shown.split("\n"))


def display_output(item: Any) -> Any | None:
    """A notebook output from what the sandbox says it displayed: text and PNG only, never HTML or JavaScript."""
    if not isinstance(item, dict):
        return None
    kind = item.get("kind")
    if kind in ("stdout", "stderr"):
        return stream_output(as_text(item.get("text"), 2 * MAX_TEXT), kind)
    if kind == "text":
        return new_output("display_data", data={"text/plain": clean(item.get("text"), 4096)})
    if kind == "png":
        data = as_text(item.get("data"), 2 * MAX_IMAGE)
        try:
            raw = base64.b64decode(data, validate=True)
        except (binascii.Error, ValueError):
            return None
        if raw.startswith(b"\x89PNG") and len(raw) <= MAX_IMAGE:
            return new_output("display_data", data={"image/png": data, "text/plain": "<Figure>"})
    return None
