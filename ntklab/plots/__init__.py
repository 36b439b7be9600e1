"""Arrays in, Figure out: one style for every figure, readable in print and in grey.

Theory is drawn as lines, kernels as triangles, networks as dots; what error bars are is said in the caption.
``draw("fig1", data)`` draws what ``ntklab.experiments.run("fig1")`` returned.
"""

from __future__ import annotations

from ntklab.plots.drawing import draw, save
from ntklab.plots.finite_width import finite_width
from ntklab.plots.style import styled

__all__ = ["draw", "finite_width", "save", "styled"]
