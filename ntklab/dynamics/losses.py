"""Losses as sums over samples, their error factors, and where cross-entropy training ends."""

from __future__ import annotations

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.regression import inputs
from ntklab.regression.prediction import predict

_LOSSES = ("mse", "cross_entropy")


def softmax(z: Array) -> Array:
    r"""Class probabilities of logits.

    .. math:: q_i = e^{z_i} / \sum_j e^{z_j}

    PDLT (10.37), (10.38).

    Args:
        z: logits, (n, c).

    Returns:
        Probabilities, (n, c), rows summing to 1.

    Raises:
        ValueError: z is not (n, c) or not finite.

    >>> import numpy as np
    >>> softmax([[0.0, np.log(3)]]).round(12)
    array([[0.25, 0.75]])
    """
    (z,), leave = _check.enter(z=z)
    _check.matrix("z", z)
    return leave(torch.softmax(z, dim=1))


def soft_labels(labels: Array, n_classes: int, smoothing: float) -> Array:
    r"""Target distributions of smoothed class labels.

    .. math:: p_{i^*} = 1 - \epsilon, \qquad p_{i \ne i^*} = \frac{\epsilon}{c - 1}

    PDLT footnote 18 (some libraries spread ε over all c classes, the right one too). At ε = 0 the labels are one-hot
    and the cross-entropy has no finite minimum.

    Args:
        labels: class numbers 0 … c − 1, (n,).
        n_classes: c ≥ 2.
        smoothing: ε in [0, 1).

    Returns:
        Probabilities, (n, c), float64.

    Raises:
        ValueError: a label is not a class number, or ε is outside [0, 1).

    >>> soft_labels([1, 0], 3, smoothing=0.2)
    array([[0.1, 0.8, 0.1],
           [0.8, 0.1, 0.1]])
    """
    (labels,), leave = _check.enter(labels=labels)
    _check.vector("labels", labels)
    c = _check.integer("n_classes", n_classes, 2)
    smoothing = _check.nonnegative("smoothing", smoothing)
    if smoothing >= 1:
        raise ValueError(f"smoothing must be below 1; got {smoothing:g}")
    index = labels.long()
    if not bool(((index == labels) & (index >= 0) & (index < c)).all()):
        raise ValueError(f"labels must be whole numbers from 0 to {c - 1}")
    p = labels.new_full((len(labels), c), smoothing / (c - 1))
    return leave(p.scatter_(1, index[:, None], 1 - smoothing))


def training_loss(z: Array, y: Array, loss: str = "mse", metric: Array | None = None) -> float:
    r"""A training loss, summed over samples and outputs.

    .. math:: \mathcal{L} = \tfrac12 \sum_{i\alpha\beta} \kappa^{\alpha\beta} (z_{i\alpha} - y_{i\alpha})
        (z_{i\beta} - y_{i\beta}) \qquad\text{or}\qquad \mathcal{L} = -\sum_{i\alpha} y_{i\alpha} \log q_{i\alpha}

    PDLT (10.5), (10.22) with a metric κ, and (10.36) with q the softmax of z and y the target distributions. Clock:
    these sums go with t = η·steps. A sum grows with the samples: compare losses of two data sets per sample, (10.50).

    Args:
        z: outputs, (n,) or (n, c); for the cross-entropy (n, c).
        y: targets, shaped like ``z``; for the cross-entropy distributions, entries ≥ 0.
        loss: ``"mse"`` or ``"cross_entropy"``.
        metric: κ of the generalised squared error, (n, n), symmetric; None means the identity.

    Returns:
        The loss.

    Raises:
        ValueError: an unknown loss, a metric with the cross-entropy, a negative probability, or a shape that does not
            fit.

    >>> training_loss([1.0, 2.0], [0.0, 0.0])
    2.5
    """
    (z, y, metric), _ = _check.enter(z=z, y=y, metric=metric)
    check_loss(z, y, loss, metric)
    return float(value(z, y, loss, metric))


def error_factor(z: Array, y: Array, loss: str = "mse", metric: Array | None = None) -> Array:
    r"""Derivative of a training loss by the outputs, which drives every step.

    .. math:: \epsilon = z - y \quad (10.5), \qquad \epsilon = \kappa (z - y) \quad (10.23), \qquad
        \epsilon_i = \Big(\sum_j p_j\Big) q_i - p_i \quad (10.7)

    PDLT (10.4). Under the squared error each output i is driven by itself alone. Under the cross-entropy it is not,
    against footnote 2 of the book: q_i holds every output of the sample through the softmax's denominator. Clock: of
    the sum losses of :func:`training_loss`, t = η·steps.

    Args:
        z: outputs, (n,) or (n, c); for the cross-entropy (n, c).
        y: targets, shaped like ``z``; for the cross-entropy distributions p, entries ≥ 0.
        loss: ``"mse"`` or ``"cross_entropy"``.
        metric: κ of the generalised squared error, (n, n), symmetric; None means the identity.

    Returns:
        The error factor, shaped like ``z``.

    Raises:
        ValueError: as :func:`training_loss`.

    >>> error_factor([[0.0, 0.0]], [[1.0, 0.0]], "cross_entropy")
    array([[-0.5,  0.5]])
    """
    (z, y, metric), leave = _check.enter(z=z, y=y, metric=metric)
    check_loss(z, y, loss, metric)
    return leave(derivative(z, y, loss, metric))


