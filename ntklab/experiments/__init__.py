"""What each figure is drawn from: settings in, named arrays out. Nothing here draws (see ``plots``).

``run("fig1")`` computes a figure's data; one module per figure says what its settings, units of work and promises are.
"""

from __future__ import annotations

from ntklab.experiments.finite_width import finite_width
from ntklab.experiments.record import SIZES, Check, Experiment, Unit
from ntklab.experiments.runner import FIGURES, OutOfMemory, Progress, experiment, run

__all__ = [
    "FIGURES",
    "SIZES",
    "Check",
    "Experiment",
    "OutOfMemory",
    "Progress",
    "Unit",
    "experiment",
    "finite_width",
    "run",
]
