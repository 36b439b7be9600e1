"""Activations, and what two jointly normal preactivations make of them: E[σ(u)σ(v)] and E[σ′(u)σ′(v)].

Read ``activations`` first, then ``closed_forms`` and ``scale_invariant``; ``quadrature`` is the reference for all
others, and ``expectations`` chooses.
"""

from ntklab.gaussian.activations import Activation, activation
from ntklab.gaussian.expectations import gaussian_expectations

__all__ = ["Activation", "activation", "gaussian_expectations"]
