"""What each student has in the gradebook: automatic points, marks by hand, late points, and what still waits."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Total:
    """One student's points in one lab. ``waiting`` names the questions that a marker must still look at."""

    student: str
    automatic: float = 0.0
    automatic_max: float = 0.0
    manual: float = 0.0
    manual_max: float = 0.0
    late_penalty: float = 0.0
    seconds_late: float = 0.0
    waiting: list[str] = field(default_factory=list)  # no mark yet
    changed: list[str] = field(default_factory=list)  # marked, but the answer is another one since

    @property
    def score(self) -> float:
        """All points less the late penalty; an answer without a mark counts nothing, a changed one its old mark."""
        return max(self.automatic + self.manual - self.late_penalty, 0.0)

    @property
    def max(self) -> float:
        return self.automatic_max + self.manual_max

    def to_json(self) -> dict[str, Any]:
        return {**asdict(self), "score": self.score, "max": self.max}


def totals(book: Any, lab: str) -> dict[str, Total]:
    """student -> total, from the open gradebook ``book``, in the order of their ids."""
    from nbgrader.api import Assignment, Grade, GradeCell, SubmittedAssignment, SubmittedNotebook

    rows = (
        book.db.query(SubmittedAssignment, SubmittedNotebook, Grade, GradeCell)
        .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(GradeCell, Grade.cell_id == GradeCell.id)
        .filter(Assignment.name == lab)
    )
    found: dict[str, Total] = {}
    penalties: dict[str, dict[str, float]] = {}
    for submission, notebook, grade, cell in rows:
        total = found.setdefault(submission.student_id, Total(submission.student_id))
        total.seconds_late = submission.total_seconds_late
        penalties.setdefault(total.student, {})[notebook.id] = notebook.late_submission_penalty or 0.0
        if cell.cell_type == "markdown":
            total.manual += grade.score or 0.0
            total.manual_max += cell.max_score
        else:
            total.automatic += grade.score or 0.0
            total.automatic_max += cell.max_score
        if grade.needs_manual_grade or (grade.manual_score is None and grade.auto_score is None):
            (total.waiting if grade.manual_score is None else total.changed).append(cell.name)
    for student, penalty in penalties.items():
        found[student].late_penalty = sum(penalty.values())
        found[student].waiting.sort()
        found[student].changed.sort()
    return dict(sorted(found.items()))
