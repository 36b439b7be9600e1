"""The student notebook: nbgrader's own steps of ``generate_assignment``, called directly.

No gradebook and no course folder are needed; a test holds the result against what the command writes.
"""

from __future__ import annotations

import copy
import logging
from typing import Any

from ntklab.authoring.errors import AuthoringError


def student_notebook(source: Any) -> Any:
    """The notebook that students get: stubs for solutions, no hidden tests, no mark schemes, cells locked.

    The steps and their order are those of nbgrader's ``GenerateAssignment``, less the three that have nothing to do
    here (header and footer, AUTOTEST lines, saving to a gradebook).
    """
    from nbgrader import preprocessors

    steps = [
        preprocessors.LockCells,
        preprocessors.ClearSolutions,
        preprocessors.ClearOutput,
        preprocessors.CheckCellMetadata,
        preprocessors.ComputeChecksums,
        preprocessors.ClearHiddenTests,
        preprocessors.ClearMarkScheme,
        preprocessors.ComputeChecksums,
        preprocessors.CheckCellMetadata,
    ]
    notebook = copy.deepcopy(source)
    resources: dict[str, Any] = {}
    silent = logging.getLogger("ntklab.authoring")
    silent.addHandler(logging.NullHandler())
    silent.propagate = False
    for step in steps:
        try:
            notebook, resources = step(log=silent).preprocess(notebook, resources)
        except Exception as error:  # nbgrader raises RuntimeError, ValidationError and others
            raise AuthoringError(f"nbgrader's {step.__name__} refuses the notebook: {error}") from error
    return notebook
