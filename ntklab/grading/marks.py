"""Marks given by hand: kept across regrades while the answer is the same; and the mark scheme, for markers only.

The gradebook keeps, in one small table of ours, a checksum of the answer each grade was last given for.
"""

from __future__ import annotations

import functools
import hashlib
import json
from pathlib import Path
from typing import Any

import nbformat
import sqlalchemy as sql
from nbformat.v4 import new_markdown_cell
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from ntklab.grading.trusted import role_of

ANSWERS = sql.Table(
    "ntklab_answer",
    sql.MetaData(),
    sql.Column("grade_id", sql.String(32), primary_key=True),
    sql.Column("sha256", sql.String(64), nullable=False),
)


class SaveGrades(SaveAutoGrades):
    """nbgrader's step, with one difference: a mark given by hand is not asked for again when nothing has changed.

    nbgrader puts every grade that was touched by hand back into the marker's queue at each regrade. Here that happens
    only where the answer is another one than when the mark was given; the old mark counts until it is confirmed.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        written = [cell for cell in nb.cells if role_of(cell) in ("answer", "student")]
        self._code, self._ready = _checksum(written), False
        return super().preprocess(nb, resources)

    def _add_score(self, cell: Any, resources: Any) -> None:
        if not self._ready:
            ANSWERS.create(self.gradebook.db.connection(), checkfirst=True)
            self._ready = True
        where = (cell.metadata["nbgrader"]["grade_id"], self.notebook_id, self.assignment_id, self.student_id)
        grade = self.gradebook.find_grade(*where)
        settled = grade.manual_score is not None and not grade.needs_manual_grade
        grade.auto_score, _ = utils.determine_grade(cell, self.log)
        grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        # a mark on a test cell was given for all of the student's code
        answer = _checksum([cell]) if utils.is_solution(cell) else self._code
        kept = self.gradebook.db.execute(sql.select(ANSWERS.c.sha256).where(ANSWERS.c.grade_id == grade.id)).scalar()
        if settled and kept == answer:
            grade.needs_manual_grade = False
        if kept is None:
            self.gradebook.db.execute(ANSWERS.insert().values(grade_id=grade.id, sha256=answer))
        elif kept != answer:
            self.gradebook.db.execute(ANSWERS.update().where(ANSWERS.c.grade_id == grade.id).values(sha256=answer))
        self.gradebook.db.commit()


def _checksum(cells: list[Any]) -> str:
    said = [[cell.source, cell.get("attachments", {})] for cell in cells]
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


class ShowMarkScheme(NbGraderPreprocessor):
    """Put each question's mark scheme below the student's answer, in the notebook that the formgrader shows.

    The scheme stands in the source only, within the solution region. The feedback page leaves these cells out.
    """

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        coursedir = getattr(self.parent, "coursedir", None) or self.parent.parent.coursedir
        lab = resources["nbgrader"]["assignment"]
        source = Path(coursedir.format_path(coursedir.source_directory, ".", lab)) / f"{lab}.ipynb"
        schemes = _schemes(source, source.stat().st_mtime_ns) if source.is_file() else {}
        cells = []
        for cell in nb.cells:
            cells.append(cell)
            grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if role_of(cell) == "written" and grade_id in schemes:
                cells.append(_scheme_cell(grade_id, schemes[grade_id]))
        nb.cells = cells
        return nb, resources


def _scheme_cell(grade_id: str, text: str) -> Any:
    cell = new_markdown_cell(text, id=f"{grade_id[:50]}-mark-scheme")
    cell.metadata.update({"ntklab": {"role": "mark-scheme"}, "editable": False, "deletable": False})
    return cell


# set off from the student's answer, and readable in light and dark
_BOX = '<div style="border-left: 4px solid #b8860b; padding: .2em 1em; margin: .5em 0">'


@functools.lru_cache(maxsize=16)
def _schemes(source: Path, changed: int) -> dict[str, str]:
    """grade_id of a question -> what its marker should see."""
    from ntklab.authoring import written

    shown = {}
    for question in written(nbformat.read(source, as_version=4)):
        parts = [_BOX, f"**Mark scheme, {question.points} points** (only markers see this)", question.mark_scheme]
        if question.answer:
            parts += ["<details><summary>▸ Model answer (click)</summary>", question.answer, "</details>"]
        shown[question.name] = "\n\n".join(part for part in [*parts, "</div>"] if part)
    return shown
