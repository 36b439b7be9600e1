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

from ntklab._course import shown
from ntklab.grading import database, late
from ntklab.grading.database import CourseError
from ntklab.grading.nbgrader_steps import configure
from ntklab.grading.totals import Total, totals

_REMOTE_SCRIPT = re.compile(r"<script[^>]*\bsrc=[\"']https?://[^>]*>\s*</script>")


@dataclass(frozen=True)
class Course:
    """nbgrader's course folder: ``gradebook.db``, ``autograded/``, ``feedback/``; ``source`` holds built notebooks."""

    folder: Path
    source: Path

    def settings(self) -> Any:
        """What ``nbgrader_config.py`` in the course folder sets; nothing where there is none.

        Raises:
            CourseError: the file does not run.
        """
        from traitlets.config import Config
        from traitlets.config.loader import PyFileConfigLoader

        path = self.folder / "nbgrader_config.py"
        if not path.is_file():
            return Config()
        try:
            return PyFileConfigLoader(path.name, path=str(self.folder)).load_config()
        except Exception as error:  # it is a program: anything may surface
            raise CourseError(f"{path} does not run ({type(error).__name__}: {error}): mend it") from error

    def config(self, submitted: Path | None = None, fenced: bool = True, figures: bool = False) -> Any:
        """The settings of the course with our steps and this folder's places."""
        c = self.settings()
        configure(c)
        c.CourseDirectory.root = str(self.folder)
        c.CourseDirectory.source_directory = str(self.source)
        c.CourseDirectory.submitted_directory = str(submitted or self.folder / "submitted")
        c.CourseDirectory.db_url = self.db_url
        c.SandboxExecute.sandbox = c.Rebuild.sandbox = fenced
        c.SandboxExecute.figures = c.Rebuild.figures = figures
        c.Exchange.root = str(self.folder / "exchange")
        return c

    @property
    def db_url(self) -> str:
        """Where the gradebook is: ``c.CourseDirectory.db_url`` of the course's settings, else ``gradebook.db`` here."""
        return database.url(self.settings().CourseDirectory.get("db_url"), self.folder)

    @property
    def gradebook_name(self) -> str:
        """How to call the gradebook in a message: a path as seen from here, or an address without its password."""
        name = database.name(self.db_url)
        return shown(Path(name)) if self.db_url.startswith("sqlite:///") else name

    def api(self, **kwargs: Any) -> Any:
        """nbgrader's programming interface on this folder.

        Raises:
            CourseError: the gradebook cannot be opened.
        """
        from nbgrader.apps import NbGraderAPI

        logging.getLogger("traitlets").setLevel(logging.CRITICAL)
        scripts_in_reach()
        # nbgrader's own queries flush half-made rows and warn of it; nothing is lost
        warnings.filterwarnings("ignore", module=r"nbgrader\.api")
        self.folder.mkdir(parents=True, exist_ok=True)
        database.reach(self.db_url)
        return NbGraderAPI(config=self.config(**kwargs))

    def gradebook(self) -> Any:
        """The open gradebook; use as a context manager.

        Raises:
            CourseError: the gradebook cannot be opened.
        """
        from nbgrader.api import Gradebook

        database.reach(self.db_url)
        scripts_in_reach()
        return Gradebook(self.db_url)

    def register(self, lab: str) -> None:
        """Make ``lab`` known to the gradebook (or bring its cells up to date) from its source notebook."""
        result = self.api().generate_assignment(lab, force=True, create=True)
        if not result["success"]:
            raise CourseError(f"nbgrader does not accept the notebook of {lab}: {_last_line(result)}")
        self.settle(lab)  # the due time, before anything is graded

    def autograde(self, api: Any, lab: str, student: str) -> None:
        """Put one submission through ``nbgrader autograde``."""
        result = api.autograde(lab, student, force=True, create=True)
        if not result["success"]:
            raise CourseError(f"{student}: nbgrader could not record the grade: {_last_line(result)}")

    def generate_feedback(self, lab: str, student: str | None = None) -> None:
        """Write the HTML feedback of one student, or of all."""
        self.settle(lab)
        result = self.api().generate_feedback(lab, student, force=True)
        if not result["success"]:
            raise CourseError(f"nbgrader could not write the feedback of {lab}: {_last_line(result)}")
        for page in (self.folder / "feedback").glob(f"{student or '*'}/{lab}/{lab}.html"):
            # nbgrader's template loads MathJax from a public server; a page about a student fetches nothing
            page.write_text(_REMOTE_SCRIPT.sub("", page.read_text(encoding="utf-8")), encoding="utf-8")

    def autograded(self, lab: str, student: str) -> Path:
        return self.folder / "autograded" / student / lab / f"{lab}.ipynb"

    def settle(self, lab: str) -> None:
        """Bring due time, extensions and late points in the gradebook up to date with the settings and the marks."""
        chosen = late.policy(self.config())
        with self.gradebook() as book:
            late.settle(book, lab, chosen)

    def totals(self, lab: str) -> dict[str, Total]:
        """student -> everything they have: automatic points, marks by hand, late points, what waits for a marker."""
        if not database.exists(self.db_url):
            return {}
        self.settle(lab)
        with self.gradebook() as book:
            return totals(book, lab)

    def manual_marks(self, lab: str) -> dict[str, dict[str, Any]]:
        """student -> {"score": points given by hand, or None while any question waits, "max": their points}."""
        with self.gradebook() as book:
            held = totals(book, lab)
        return {
            student: {"score": None if total.waiting or total.changed else total.manual, "max": total.manual_max}
            for student, total in held.items()
        }

    def scratch(self, name: str) -> Path:
        """An empty folder for intermediate files."""
        folder = self.folder / ".scratch" / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        return folder


def scripts_in_reach() -> None:
    """nbgrader calls ``alembic`` by its bare name when it makes a gradebook."""
    scripts = sysconfig.get_path("scripts")
    if scripts not in os.environ.get("PATH", "").split(os.pathsep):
        os.environ["PATH"] = os.pathsep.join([scripts, os.environ.get("PATH", "")])


def _last_line(result: dict[str, Any]) -> str:
    """The most telling line of nbgrader's log: the innermost exception, else the last error."""
    lines = [line.strip() for text in ("error", "log") for line in (result.get(text) or "").splitlines()]
    causes = [line for line in lines if re.match(r"[\w.]*(Error|Exception|Entry)\b.*: ", line)]
    errors = [line for line in lines if line.startswith("[ERROR]")]
    return ([*errors, *causes] or ["no reason given"])[-1][:300]
