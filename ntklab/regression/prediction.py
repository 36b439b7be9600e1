"""Kernel regression: what a fully trained wide network predicts."""

from __future__ import annotations

from ntklab import _check
from ntklab._check import Array
from ntklab.regression import inputs
from ntklab.regression.solve import Cholesky


def kernel_regression(
    K_train: Array,
    K_test: Array,
    y: Array,
    ridge: float = 0.0,
    f0_train: Array | None = None,
    f0_test: Array | None = None,
) -> Array:
    r"""Prediction of kernel regression, or of one fully trained wide network if its initial outputs are given.

    .. math:: f = f_{0,\text{test}} + K_\text{test} (K_\text{train} + \delta I)^{-1} (y - f_{0,\text{train}})

    PDLT (10.28), (10.39); (10.131) without f0; the ensemble's mean (10.40) is the case K = Θ, f0 = 0. The book prints
    the inverse with lower indices there: it is the inverse of the *training* block, as in (10.25)-(10.26).

    Args:
        K_train: kernel of the training inputs, (n, n), symmetric.
        K_test: kernel of test × training inputs, (m, n).
        y: targets, (n,) or (n, c); each column depends on its own targets only (no wiring).
        ridge: δ ≥ 0, absolute (not multiplied by n); for the loss ½ Σ (f − y)² + a Σ w² it is 2a.
        f0_train: outputs before training at the training inputs, shaped like ``y``.
        f0_test: the same at the test inputs, (m,) or (m, c). Give both or neither.

    Returns:
        Predictions, (m,) or (m, c), in the units of ``y``.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, K_train is not symmetric, the ridge is negative, or
            K_train + δI is singular (the message names the rank).

    Two training points with kernel 2 and 1 between them, so that α = (2·y₁ − y₂, 2·y₂ − y₁)/3 = (1, −1):

    >>> kernel_regression([[2, 1], [1, 2]], [[1, 0], [0, 3]], [1, -1])
    array([ 1., -3.])
    """
    return predict(K_train, K_test, y, ridge, f0_train, f0_test)


def predict(
    K_train: Array,
    K_test: Array,
    y: Array,
    ridge: float,
    f0_train: Array | None,
    f0_test: Array | None,
    names: tuple[str, str] = ("K_train", "K_test"),
) -> Array:
    """:func:`kernel_regression`, with the names under which the caller knows the two kernels."""
    train, test = names
    (K, k, y, f0_train, f0_test), leave = _check.enter(
        **{train: K_train, test: K_test}, y=y, f0_train=f0_train, f0_test=f0_test
    )
    ridge = _check.nonnegative("ridge", ridge)
    inputs.problem(K, k, y, train=train, test=test)
    inputs.initial_outputs(f0_train, f0_test, y, len(k))
    learned = k @ Cholesky(K, ridge, name=train).solve(y if f0_train is None else y - f0_train)
    return leave(learned if f0_test is None else f0_test + learned)
