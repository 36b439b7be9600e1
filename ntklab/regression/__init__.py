"""Kernel regression: matrices in, predictions out; it knows no networks (only the scikit-learn estimator does)."""

from __future__ import annotations

from ntklab.regression.prediction import kernel_regression

__all__ = ["kernel_regression"]
