"""Generalisation bounds for kernel regression: Rademacher complexity, yᵀH⁻¹y/n, and the data-dependent union bound.

H is the kernel matrix of the training inputs and y the targets minus the outputs at the start, ±1 for classes; then
√(yᵀH⁻¹y) is the distance that training moves the weights. A bound above 1 says nothing.
"""

from __future__ import annotations

from ntklab.bounds.complexity import complexity_measure, corrupted_complexity, growth_exponent, solution_norm
from ntklab.bounds.generalization import (
    GeneralizationBound,
    generalization_bound,
    union_bound,
    union_bound_radius,
)
from ntklab.bounds.rademacher import rademacher_bound, rademacher_complexity

__all__ = [
    "GeneralizationBound",
    "complexity_measure",
    "corrupted_complexity",
    "generalization_bound",
    "growth_exponent",
    "rademacher_bound",
    "rademacher_complexity",
    "solution_norm",
    "union_bound",
    "union_bound_radius",
]
