"""Our steps in nbgrader's pipelines, so that stock ``nbgrader autograde`` grades as ``ntklab grade`` does.

``configure(c)`` is what ``course/nbgrader_config.py`` calls. Autograde rebuilds first and executes in the sandbox in
place of ``Execute``; the scores then take nbgrader's own road into gradebook.db, so the formgrader, manual marks, late
penalties, feedback and export keep working.
"""

from __future__ import annotations

import atexit
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool, Unicode

from ntklab.grading.grader import Grader, apply_outcome, course_secret
from ntklab.grading.rebuild import rebuild
from ntklab.grading.results import Outcome

# (lab, student) -> outcome: what `ntklab grade` has computed already, perhaps in other processes
COMPUTED: dict[tuple[str, str], Outcome] = {}
_graders: dict[tuple[str, str], Grader] = {}


def configure(c: Any) -> None:
    """Set the steps of autograde and feedback in an nbgrader config."""
    here = "ntklab.grading.nbgrader_steps"
    stock = "nbgrader.preprocessors"
    c.Autograde.sanitize_preprocessors = [
        f"{here}.Rebuild",
        f"{stock}.ClearOutput",
        f"{stock}.OverwriteKernelspec",
        f"{stock}.OverwriteCells",
        f"{stock}.CheckCellMetadata",
    ]
    c.Autograde.autograde_preprocessors = [
        f"{here}.SandboxExecute",
        "ntklab.grading.marks.SaveGrades",
        f"{stock}.AssignLatePenalties",
        "ntklab.grading.marks.ShowMarkScheme",
        f"{stock}.CheckCellMetadata",
    ]
    if "plugin_class" not in c.AssignLatePenalties:
        c.AssignLatePenalties.plugin_class = "ntklab.grading.late.LatePolicy"
    c.GenerateFeedback.preprocessors = [
        f"{stock}.GetGrades",
        "ntklab.grading.feedback.FeedbackPage",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
    ]


class _Step(NbGraderPreprocessor):
    def _grader(self, resources: Any) -> Grader:
        """The grader of the assignment at hand; one per lab and process."""
        lab = resources["nbgrader"]["assignment"]
        coursedir = getattr(self.parent, "coursedir", None) or self.parent.parent.coursedir
        source = Path(coursedir.format_path(coursedir.source_directory, ".", lab)) / f"{lab}.ipynb"
        key = (lab, str(source))
        if key not in _graders:
            notebook = nbformat.read(source, as_version=4)
            _graders[key] = Grader(
                lab, notebook, course_secret(Path(coursedir.root)), fenced=self.sandbox, figures=self.figures,
                log=self.log.warning,
            )  # fmt: skip
        return _graders[key]

    sandbox = Bool(True, help="Whether student code runs in a sandbox. Turn it off only on a machine of no value.").tag(
        config=True
    )
    figures = Bool(False, help="Whether figure and GPU cells run too.").tag(config=True)


class Rebuild(_Step):
    """Replace the submission by the master notebook with the student's answers in it."""

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        rebuilt = rebuild(self._grader(resources).master, [dict(cell) for cell in nb.cells])
        return rebuilt.notebook, resources


class SandboxExecute(_Step):
    """Run the student's cells in the sandbox and the test cells in this process."""

    notice = Unicode("", help="Written into every graded notebook.").tag(config=True)

    def preprocess(self, nb: Any, resources: Any) -> tuple[Any, Any]:
        key = (resources["nbgrader"]["assignment"], resources["nbgrader"]["student"])
        outcome = COMPUTED.get(key)
        if outcome is None:
            grader = self._grader(resources)
            rebuilt = rebuild(grader.master, [dict(cell) for cell in nb.cells])
            outcome = grader.grade(rebuilt)
        apply_outcome(nb, outcome)
        if not self.sandbox:
            nb.metadata["ntklab_outcome"]["sandbox"] = "off"
        return nb, resources


def close_graders() -> None:
    """End all sandboxes of this process."""
    for grader in _graders.values():
        grader.close()
    _graders.clear()


atexit.register(close_graders)
