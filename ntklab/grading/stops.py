"""What stops a run but can be mended from outside: a full disk, a locked gradebook, another grader, a lost cluster."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from concurrent.futures import BrokenExecutor
from pathlib import Path

from ntklab._executors import ClusterLost
from ntklab.grading import folders
from ntklab.grading.gradebook import Course, CourseError

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_GO_ON = "What is graded is kept: run the same command with --resume"


class GradingStopped(CourseError):
    """Grading cannot go on for now: the message names the remedy; what is graded is kept."""


@contextlib.contextmanager
def alone(course: Course) -> Iterator[None]:
    """No two graders write one course."""
    course.folder.mkdir(parents=True, exist_ok=True)
    held = folders.lock(course.folder)
    if held is None and folders.fcntl is not None:
        raise GradingStopped(f"another ntklab grade is at work in {course.folder}: wait until it is done")
    try:
        yield
    finally:
        if held is not None:
            os.close(held)


@contextlib.contextmanager
def stoppable(course: Course) -> Iterator[None]:
    """Turn what stops a run, but is mended from outside, into one line that names the remedy."""
    from nbgrader.api import InvalidEntry
    from sqlalchemy.exc import DBAPIError

    try:
        yield
    except OSError as error:
        if error.errno not in _FULL:
            raise
        where = Path(error.filename).parent if isinstance(error.filename, str) else course.folder
        raise GradingStopped(f"no space is left for {where} ({error.strerror}): free some. {_GO_ON}") from error
    except BrokenExecutor as error:
        said = "the processes that grade end as soon as they start (too little memory for so many? see --workers)"
        raise GradingStopped(f"{said}. {_GO_ON}") from error
    except ClusterLost as error:
        raise GradingStopped(f"the Dask scheduler went away: start it again. {_GO_ON}") from error
    except (DBAPIError, InvalidEntry, CourseError) as error:
        if isinstance(error, GradingStopped):
            raise
        said = " ".join(str(getattr(error, "orig", error)).split())[:300]
        if "locked" in said:
            remedy = "another program holds the gradebook: close it (the formgrader? a database browser?)"
        elif "is full" in said or "No space left" in said or "disk I/O" in said:
            remedy = f"no space is left for {course.folder}: free some"
        elif isinstance(error, CourseError):
            raise
        else:
            raise CourseError(f"the gradebook cannot be written: {said}. {_GO_ON} once that is mended") from error
        raise GradingStopped(f"{remedy}. {_GO_ON} [{said}]") from error


__all__ = ["GradingStopped", "alone", "stoppable"]
