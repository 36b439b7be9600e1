"""Discrete gradient descent mode by mode: each eigenvector of H decays on its own."""

from __future__ import annotations

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.regression.solve import eigh


def max_stable_step(H: Array, n: float) -> float:
    r"""The largest stable step of gradient descent.

    .. math:: \eta_{\max} = \frac{2 n}{\lambda_{\max}(H)}

    The condition missing in Hadiji, class 5 slides, "Limit of GD": at a step η every mode of the residual is multiplied
    by 1 − ηλ/n, so that all decay if and only if 0 < η < 2n/λ_max. Clock: the loss carries 1/(2n). For the sum loss
    (10.5) pass n = 1; for the mean square without ½, as in the published eigenlearning code, halve the answer.

    Args:
        H: Gram matrix of the features, or any kernel matrix, (n, n), positive semi-definite.
        n: what the loss is divided by: the number of samples.

    Returns:
        The step, in units of 1/H; infinite where H = 0.

    Raises:
        ValueError: H is not square, symmetric, finite and positive semi-definite, or n ≤ 0.

    >>> max_stable_step([[2.0, 0.0], [0.0, 4.0]], n=2)
    1.0
    """
    (H,), _ = _check.enter(H=H)
    n = _check.positive("n", n)
    largest = float(spectrum("H", H)[0].max())
    return 2 * n / largest if largest > 0 else float("inf")


def residual_after(H: Array, r0: Array, eta: float, n: float, steps: int) -> Array:
    r"""Residual after a number of steps of gradient descent, without taking them.

    .. math:: r_t = Q \left(1 - \frac{\eta \Lambda}{n}\right)^t Q^\top r_0, \qquad H = Q \Lambda Q^\top

    The board proof behind Hadiji, class 5 slides, "Limit of GD". Clock: discrete; the loss carries 1/(2n), and for
    small steps the factor tends to exp(−λ η t/n). It holds for either sign of the residual, y − h or h − y.

    Args:
        H: Gram matrix of the training features, (n, n), positive semi-definite.
        r0: residual at the start, (n,) or (n, c).
        eta: step size η > 0; beyond :func:`max_stable_step` the residual grows.
        n: what the loss is divided by: the number of samples.
        steps: number of steps t ≥ 0.

    Returns:
        The residual, shaped like ``r0``.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, H is not positive semi-definite, η ≤ 0 or n ≤ 0.

    >>> residual_after([[2.0, 0.0], [0.0, 4.0]], [1.0, 1.0], eta=0.5, n=2, steps=2)
    array([0.25, 0.  ])
    """
    (H, r0), leave = _check.enter(H=H, r0=r0)
    eta, n = _check.positive("eta", eta), _check.positive("n", n)
    steps = _check.integer("steps", steps, 0)
    eigenvalues, Q = spectrum("H", H)
    _check.targets("r0", r0, len(H), of="H")
    decay = (1 - eta * eigenvalues / n) ** steps
    return leave(apply(Q, decay, r0))


def spectrum(name: str, K: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Eigenvalues, rising, and eigenvectors of a kernel matrix; refuses what is none by more than rounding."""
    _check.kernel_matrix(name, K)
    eigenvalues, Q = eigh(K)
    smallest, largest = float(eigenvalues[0]), float(eigenvalues.abs().max())
    if smallest < -1e3 * len(K) * torch.finfo(K.dtype).eps * largest:
        raise ValueError(
            f"{name} must be positive semi-definite; its eigenvalues run from {smallest:.3g} to {largest:.3g}. "
            f"A kernel matrix has none below 0: check how {name} was made"
        )
    return eigenvalues, Q


def apply(Q: torch.Tensor, function_of_eigenvalues: torch.Tensor, r: torch.Tensor) -> torch.Tensor:
    """Q f(Λ) Qᵀ r for r (n,) or (n, c)."""
    f = function_of_eigenvalues
    return Q @ ((f if r.ndim == 1 else f[:, None]) * (Q.mT @ r))
