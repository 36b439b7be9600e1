"""One lab's grader: the master notebook, the trusted tests, and a warm sandbox without what the lab withholds."""

from __future__ import annotations

import contextlib
import copy
import functools
import logging
import os
import re
import secrets
import shutil
import socket
import tempfile
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat

from ntklab._course import UsageError
from ntklab.grading.bubblewrap import SandboxUnavailable
from ntklab.grading.executor import Run
from ntklab.grading.folders import OwnFolder
from ntklab.grading.limits import Limits
from ntklab.grading.names import leaned_on
from ntklab.grading.preload import named_in, preload_for
from ntklab.grading.rebuild import Rebuilt, Unreadable, raw_cells, read_bytes, rebuild
from ntklab.grading.results import ExerciseResult, Outcome, error_output
from ntklab.grading.sandbox import Sandbox
from ntklab.grading.trusted import TrustedLab, role_of


def master_notebook(source: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """The notebook submissions are rebuilt on: stubs for the solutions, every test in place.

    These are nbgrader's own steps up to the point where its ``generate_assignment`` saves the cells to the gradebook,
    so the master's locked cells are letter for letter those of the gradebook.
    """
    from nbgrader import preprocessors

    notebook, resources = copy.deepcopy(source), dict[str, Any]()
    silent = logging.getLogger("ntklab.grading")
    silent.addHandler(logging.NullHandler())
    silent.propagate = False
    for name in ("LockCells", "ClearSolutions", "ClearOutput", "CheckCellMetadata", "ComputeChecksums"):
        notebook, resources = getattr(preprocessors, name)(log=silent).preprocess(notebook, resources)
    return notebook


def code_of(notebook: nbformat.NotebookNode, figures: bool = False) -> str:
    """The text of the cells that run in the sandbox."""
    leaning = leaned_on(notebook)
    running = ("setup", "answer", "student", *(("figure", "gpu", "demo") if figures else ()))
    return "\n".join(cell.source for cell in notebook.cells if role_of(cell) in running or cell.id in leaning)


def course_secret(course: Path) -> bytes:
    """The seed of all hidden inputs of this course; made on first use, readable by its owner only.

    Raises:
        UsageError: the file is damaged. An empty seed would be one that every student can compute.
    """
    path = course / ".secret_seed"
    if not path.is_file():
        course.mkdir(parents=True, exist_ok=True)
        descriptor, name = tempfile.mkstemp(prefix=".secret_seed-", dir=course)  # readable by its owner only
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_hex(32))
        with contextlib.suppress(FileExistsError):  # another grader was first: there is one seed, whole from the start
            os.link(name, path)
        os.unlink(name)
    text = path.read_text(errors="replace").strip()
    if not re.fullmatch("[0-9a-f]{64}", text):
        raise UsageError(f"{path} is damaged: delete it and grade again (with a new seed all hidden inputs change)")
    return bytes.fromhex(text)


