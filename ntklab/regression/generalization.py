"""Test loss of the ensemble of trained networks: bias, variance, and any loss to second order."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch.func import jacrev

from ntklab import _check
from ntklab._check import Array
from ntklab.regression import inputs

Loss = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]


def bias_variance(mean: Array, covariance: Array, y: Array) -> tuple[float, float]:
    r"""The two parts of the ensemble's mean test loss ½ Σ (z − y)².

    .. math:: \text{bias} = \tfrac12 \sum_{i\beta} (m_{i\beta} - y_{i\beta})^2, \qquad
        \text{variance} = \tfrac{c}{2} \sum_\beta \mathrm{Cov}_{\beta\beta}

    PDLT (10.52). Both are sums over the m test points and the c outputs and carry the ½ of the loss (10.5); footnote 27
    of the book forgets it.

    Args:
        mean: the ensemble's mean prediction, (m,) or (m, c).
        covariance: covariance of one output, (m, m), or its diagonal, (m,).
        y: true outputs, shaped like ``mean``.

    Returns:
        Bias and variance, each ≥ 0, in units of y².

    Raises:
        ValueError: a shape does not fit or an entry is not finite.

    >>> bias_variance([1.0, 2.0], [[0.5, 0.1], [0.1, 0.3]], [0.0, 2.0])
    (0.5, 0.4)
    """
    (mean, covariance, y), _ = _check.enter(mean=mean, covariance=covariance, y=y)
    covariance = _moments(mean, covariance, y)
    variance = covariance if covariance.ndim == 1 else covariance.diagonal()
    return float(((mean - y) ** 2).sum()) / 2, n_out(mean) * float(variance.sum()) / 2


def expected_loss(loss: str | Loss, mean: Array, covariance: Array, y: Array) -> float:
    r"""The ensemble's mean test loss to second order in its spread, for any loss.

    .. math:: \mathbb{E}[\mathcal{L}] \approx \mathcal{L}(m) + \tfrac12 \sum_{i, \beta_1, \beta_2}
        \frac{\partial^2 \mathcal{L}}{\partial z_{i\beta_1} \partial z_{i\beta_2}}\Big|_m \mathrm{Cov}_{\beta_1\beta_2}

    PDLT (10.55) with the Kronecker delta of (10.41) in the outputs i. Exact for the squared error, where the two terms
    are those of :func:`bias_variance`.

    Args:
        loss: ``"mse"``, ½ Σ (z − y)², (10.5); ``"cross_entropy"``, −Σ y log softmax(z), (10.36), with ``y`` the target
            distributions; or a function of tensors (z, y) shaped like ``mean`` that returns a scalar tensor.
        mean: the ensemble's mean prediction, (m,) or (m, c).
        covariance: covariance of one output, (m, m); or its diagonal, (m,), for a loss that is a sum over test points.
        y: true outputs, shaped like ``mean``.

    Returns:
        The loss, summed over the test points as the loss itself is.

    Raises:
        ValueError: an unknown loss, a shape that does not fit, or an entry that is not finite.

    >>> expected_loss("mse", [1.0, 2.0], [0.5, 0.3], [0.0, 2.0])
    0.9
    """
    (mean, covariance, y), _ = _check.enter(mean=mean, covariance=covariance, y=y)
    covariance = _moments(mean, covariance, y)
    additive = covariance.ndim == 1  # over test points: one small Hessian each
    if not callable(loss):
        additive, loss = True, _LOSSES[_check.choice("loss", loss, _LOSSES)]
        if loss is _cross_entropy and mean.ndim == 1:
            raise ValueError("mean must have shape (m, c), one column per class, for the cross-entropy; got (m,)")
    # One batch entry per test point, or a single one that holds them all.
    z, target = (mean[:, None], y[:, None]) if additive else (mean[None], y[None])
    hessian = torch.vmap(jacrev(jacrev(loss)))(z, target)  # func.hessian's forward mode loads deprecated TorchScript
    if additive:
        variance = covariance if covariance.ndim == 1 else covariance.diagonal()
        blocks = hessian.reshape(len(mean), n_out(mean), n_out(mean))
        curvature = variance @ blocks.diagonal(dim1=1, dim2=2).sum(dim=1)
    else:
        blocks = hessian.reshape(len(mean), n_out(mean), len(mean), n_out(mean))
        curvature = torch.einsum("aibi,ab->", blocks, covariance)
    return float(loss(mean, y) + curvature / 2)


def n_out(outputs: torch.Tensor) -> int:
    """Number of outputs c of an array (m,) or (m, c)."""
    return 1 if outputs.ndim == 1 else outputs.shape[1]


def _squared_error(z: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return ((z - y) ** 2).sum() / 2


def _cross_entropy(z: torch.Tensor, p: torch.Tensor) -> torch.Tensor:
    return -(p * torch.log_softmax(z, dim=1)).sum()


_LOSSES: dict[str, Loss] = {"mse": _squared_error, "cross_entropy": _cross_entropy}


def _moments(mean: torch.Tensor, covariance: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    _check.targets("mean", mean, len(mean))
    inputs.outputs("y", y, tuple(mean.shape), like="mean")
    if covariance.ndim == 1:
        _check.vector("covariance", covariance, length=len(mean), of="mean")
    else:
        _check.kernel_matrix("covariance", covariance)
        _check.matrix("covariance", covariance, rows=len(mean), of="mean")
    return covariance
