"""A lab's source ``.py`` becomes its student and solution notebooks, the same bytes every time.

::

    source = source_notebook("solutions/lab03-two-layer-ntk/lab03-two-layer-ntk.py")
    student = student_notebook(source)
    [exercise.name for exercise in exercises(source)]
"""

from __future__ import annotations

from ntklab.authoring.errors import AuthoringError
from ntklab.authoring.parts import Exercise, Written, exercises, written
from ntklab.authoring.release import student_notebook
from ntklab.authoring.source import notebook_bytes, read_notebook, role, source_notebook

__all__ = [
    "AuthoringError",
    "Exercise",
    "Written",
    "exercises",
    "notebook_bytes",
    "read_notebook",
    "role",
    "source_notebook",
    "student_notebook",
    "written",
]
