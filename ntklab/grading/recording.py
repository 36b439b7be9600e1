"""The single writer: one graded notebook after another into nbgrader's gradebook and ``autograded/``.

These are the steps of ``Autograde.autograde_preprocessors``, nbgrader's and ours, on one open gradebook and with one
commit per student in place of fifty: a student's grades are there whole or not at all, and in a tenth of the time.
"""

from __future__ import annotations

import contextlib
import logging
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import nbformat.v4

from ntklab.grading.gradebook import Course
from ntklab.grading.grader import apply_outcome
from ntklab.grading.outcomes import replace
from ntklab.grading.results import Outcome

# done elsewhere: the cells have run, and the rebuilt notebook's metadata are the master's, which nbgrader has checked
_DONE = {"SandboxExecute", "CheckCellMetadata"}


class Recorder:
    """Writes outcomes of one lab. Use as a context manager; what a student's :meth:`record` wrote stays."""

    def __init__(self, course: Course, lab: str, fenced: bool = True):
        from nbgrader.converters import Autograde
        from nbgrader.coursedir import CourseDirectory

        self.course, self.lab, self.fenced = course, lab, fenced
        config = course.config(fenced=fenced)
        converter = Autograde(coursedir=CourseDirectory(config=config), config=config)
        made = (step if isinstance(step, type) else _imported(step) for step in converter.autograde_preprocessors)
        self.steps = [step(parent=converter) for step in made if step.__name__ not in _DONE]
        self.db_url = converter.coursedir.db_url
        self.book = course.gradebook()
        # Steps open, commit and close a gradebook of their own: here they get this one; the commit comes in the end.
        self._close, self._commit = self.book.close, self.book.db.commit
        self.book.close, self.book.db.commit = _nothing, self._settle

    def _settle(self) -> None:
        self.book.db.flush()
        self.book.db.expire_all()  # sums over grades are read anew, as after a commit

    def __enter__(self) -> Recorder:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def record(self, student: str, notebook: nbformat.NotebookNode, outcome: Outcome, timestamp: str = "") -> None:
        """Save one student's graded notebook and grades.

        Args:
            notebook: the rebuilt notebook; outputs and verdict are put into it.
            timestamp: when it was handed in, as nbgrader reads it; "" where that is not known.

        Raises:
            OSError, SQLAlchemyError: it cannot be written; the gradebook is as it was.
        """
        apply_outcome(notebook, outcome)
        if not self.fenced:
            notebook.metadata["ntklab_outcome"]["sandbox"] = "off"
        place = {"student": student, "assignment": self.lab, "notebook": self.lab, "db_url": self.db_url}
        resources: dict[str, Any] = {"unique_key": self.lab, "metadata": {"name": self.lab}, "nbgrader": place}
        try:
            with _quiet():
                self.book.update_or_create_student(student)
                # none is told to the gradebook too: it may hold that of an earlier submission
                self.book.update_or_create_submission(self.lab, student, timestamp=timestamp or None)
            with self._shared():
                for step in self.steps:
                    notebook, resources = step.preprocess(notebook, resources)
            self._write(student, notebook, timestamp)
            self._commit()
        except BaseException:
            self.book.db.rollback()
            raise
        self.book.db.remove()  # nothing of this student stays in memory

    @contextlib.contextmanager
    def _shared(self) -> Iterator[None]:
        """Steps that ask for a gradebook get the open one."""
        names = {cls.__module__ for step in self.steps for cls in type(step).__mro__}
        modules = [sys.modules[name] for name in names if "Gradebook" in vars(sys.modules[name])]
        stock = [module.Gradebook for module in modules]
        try:
            for module in modules:
                module.Gradebook = self._open  # type: ignore[attr-defined]
            yield
        finally:
            for module, their in zip(modules, stock, strict=True):
                module.Gradebook = their  # type: ignore[attr-defined]

    def _open(self, *_: object, **__: object) -> Any:
        return self.book

    def _write(self, student: str, notebook: nbformat.NotebookNode, timestamp: str) -> None:
        """The folder ``autograded/STUDENT/LAB``, with nothing of an earlier submission in it."""
        path = self.course.autograded(self.lab, student)
        path.parent.mkdir(parents=True, exist_ok=True)
        for old in path.parent.iterdir():
            if old != path and not old.is_dir():
                old.unlink()
        if timestamp:
            replace(path.parent / "timestamp.txt", f"{timestamp}\n".encode(), 0o444)
        replace(path, nbformat.v4.writes(notebook).encode(), 0o444)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """What nbgrader raises it also logs, with a traceback."""
    logger = logging.getLogger("tornado.application")
    before, logger.disabled = logger.disabled, True
    try:
        yield
    finally:
        logger.disabled = before


def _nothing() -> None:
    pass


def _imported(name: str) -> Any:
    from traitlets.utils.importstring import import_item

    return import_item(name)


def new_gradebook(path: Path) -> None:
    """Make an empty gradebook in one step; nbgrader makes it in several, and half a one is refused ever after.

    nbgrader also asks a program of its own for the version of its tables, which takes a second.
    """
    import nbgrader
    import sqlalchemy as sql
    from alembic.config import Config
    from alembic.script import ScriptDirectory
    from nbgrader.api import Base

    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    half = path.with_name(f".{path.name}.new")
    half.unlink(missing_ok=True)
    config = Config()
    config.set_main_option("script_location", str(Path(nbgrader.__file__).parent / "alembic"))
    version = sql.Table(
        "alembic_version", sql.MetaData(), sql.Column("version_num", sql.String(32), nullable=False)
    )  # fmt: skip
    engine = sql.create_engine(f"sqlite:///{half}")
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        version.create(connection)
        connection.execute(version.insert().values(version_num=ScriptDirectory.from_config(config).get_current_head()))
    engine.dispose()
    half.replace(path)


__all__ = ["Recorder", "new_gradebook"]
