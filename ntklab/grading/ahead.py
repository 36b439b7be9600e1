"""What every process that grades needs, imported once, in the server that they are forked from."""

from __future__ import annotations

import contextlib
import gc
import importlib

from ntklab._imports import without_address_grammar
from ntklab._processes import served
from ntklab.grading.preload import ALWAYS

served()
gc.disable()
without_address_grammar()
for _module in ("nbformat.v4", "ntklab.grading.grader", *ALWAYS):
    with contextlib.suppress(ImportError):  # whoever needs it says so
        importlib.import_module(_module)
gc.collect()
gc.freeze()  # else every collection looks through all of it again: a tenth of a second a submission
gc.enable()