class Grader:
    """Grades submissions of one lab, one after another, in one warm sandbox. Use as a context manager.

    ``source`` is nbgrader's source notebook; with ``is_master`` what :func:`master_notebook` made of it, with
    ``visible_only`` a student's copy. ``library`` is a folder that :func:`library_copy` has filled, if there is one;
    ``preload`` what the sandbox imports before its first submission, by default what ``source`` speaks of; ``lane`` a
    way into a sandbox that another process has started.
    """

    def __init__(
        self,
        lab: str,
        source: nbformat.NotebookNode,
        secret: bytes,
        *,
        limits: Limits | None = None,
        fenced: bool = True,
        figures: bool = False,
        only: str | None = None,
        visible_only: bool = False,
        is_master: bool = False,
        preload: tuple[str, ...] | None = None,
        library: str = "",
        lane: socket.socket | None = None,
        log: Callable[[str], None] = lambda line: None,
    ):
        self.lab, self.limits, self.figures, self.log = lab, limits or Limits(), figures, log
        self.master = copy.deepcopy(source) if visible_only or is_master else master_notebook(source)
        self.trusted = TrustedLab(lab, self.master, secret)
        if only is not None:
            self.trusted = self.trusted.only(only)
        self.visible_only = visible_only  # a student's own copy holds no hidden tests
        self._folder = None
        if not library:
            self._folder = OwnFolder("ntklab-library-")
            library_copy(lab, self._folder.path)
            library = str(self._folder.path)
        if preload is None:
            preload = preload_for(code_of(source, figures))
        self.sandbox = Sandbox(Path(library), limits=self.limits, fenced=fenced, preload=preload, lane=lane)

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the sandbox and remove its copy of the library."""
        self.sandbox.close()
        if self._folder is not None:
            self._folder.remove()

    def grade_file(self, path: Path) -> tuple[Rebuilt, Outcome]:
        """Rebuild the submission at ``path`` and grade it. Never raises for anything a student can submit."""
        try:
            return self.grade_bytes(read_bytes(path), path.name)
        except Unreadable as problem:
            return self.refuse(str(problem))

    def grade_bytes(self, data: bytes, name: str) -> tuple[Rebuilt, Outcome]:
        """The same for the bytes of a file called ``name``."""
        try:
            rebuilt = rebuild(self.master, raw_cells(data, name))
        except Unreadable as problem:
            return self.refuse(str(problem))
        except (MemoryError, RecursionError) as problem:
            return self.refuse(f"{name} is damaged: nothing can be made of it ({type(problem).__name__})")
        return rebuilt, self.grade(rebuilt)

    def refuse(self, reason: str, status: str = "unreadable") -> tuple[Rebuilt, Outcome]:
        """The untouched master and the reason: nothing of the submission ran."""
        rebuilt = rebuild(self.master, None)
        rebuilt.unreadable = reason
        return rebuilt, self.ungraded(reason, status)

    def grade(self, rebuilt: Rebuilt, only: str | None = None) -> Outcome:
        """Run a rebuilt notebook's cells and tests (those of exercise ``only``)."""
        if rebuilt.unreadable:
            return self.ungraded(rebuilt.unreadable)
        trusted = self.trusted if only is None else self.trusted.only(only)
        warm = named_in(code_of(rebuilt.notebook, self.figures))
        opened = functools.partial(self.sandbox.session, warm)
        run = Run(trusted, rebuilt.notebook, opened, self.limits, self.figures, self.log)
        run.visible_only = self.visible_only
        for name in rebuilt.missing:
            if name in self.trusted.exercises:
                run.lost[name] = f"there is no cell for `{name}` in the notebook"
                run.outcome.lost.append(f"{name}: its cell is missing")
        try:
            outcome = run()
        except SandboxUnavailable:
            raise
        except Exception as error:  # nothing a student hands in may stop the class
            self.log(traceback.format_exc())
            return self.ungraded(f"the grader failed on this notebook ({type(error).__name__}): look at it", "partial")
        if outcome.lost:
            outcome.status, outcome.reason = "partial", "; ".join(outcome.lost)
        return outcome

    def ungraded(self, reason: str, status: str = "unreadable") -> Outcome:
        """The result of a submission of which nothing ran."""
        outcome = Outcome(status=status, reason=reason)
        for name, exercise in self.trusted.exercises.items():
            outcome.exercises[name] = ExerciseResult(name, exercise.points, 0, exercise.visible_total, reason)
            for kind in ("visible", "hidden"):
                outcome.outputs[f"{name}-{kind}"] = [error_output("NotGraded", reason)]
        return outcome


def library_copy(lab: str, destination: Path) -> None:
    """A copy of ntklab under ``destination`` without the bodies of what ``lab`` withholds."""
    from ntklab.lab.withheld import WITHHELD, stripped_copy

    if lab in WITHHELD:
        stripped_copy(lab, destination)
    else:
        here = Path(__file__).resolve().parent.parent
        shutil.copytree(here, destination / "ntklab", ignore=shutil.ignore_patterns("__pycache__"))
    for path in [destination, *destination.rglob("*")]:
        path.chmod(0o755 if path.is_dir() else 0o644)


def apply_outcome(notebook: nbformat.NotebookNode, outcome: Outcome) -> None:
    """Put the outputs of grading into the rebuilt notebook, and the verdict into its metadata."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        key = grade_id if role_of(cell) in ("visible", "hidden") else cell.id
        cell.outputs = copy.deepcopy(outcome.outputs.get(key, []))
        cell.execution_count = None
    notebook.metadata["ntklab_outcome"] = outcome.to_json()


__all__ = ["Grader", "apply_outcome", "code_of", "course_secret", "library_copy", "master_notebook"]