def value(z: torch.Tensor, y: torch.Tensor, loss: str, metric: torch.Tensor | None) -> torch.Tensor:
    """:func:`training_loss` on checked tensors."""
    if loss == "cross_entropy":
        return -(y * torch.log_softmax(z, dim=1)).sum()
    return ((z - y) * derivative(z, y, loss, metric)).sum() / 2


def derivative(z: torch.Tensor, y: torch.Tensor, loss: str, metric: torch.Tensor | None) -> torch.Tensor:
    """:func:`error_factor` on checked tensors."""
    if loss == "cross_entropy":
        return y.sum(dim=1, keepdim=True) * torch.softmax(z, dim=1) - y
    return z - y if metric is None else metric @ (z - y)


def cross_entropy_limit(Theta_train: Array, Theta_test: Array, p: Array, f0_train: Array, f0_test: Array) -> Array:
    r"""Outputs of a wide network trained to the end on the cross-entropy with soft labels.

    .. math:: z_\text{test} = f_{0,\text{test}} + \Theta_\text{test} \Theta_\text{train}^{-1}
        (\tilde y - f_{0,\text{train}}), \qquad \tilde y_i = \log p_i + \operatorname{mean}_j (f_{0,j} - \log p_j)

    PDLT (10.35) with (10.36)-(10.38). The error factor q − p sums to 0 over the outputs, so Σ_i z_i never moves, at any
    input: the final logits are not y = log p but y shifted to the starting mean. Only their softmax is p, whatever
    the shift. One-hot labels have their minimum at infinity and no limit. Clock: none, this is t → ∞.

    Args:
        Theta_train: NTK of the training inputs, (n, n), positive definite.
        Theta_test: NTK of test × training inputs, (m, n).
        p: target distributions, (n, c), entries > 0, rows summing to 1.
        f0_train: outputs at the start at the training inputs, (n, c).
        f0_test: the same at the test inputs, (m, c).

    Returns:
        Logits at the test inputs, (m, c).

    Raises:
        ValueError: a probability is 0 (one-hot), the rows of p do not sum to 1, or as
            :func:`ntklab.regression.kernel_regression`.

    >>> cross_entropy_limit([[1]], [[1]], [[0.5, 0.5]], [[3, 1]], [[3, 1]])
    array([[2., 2.]])
    """
    (Theta, Theta_s, p, f0_train, f0_test), leave = _check.enter(
        Theta_train=Theta_train, Theta_test=Theta_test, p=p, f0_train=f0_train, f0_test=f0_test
    )
    _check.matrix("p", p)
    if float(p.min()) <= 0:
        raise ValueError(
            f"p must be greater than 0 everywhere; got {float(p.min()):g}. The cross-entropy of one-hot labels has no "
            "finite minimum: smooth them with soft_labels, or stop early with train_outputs"
        )
    off = float((p.sum(dim=1) - 1).abs().max())
    if off > 1e-6:
        raise ValueError(f"p must hold distributions; its rows sum to 1 only within {off:.2g}. Divide each by its sum")
    inputs.outputs("f0_train", f0_train, tuple(p.shape), like="p")
    y = p.log()
    y = y + (f0_train - y).mean(dim=1, keepdim=True)
    return leave(predict(Theta, Theta_s, y, 0.0, f0_train, f0_test, names=("Theta_train", "Theta_test")))


def check_loss(z: torch.Tensor, y: torch.Tensor, loss: str, metric: torch.Tensor | None) -> None:
    """Outputs and targets of one shape; distributions for the cross-entropy; a metric for the squared error only."""
    _check.choice("loss", loss, _LOSSES)
    _check.targets("z", z, len(z) if z.ndim else 0)
    inputs.outputs("y", y, tuple(z.shape), like="z")
    if loss == "cross_entropy":
        if y.ndim != 2:
            raise ValueError(
                f"y must have shape (n, c), one column per class, for the cross-entropy; got {tuple(y.shape)}"
            )
        if float(y.min()) < 0:
            raise ValueError(f"y must hold probabilities for the cross-entropy; got {float(y.min()):g}")
        if metric is not None:
            raise ValueError("metric belongs to the squared error; give it with loss='mse' only")
    elif metric is not None:
        _check.kernel_matrix("metric", metric)
        _check.matrix("metric", metric, rows=len(z), of="z")
