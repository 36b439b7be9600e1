"""Kernel regression: matrices in, predictions out; it knows no networks (only the scikit-learn estimator does)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ntklab.regression.ensemble import bayesian_posterior, posterior
from ntklab.regression.generalization import bias_variance, expected_loss
from ntklab.regression.linear import linear_regression
from ntklab.regression.prediction import kernel_regression
from ntklab.regression.streaming import StreamedRegression, fit_streaming

if TYPE_CHECKING:
    from ntklab.regression.estimator import KernelRegressor

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


def __getattr__(name: str) -> Any:
    if name == "KernelRegressor":  # scikit-learn takes a second to import, and the matrix functions do without it
        from ntklab.regression.estimator import KernelRegressor

        return KernelRegressor
    raise AttributeError(f"module 'ntklab.regression' has no attribute {name!r}")
