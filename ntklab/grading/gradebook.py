"""The course folder as nbgrader sees it: configuration, assignment, submissions in, scores out."""

from __future__ import annotations

import logging
import os
import re
import shutil
import sysconfig
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ntklab.grading.nbgrader_steps import configure

_REMOTE_SCRIPT = re.compile(r"<script[^>]*\bsrc=[\"']https?://[^>]*>\s*</script>")


class CourseError(Exception):
    """The course folder or its gradebook is in a state that stops grading; the message says what to do."""


@dataclass(frozen=True)
class Course:
    """nbgrader's course folder: ``gradebook.db``, ``autograded/``, ``feedback/``; ``source`` holds built notebooks."""

    folder: Path
    source: Path

    def config(self, submitted: Path | None = None, fenced: bool = True, figures: bool = False) -> Any:
        """The configuration of ``course/nbgrader_config.py``, for this folder."""
        from traitlets.config import Config

        c = Config()
        configure(c)
        c.CourseDirectory.root = str(self.folder)
        c.CourseDirectory.source_directory = str(self.source)
        c.CourseDirectory.submitted_directory = str(submitted or self.folder / "submitted")
        c.SandboxExecute.sandbox = c.Rebuild.sandbox = fenced
        c.SandboxExecute.figures = c.Rebuild.figures = figures
        c.Exchange.root = str(self.folder / "exchange")
        return c

    def api(self, **kwargs: Any) -> Any:
        """nbgrader's programming interface on this folder."""
        from nbgrader.apps import NbGraderAPI

        logging.getLogger("traitlets").setLevel(logging.CRITICAL)
        scripts = sysconfig.get_path("scripts")
        if scripts not in os.environ.get("PATH", "").split(os.pathsep):  # nbgrader calls `alembic` by its bare name
            os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])
        # nbgrader's own queries flush half-made rows and warn of it; nothing is lost
        warnings.filterwarnings("ignore", module=r"nbgrader\.api")
        self.folder.mkdir(parents=True, exist_ok=True)
        return NbGraderAPI(config=self.config(**kwargs))

    def gradebook(self) -> Any:
        """The open gradebook; use as a context manager."""
        from nbgrader.api import Gradebook

        return Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}")

    def register(self, lab: str) -> None:
        """Make ``lab`` known to the gradebook (or bring its cells up to date) from its source notebook."""
        result = self.api().generate_assignment(lab, force=True, create=True)
        if not result["success"]:
            raise CourseError(f"nbgrader does not accept the notebook of {lab}: {_last_line(result)}")

    def autograde(self, api: Any, lab: str, student: str) -> None:
        """Put one submission through ``nbgrader autograde``."""
        result = api.autograde(lab, student, force=True, create=True)
        if not result["success"]:
            raise CourseError(f"{student}: nbgrader could not record the grade: {_last_line(result)}")

    def generate_feedback(self, lab: str, student: str | None = None) -> None:
        """Write the HTML feedback of one student, or of all."""
        result = self.api().generate_feedback(lab, student, force=True)
        if not result["success"]:
            raise CourseError(f"nbgrader could not write the feedback of {lab}: {_last_line(result)}")
        for page in (self.folder / "feedback").glob(f"{student or '*'}/{lab}/{lab}.html"):
            # nbgrader's template loads MathJax from a public server; a page about a student fetches nothing
            page.write_text(_REMOTE_SCRIPT.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")

    def autograded(self, lab: str, student: str) -> Path:
        return self.folder / "autograded" / student / lab / f"{lab}.ipynb"

    def manual_marks(self, lab: str) -> dict[str, dict[str, Any]]:
        """student -> {"score": points given by hand, or None while any question waits, "max": their points}."""
        marks: dict[str, dict[str, Any]] = {}
        with self.gradebook() as book:
            for submission in book.assignment_submissions(lab):
                total, top, waiting = 0.0, 0.0, False
                for notebook in submission.notebooks:
                    for grade in notebook.grades:
                        if grade.cell.cell_type != "markdown":
                            continue
                        top += grade.max_score
                        if grade.manual_score is not None:
                            total += grade.manual_score
                        elif grade.auto_score is None:
                            waiting = True
                marks[submission.student.id] = {"score": None if waiting else total, "max": top}
        return marks

    def scratch(self, name: str) -> Path:
        """An empty folder for intermediate files."""
        folder = self.folder / ".scratch" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


def _last_line(result: dict[str, Any]) -> str:
    """The most telling line of nbgrader's log: the innermost exception, else the last error."""
    lines = [line.strip() for text in ("error", "log") for line in (result.get(text) or "").splitlines()]
    causes = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Entry)\b.*: ", line)]
    errors = [line for line in lines if line.startswith("[ERROR]")]
    return ([*errors, *causes] or ["no reason given"])[-1][:300]
