r"""Two training inputs, a test input on the line through them: what a trained network draws there (PDLT 10.3.2).

The inputs are x_+ and x_-, the test input is s x_+ + (1 - s) x_- for any real s: interpolation inside [0, 1],
extrapolation outside, *-polation for both. x_0 is the midpoint, and an input is also written
x_eps = x_0 + (eps/2)(x_+ - x_-), so that s is eps = 2s - 1.

Everything is computed in float64 on the CPU, since the second differences of a kernel that matter here lose half the
digits, and comes back in the kind, device and dtype of the inputs.
"""

from ntklab.interpolation.checks import check_coefficient, variance_by_delta
from ntklab.interpolation.exact import linear_star_polation, star_polate, star_polation_variance
from ntklab.interpolation.expansion import curvature_prediction, delta_components, delta_expansion

__all__ = [
    "check_coefficient",
    "curvature_prediction",
    "delta_components",
    "delta_expansion",
    "linear_star_polation",
    "star_polate",
    "star_polation_variance",
    "variance_by_delta",
]
