"""Shared fixtures: an invented lab, its notebooks, and one warm grader for all tests of grading."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import grading_lab
import pytest

# Answers, right, wrong and hostile: run in a sandbox only, never imported, whatever --doctest-modules would like.
collect_ignore = ["submissions"]


@dataclass(frozen=True)
class InventedLab:
    """The lab of ``grading_lab`` under a root of its own."""

    root: Path
    source: Any  # nbgrader's source notebook: solutions and all tests
    student: Any  # what students get

    @property
    def solved(self) -> Any:
        """A submission that is all right: the source notebook itself."""
        return self.source


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> InventedLab:
    """The invented lab, built."""
    from ntklab.authoring import source_notebook, student_notebook

    root = tmp_path_factory.mktemp("invented")
    source = source_notebook(grading_lab.write(root))
    return InventedLab(root, source, student_notebook(source))


@pytest.fixture(scope="module")
def light_sandbox() -> Any:
    """Grading in this process, in a sandbox without torch that starts in a third of a second."""
    from ntklab import _processes
    from ntklab.grading.sandbox import Sandbox

    start = Sandbox.start

    def light(self: Sandbox) -> None:
        self.preload = ("numpy", "ntklab.lab")
        start(self)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sandbox, "start", light)
        patch.setattr(_processes, "cores", lambda: 0)
        yield


@pytest.fixture(scope="session")
def grader(invented: InventedLab) -> Any:
    """A warm grader of the invented lab; tests share it, so what one submission leaves behind shows in another."""
    from ntklab.grading.grader import Grader
    from ntklab.grading.sandbox import SandboxUnavailable

    with Grader(grading_lab.NAME, invented.source, grading_lab.SECRET, limits=grading_lab.LIMITS) as warm:
        warm.sandbox.preload = ("numpy", "ntklab.lab")  # no torch: the start takes a third of a second
        try:
            warm.sandbox.start()
        except SandboxUnavailable as problem:
            pytest.skip(f"no sandbox on this machine: {problem}")
        yield warm


@pytest.fixture
def grade(grader: Any, invented: InventedLab) -> Any:
    """Grade the right notebook with some answers replaced: ``grade(doubled="def doubled(x): ...")``."""
    from ntklab.grading.rebuild import rebuild

    def run(notebook: Any = None, **answers: str) -> Any:
        submission = grading_lab.with_answers(invented.solved if notebook is None else notebook, **answers)
        return grader.grade(rebuild(grader.master, [dict(cell) for cell in submission.cells]))

    return run
