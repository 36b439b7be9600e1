"""Temporary folders of this process that go when it goes, at the latest when another one looks.

Whoever is killed (kill -9) cannot tidy up. A lock on the folder, which the kernel drops with the process, tells the
next grader that nobody uses it any more; a process number would not, across containers that share /tmp.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows: nothing is locked there, and nothing swept
    fcntl = None  # type: ignore[assignment]


class OwnFolder:
    """A new folder that others may read, locked for as long as this process lives or until :meth:`remove`."""

    def __init__(self, prefix: str):
        sweep(prefix)
        self._lock: int | None = None
        while self._lock is None:  # again where a sweep came between the two
            self.path = Path(tempfile.mkdtemp(prefix=prefix))
            if fcntl is None:
                break
            with contextlib.suppress(FileNotFoundError):
                self._lock = lock(self.path)
        self.path.chmod(0o755)

    def remove(self) -> None:
        """Delete the folder and all in it."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def lock(folder: Path) -> int | None:
    """A descriptor that holds the only lock on ``folder``; None where another process holds it."""
    if fcntl is None:
        return None
    descriptor = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def sweep(prefix: str) -> None:
    """Remove this user's folders of that name whose owner is gone."""
    for folder in Path(tempfile.gettempdir()).glob(f"{prefix}*") if fcntl is not None else ():
        with contextlib.suppress(OSError):
            status = folder.lstat()
            if folder.is_symlink() or status.st_uid != os.getuid():
                continue
            held = lock(folder)
            if held is not None:
                shutil.rmtree(folder, ignore_errors=True)
                os.close(held)


__all__ = ["OwnFolder", "lock", "sweep"]
