"""One small step and one giant leap in the space of outputs: gradient descent and Newton's method at infinite width."""

from __future__ import annotations

from ntklab import _check
from ntklab._check import Array
from ntklab.regression.prediction import predict
from ntklab.regression.solve import Cholesky


def small_step(Theta: Array, error_factor: Array, eta: float, newton_tensor: Array | None = None) -> Array:
    r"""Change of the outputs (or of any layer's preactivations) in one step of gradient descent at infinite width.

    .. math:: dz_{i;\delta} = -\eta \sum_{\alpha\beta} \Theta_{\delta\alpha}\, \kappa^{\alpha\beta}\, \epsilon_{i;\beta}

    PDLT (10.2), (10.3), and (10.20) with a Newton tensor κ. No neural index i mixes with another except through the
    error factor itself. Clock: one step of the sum loss (10.5), t = η·steps.

    Args:
        Theta: NTK of any inputs × the training inputs, (k, n).
        error_factor: ε, the derivative of the loss by the training outputs, (n,) or (n, c); :func:`error_factor`.
        eta: step size η > 0.
        newton_tensor: κ, (n, n), symmetric; None means the identity.

    Returns:
        The change of the outputs, (k,) or (k, c).

    Raises:
        ValueError: a shape does not fit, an entry is not finite, or η ≤ 0.

    >>> small_step([[2, 1], [1, 2]], [1, -1], eta=0.5)
    array([-0.5,  0.5])
    """
    (Theta, epsilon, kappa), leave = _check.enter(Theta=Theta, error_factor=error_factor, newton_tensor=newton_tensor)
    _check.matrix("Theta", Theta)
    _check.targets("error_factor", epsilon, Theta.shape[1], of="the columns of Theta")
    if kappa is not None:
        _check.kernel_matrix("newton_tensor", kappa)
        _check.matrix("newton_tensor", kappa, rows=len(epsilon), of="error_factor")
    eta = _check.positive("eta", eta)
    return leave(-eta * (Theta @ (epsilon if kappa is None else kappa @ epsilon)))


def newton_tensor(Theta_train: Array, eta: float = 1.0) -> Array:
    r"""The Newton tensor with which one step of size η trains an infinitely wide network fully.

    .. math:: \eta\, \kappa^{\alpha\beta} = \tilde\Theta^{\alpha\beta}, \qquad
        \sum_\beta \tilde\Theta^{\alpha\beta} \tilde\Theta_{\beta\gamma} = \delta^\alpha_\gamma

    PDLT (10.24)-(10.26): the *inverse* of the training block of the NTK, which the book writes with raised indices here
    and, by mistake, with lowered ones in (10.34), (10.35) and (10.39)-(10.41). To predict, use :func:`newton_step`: it
    solves, and never forms this inverse. Clock: none, one step ends the training.

    Args:
        Theta_train: NTK of the training inputs, (n, n), positive definite.
        eta: step size η > 0 that the tensor goes with.

    Returns:
        κ, (n, n), symmetric, in units of 1/(η Θ).

    Raises:
        ValueError: Θ is not square, symmetric and finite, or singular (the message names the rank), or η ≤ 0.

    >>> newton_tensor([[4.0]], eta=0.5)
    array([[0.5]])
    """
    (Theta,), leave = _check.enter(Theta_train=Theta_train)
    _check.kernel_matrix("Theta_train", Theta)
    eta = _check.positive("eta", eta)
    return leave(Cholesky(Theta, name="Theta_train").inverse() / eta)


def newton_step(Theta_train: Array, Theta_test: Array, y: Array, f0_train: Array, f0_test: Array) -> Array:
    r"""Outputs of a wide network after one giant leap, which trains it fully.

    .. math:: z_{\text{test}} = f_{0,\text{test}} - \Theta_\text{test} \Theta_\text{train}^{-1} (f_{0,\text{train}} - y)

    PDLT (10.28), and by algorithm independence (10.35) the end of every training that reaches f = y: gradient descent,
    SGD, the generalised squared error. On the training inputs (Theta_test = Theta_train) it gives y. Clock: none, one
    step ends the training.

    Args:
        Theta_train: NTK of the training inputs, (n, n), positive definite.
        Theta_test: NTK of test × training inputs, (m, n).
        y: targets, (n,) or (n, c).
        f0_train: outputs at the start at the training inputs, shaped like ``y``.
        f0_test: the same at the test inputs, (m,) or (m, c).

    Returns:
        Outputs at the test inputs, (m,) or (m, c).

    Raises:
        ValueError: as :func:`ntklab.regression.kernel_regression`.

    >>> newton_step([[4]], [[2]], [3], [1], [10])
    array([11.])
    """
    return predict(Theta_train, Theta_test, y, 0.0, f0_train, f0_test, names=("Theta_train", "Theta_test"))
