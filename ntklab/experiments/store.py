"""Finished units on disk: written whole or not at all, and never believed without their checksum."""

from __future__ import annotations

import hashlib
import io
import os
import re
import tempfile
from pathlib import Path

import numpy as np

from ntklab.experiments.record import Arrays, Unit


class Damaged(Exception):
    """A file that is not what was saved."""


class Store:
    """A folder of saved results, one file a unit: a line with key and checksum, then an npz archive without pickles."""

    def __init__(self, folder: Path, device: str) -> None:
        self.folder, self.device = folder, device
        folder.mkdir(parents=True, exist_ok=True)

    def path(self, unit: Unit) -> Path:
        """Where the unit's result lies."""
        return self.folder / (re.sub(r"[^\w.=,+-]+", "_", unit.name) + ".unit")

    def save(self, unit: Unit, arrays: Arrays) -> None:
        """Write beside, then rename: a kill at any time leaves the old file or the new one."""
        archive = io.BytesIO()
        np.savez(archive, **{name: np.asarray(array) for name, array in arrays.items()})  # type: ignore[arg-type]
        body = archive.getvalue()
        head = f"{unit.key(self.device)} {hashlib.sha256(body).hexdigest()}\n".encode()
        handle, beside = tempfile.mkstemp(dir=self.folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(head + body)
                file.flush()
                os.fsync(file.fileno())
            os.replace(beside, self.path(unit))
        except BaseException:
            Path(beside).unlink(missing_ok=True)
            raise

    def load(self, unit: Unit) -> Arrays | None:
        """The saved result; None where there is none, or one of other settings.

        Raises:
            Damaged: the file is not what was saved.
        """
        try:
            content = self.path(unit).read_bytes()
        except FileNotFoundError:
            return None
        head, _, body = content.partition(b"\n")
        key, _, checksum = head.decode("ascii", "replace").partition(" ")
        if not re.fullmatch(r"[0-9a-f]{64}", key) or hashlib.sha256(body).hexdigest() != checksum:
            raise Damaged(self.path(unit).name)
        if key != unit.key(self.device):
            return None
        with np.load(io.BytesIO(body), allow_pickle=False) as archive:
            return dict(archive)

    def forget(self) -> None:
        """Remove what was saved before, and what a kill left half written."""
        for path in [*self.folder.glob("*.unit"), *self.folder.glob("*.part")]:
            path.unlink(missing_ok=True)
