"""How kernels change with depth: susceptibilities, criticality, depth recursions, exponents, and what they predict.

Layers count as in PDLT: layer 1 is the first weight layer, L the last, so that ``MLP(hidden_layers)`` has
L = hidden_layers + 1. x_+ and x_- are two inputs, x_0 their midpoint; the parts of a kernel over the pair are [1], odd
in + and -, and [0] and [2], even.
"""

from ntklab.depth.angles import angle_recursion, deep_linear_cos_zeta
from ntklab.depth.asymptotics import asymptotic_components, fit_exponent
from ntklab.depth.averages import GaussianAverage
from ntklab.depth.criticality import (
    OriginExpansion,
    critical_point,
    half_stable_point,
    origin_expansion,
    scale_invariant_constants,
    susceptibilities,
    universality_class,
)
from ntklab.depth.recursion import depth_recursion, equivalence_learning_rates, input_components
from ntklab.depth.robustness import (
    expanded_robustness_and_variance,
    gamma_components,
    robustness_and_variance,
)

__all__ = [
    "GaussianAverage",
    "OriginExpansion",
    "angle_recursion",
    "asymptotic_components",
    "critical_point",
    "deep_linear_cos_zeta",
    "depth_recursion",
    "equivalence_learning_rates",
    "expanded_robustness_and_variance",
    "fit_exponent",
    "gamma_components",
    "half_stable_point",
    "input_components",
    "origin_expansion",
    "robustness_and_variance",
    "scale_invariant_constants",
    "susceptibilities",
    "universality_class",
]
