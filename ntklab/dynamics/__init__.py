"""Training of linear models and of infinitely wide networks: discrete steps, gradient flow, and where both end.

Two losses, two clocks. Functions of features Φ use the mean loss 1/(2n) Σ (h − y)², functions of kernels Θ the sum loss
½ Σ (f − y)²; every docstring says which, and what its time t means.
"""

from __future__ import annotations

from ntklab.dynamics.descent import gd_limit, gradient_descent, sgd
from ntklab.dynamics.flow import posterior_at_time, predict_at_time
from ntklab.dynamics.leap import newton_step, newton_tensor, small_step
from ntklab.dynamics.losses import cross_entropy_limit, error_factor, soft_labels, softmax, training_loss
from ntklab.dynamics.modes import max_stable_step, residual_after
from ntklab.dynamics.outputs import train_outputs
from ntklab.dynamics.report import GDLimitReport, verify_gd_limit

__all__ = [
    "GDLimitReport",
    "cross_entropy_limit",
    "error_factor",
    "gd_limit",
    "gradient_descent",
    "max_stable_step",
    "newton_step",
    "newton_tensor",
    "posterior_at_time",
    "predict_at_time",
    "residual_after",
    "sgd",
    "small_step",
    "soft_labels",
    "softmax",
    "train_outputs",
    "training_loss",
    "verify_gd_limit",
]
