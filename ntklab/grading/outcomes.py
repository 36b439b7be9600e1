"""Computed outcomes on disk while a class is graded, so that a grader that is killed goes on where it was.

Each lies in a file named by everything it depends on (the job and the bytes handed in), written whole or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path

from ntklab.grading.work import Submission


class Saved:
    """The outcomes of one lab under ``folder``.

    Those of an interrupted run are read with ``resume`` only; without it the first new one replaces them all.
    """

    def __init__(self, folder: Path, key: str, resume: bool):
        self.folder, self.key, self.resume = folder, key, resume
        self._begun = resume

    def __len__(self) -> int:
        """How many an interrupted run has left."""
        return sum(1 for _ in self.folder.glob("*.json"))

    def _path(self, submission: Submission) -> Path:
        return self.folder / f"{hashlib.sha256(f'{self.key} {submission.digest()}'.encode()).hexdigest()}.json"

    def get(self, submission: Submission) -> str | None:
        """What was saved for these bytes under this job; None where nothing whole is there."""
        if not self.resume:
            return None
        try:
            checksum, _, text = self._path(submission).read_text(encoding="utf-8").partition("\n")
        except (OSError, UnicodeError):
            return None
        return text if checksum == _checksum(text) else None

    def put(self, submission: Submission, text: str) -> None:
        """Save an outcome, whole or not at all.

        Raises:
            OSError: the disk is full, for instance; nothing is left of the attempt.
        """
        if not self._begun:
            self.clear()
            self._begun = True
        self.folder.mkdir(parents=True, exist_ok=True)
        replace(self._path(submission), f"{_checksum(text)}\n{text}".encode())

    def clear(self) -> None:
        """Forget all: the class is graded, or graded anew."""
        shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.folder.parent.rmdir()


def _checksum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def replace(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Put ``data`` at ``path`` in one step: at no moment is there half a file."""
    descriptor, name = tempfile.mkstemp(prefix=".", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
        os.replace(name, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(name)
        raise


__all__ = ["Saved", "replace"]
