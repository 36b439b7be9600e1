"""One submission in a worker process, here or on a cluster: bytes in, the graded notebook and its outcome out.

Only what a worker needs travels: no file of the course has to be visible to it. Each process keeps one warm grader.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ntklab._imports import without_address_grammar
from ntklab._processes import given, on_end
from ntklab.grading.bubblewrap import bubblewrap_command
from ntklab.grading.limits import Limits
from ntklab.grading.preload import ALWAYS

if TYPE_CHECKING:
    from ntklab.grading.grader import Grader
    from ntklab.grading.results import Outcome


@dataclass(frozen=True)
class Job:
    """All that decides how a submission of one lab is graded."""

    lab: str
    master: str  # the notebook that submissions are rebuilt on, as JSON
    secret: bytes = field(repr=False)
    limits: Limits = field(default_factory=Limits)
    fenced: bool = True
    figures: bool = False
    preload: tuple[str, ...] = ALWAYS  # only how soon the sandbox is warm; no part of the key
    library: str = ""  # the sandbox's copy of the library, where workers see this machine's files; no part of the key

    def key(self) -> str:
        """Names this job: equal keys grade equal bytes alike."""
        parts = [self.lab, self.master, self.secret.hex(), asdict(self.limits), self.fenced, self.figures, _library()]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def _library() -> str:
    """A checksum of this package's code."""
    import ntklab

    home, digest = Path(ntklab.__file__).resolve().parent, hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        digest.update(f"{path.relative_to(home)}\0".encode() + path.read_bytes())
    return digest.hexdigest()


@dataclass(frozen=True)
class Submission:
    """The bytes a student handed in; or, where there are none to grade, the reason."""

    name: str
    data: bytes | None = None
    problem: str = ""
    status: str = "unreadable"

    def digest(self) -> str:
        """Names what was handed in."""
        parts = [self.name, self.problem, self.status]
        return hashlib.sha256(json.dumps(parts).encode() + b"\0" + (self.data or b"")).hexdigest()


@dataclass(frozen=True)
class Graded:
    """A rebuilt notebook, its outcome, and what the instructor should know about the tests themselves."""

    notebook: Any
    outcome: Outcome
    log: list[str]

    @classmethod
    def parse(cls, text: str) -> Graded:
        import nbformat

        from ntklab.grading.results import Outcome

        data = json.loads(text)
        return cls(nbformat.from_dict(data["notebook"]), Outcome.parse(data["outcome"]), data["log"])


_grader: tuple[str, Grader] | None = None
_one_at_a_time = threading.Lock()  # a cluster's worker may have threads; test cells capture what the process prints
_log: list[str] = []


def grade_one(job: Job, key: str, submission: Submission) -> str:
    """Grade one submission; the text that :meth:`Graded.parse` reads.

    Raises:
        SandboxUnavailable: this machine cannot fence student code in.
    """
    with _one_at_a_time:
        grader = _warm(job, key)
        _log.clear()
        if submission.data is None:
            rebuilt, outcome = grader.refuse(submission.problem, submission.status)
        else:
            rebuilt, outcome = grader.grade_bytes(submission.data, submission.name)
        return json.dumps({"notebook": rebuilt.notebook, "outcome": outcome.dump(), "log": _log})


def _warm(job: Job, key: str) -> Grader:
    """This process's grader for the job; one at a time."""
    global _grader
    key = f"{os.getpid()} {key}"
    if _grader is None or _grader[0] != key:
        close()
        without_address_grammar()
        import nbformat

        from ntklab.grading.grader import Grader

        master = nbformat.reads(job.master, as_version=4)
        _grader = key, Grader(
            job.lab, master, job.secret, limits=job.limits, fenced=job.fenced, figures=job.figures, is_master=True,
            preload=job.preload, library=job.library, lane=given(), log=_log.append,
        )  # fmt: skip
        on_end(close)
    return _grader[1]


def close() -> None:
    """End this process's grader, its sandbox and its copy of the library."""
    global _grader
    if _grader is not None:
        _grader[1].close()
        _grader = None


def check(job: Job) -> None:
    """See at once, without starting anything, whether this machine can grade.

    Raises:
        SandboxUnavailable: it has no sandbox.
    """
    if job.fenced:
        bubblewrap_command(Path("/"), job.limits)


__all__ = ["Graded", "Job", "Submission", "check", "close", "grade_one"]
