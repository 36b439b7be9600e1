"""Kernel regression: matrices in, predictions out; it knows no networks (only the scikit-learn estimator does)."""

from __future__ import annotations

from ntklab.regression.ensemble import bayesian_posterior, posterior
from ntklab.regression.estimator import KernelRegressor
from ntklab.regression.generalization import bias_variance, expected_loss
from ntklab.regression.linear import linear_regression
from ntklab.regression.prediction import kernel_regression
from ntklab.regression.streaming import StreamedRegression, fit_streaming

__all__ = [
    "KernelRegressor",
    "StreamedRegression",
    "bayesian_posterior",
    "bias_variance",
    "expected_loss",
    "fit_streaming",
    "kernel_regression",
    "linear_regression",
    "posterior",
]
