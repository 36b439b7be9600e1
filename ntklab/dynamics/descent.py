"""Gradient descent and SGD on a model that is linear in its weights, and where they end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.regression import inputs

Schedule = float | Sequence[float] | Callable[[int], float]


def gradient_descent(
    Phi: Array,
    y: Array,
    w0: Array,
    h0: Array,
    eta: float,
    steps: int,
    metric: Array | None = None,
    rates: Array | None = None,
) -> tuple[Array, Array]:
    r"""Full-batch gradient descent on the model h(w) = h0 + Φ (w − w0).

    .. math:: w \leftarrow w - \frac{\eta}{n}\, \lambda\, \Phi^\top \kappa\, (h(w) - y), \qquad
        \mathcal{L} = \frac{1}{2n} (h - y)^\top \kappa\, (h - y)

    Hadiji, class 5 slides, "GD and least-squares regression" (κ = λ = 1); with a metric κ on the samples it descends
    the generalised squared error PDLT (10.22), and takes the second-order update (10.19); λ is the learning-rate tensor
    (10.17). Clock: the loss carries 1/(2n), so t = η·steps/n in exp(−H t), and steps below 2n/λ_max(H), with H = Φ λ Φᵀ
    κ, are stable (:func:`max_stable_step`).

    Args:
        Phi: features of the training inputs, one row each, (n, p). The slides print the transpose.
        y: targets, (n,) or (n, c).
        w0: weights at the start, (p,) or (p, c).
        h0: outputs at the start, shaped like ``y``.
        eta: step size η > 0.
        steps: number of steps ≥ 0.
        metric: κ, the Newton tensor, (n, n), symmetric; None means the identity.
        rates: diagonal of λ, (p,), one rate ≥ 0 per weight; None means ones.

    Returns:
        The weights after the last step, shaped like ``w0``, and the losses, (steps + 1,), the one at the start first.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, or η ≤ 0.

    One point with φ = 1: the residual −2 halves at each step of ½.

    >>> gradient_descent([[1]], [2], [0], [0], eta=0.5, steps=2)
    (array([1.5]), array([2.   , 0.5  , 0.125]))
    """
    (Phi, y, w0, h0, metric, rates), leave = _check.enter(Phi=Phi, y=y, w0=w0, h0=h0, metric=metric, rates=rates)
    _linear_problem(Phi, y, w0, h0, rates)
    if metric is not None:
        _check.kernel_matrix("metric", metric)
        _check.matrix("metric", metric, rows=len(Phi), of="Phi")
    eta, steps = _check.positive("eta", eta), _check.integer("steps", steps, 0)
    everything = slice(None)
    w, losses = _descend(Phi, y, w0, h0, ((eta, everything) for _ in range(steps)), steps, metric, rates)
    return leave(w), leave(losses)


def sgd(
    Phi: Array,
    y: Array,
    w0: Array,
    h0: Array,
    eta: Schedule,
    steps: int,
    batch_size: int = 1,
    *,
    rng: np.random.Generator | int,
) -> tuple[Array, Array]:
    r"""Stochastic gradient descent without momentum on the model h(w) = h0 + Φ (w − w0).

    .. math:: w \leftarrow w - \frac{\eta_t}{|B_t|} \sum_{i \in B_t} \phi(x_i)\, (h(w, x_i) - y_i)

    PDLT (10.35), footnotes 12 and 15, with the loss of :func:`gradient_descent` restricted to a batch B_t, drawn afresh
    at each step, without repeats in it. Where the model can interpolate (rank Φ = n) a constant step settles on the
    same solution as gradient descent, since no gradient noise is left there: footnote 15, which asks for a falling
    step, is right only for rank Φ < n. With batches of one, η ≤ 2/max‖φ(x_i)‖² never takes w away from the solution.
    Clock: one step advances t by η/n on average, as a full one does, in exp(−H t).

    Args:
        Phi: features of the training inputs, (n, p).
        y: targets, (n,) or (n, c).
        w0: weights at the start, (p,) or (p, c).
        h0: outputs at the start, shaped like ``y``.
        eta: step size: a number, one per step, or a function of the step 0, 1, …
        steps: number of steps ≥ 0.
        batch_size: samples per step, 1 to n; n gives :func:`gradient_descent`.
        rng: a NumPy generator or a seed.

    Returns:
        The weights after the last step, shaped like ``w0``, and the losses on all the data, (steps + 1,).

    Raises:
        ValueError: as :func:`gradient_descent`, or there are fewer step sizes than steps.
        TypeError: ``rng`` is neither a generator nor an integer.

    >>> sgd([[1]], [2], [0], [0], eta=[1.0, 0.5], steps=2, rng=0)
    (array([2.]), array([2., 0., 0.]))
    """
    (Phi, y, w0, h0), leave = _check.enter(Phi=Phi, y=y, w0=w0, h0=h0)
    _linear_problem(Phi, y, w0, h0)
    n, steps, rng = len(Phi), _check.integer("steps", steps, 0), _check.generator(rng)
    rates = step_sizes(eta, steps)
    batch_size = batch_of(batch_size, n)
    batches = ((rate, draw_batch(rng, n, batch_size, Phi.device)) for rate in rates)
    w, losses = _descend(Phi, y, w0, h0, batches, steps)
    return leave(w), leave(losses)


def _descend(
    Phi: torch.Tensor,
    y: torch.Tensor,
    w0: torch.Tensor,
    h0: torch.Tensor,
    batches: Iterable[tuple[float, slice | torch.Tensor]],
    steps: int,
    metric: torch.Tensor | None = None,
    rates: torch.Tensor | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    n, moved = len(Phi), torch.zeros_like(w0)
    losses = Phi.new_empty(steps + 1)
    scale = 1.0 if rates is None else rates.reshape(-1, *[1] * (w0.ndim - 1))

    def error_factor() -> tuple[torch.Tensor, torch.Tensor]:
        residual = h0 + Phi @ moved - y
        factor = residual if metric is None else metric @ residual
        return factor, (residual * factor).sum() / (2 * n)

    factor, losses[0] = error_factor()
    for step, (eta, batch) in enumerate(batches, start=1):
        gradient = Phi[batch].mT @ factor[batch] / len(factor[batch])
        moved -= eta * scale * gradient
        factor, losses[step] = error_factor()
    return w0 + moved, losses


def gd_limit(Phi: Array, y: Array, w0: Array, h0: Array, rates: Array | None = None) -> Array:
    r"""Weights at which gradient descent, SGD and Newton's method all end on the model h(w) = h0 + Φ (w − w0).

    .. math:: w_\infty = w_0 + \lambda \Phi^\top H^{-1} (y - h_0), \qquad H = \Phi \lambda \Phi^\top

    Hadiji, class 5 slides, "Limit of GD" (λ = 1); PDLT (10.27). Of the interpolating weights they are the nearest to w0
    in the norm Σ w²/λ. It takes rank Φ = n and, which the slides leave out, a stable step: η < 2n/λ_max(H). Clock:
    none, this is t → ∞.

    Args:
        Phi: features of the training inputs, (n, p), of rank n.
        y: targets, (n,) or (n, c).
        w0: weights at the start, (p,) or (p, c).
        h0: outputs at the start, shaped like ``y``.
        rates: diagonal of λ, (p,), one rate ≥ 0 per weight; None means ones.

    Returns:
        The weights, shaped like ``w0``.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, or Φ λ^½ has rank below n (the message names it).

    >>> gd_limit([[1, 1]], [4], [0, 1], [2])
    array([1., 2.])
    """
    (Phi, y, w0, h0, rates), leave = _check.enter(Phi=Phi, y=y, w0=w0, h0=h0, rates=rates)
    _linear_problem(Phi, y, w0, h0, rates)
    return leave(w0 + minimum_norm(Phi, y - h0, rates))


def minimum_norm(Phi: torch.Tensor, residual: torch.Tensor, rates: torch.Tensor | None = None) -> torch.Tensor:
    """λ Φᵀ (Φ λ Φᵀ)⁻¹ r by QR, which does not square the condition number."""
    root = None if rates is None else rates.sqrt()
    Q, R = torch.linalg.qr(Phi.mT if root is None else root[:, None] * Phi.mT)
    n, p = Phi.shape
    singular = torch.linalg.svdvals(R)
    rank = int((singular > max(n, p) * torch.finfo(Phi.dtype).eps * singular[0]).sum())
    if rank < n:
        raise ValueError(
            f"Phi has rank {rank} (to rounding), below its {n} rows: the model cannot interpolate, H is singular; "
            "drop repeated rows, add features, or use kernel_regression with a ridge"
        )
    columns = residual if residual.ndim == 2 else residual[:, None]
    w = Q @ torch.linalg.solve_triangular(R.mT, columns, upper=False)
    if root is not None:
        w = root[:, None] * w
    return w if residual.ndim == 2 else w[:, 0]


def step_sizes(eta: Schedule, steps: int) -> list[float]:
    """One positive step size per step."""
    if callable(eta):
        values = [eta(step) for step in range(steps)]
    elif np.ndim(eta) == 0:
        values = list(np.full(steps, eta))
    else:
        values = list(np.ravel(eta))
        if len(values) < steps:
            raise ValueError(f"eta must hold one step size per step, {steps}; got {len(values)}")
    return [_check.positive("eta", value) for value in values[:steps]]


def batch_of(batch_size: int, n: int) -> int:
    """A batch size of 1 to n."""
    batch_size = _check.integer("batch_size", batch_size)
    if batch_size > n:
        raise ValueError(f"batch_size must be at most the {n} samples; got {batch_size}")
    return batch_size


def draw_batch(rng: np.random.Generator, n: int, batch_size: int, device: torch.device) -> torch.Tensor:
    """Indices of one batch, without repeats."""
    return torch.from_numpy(rng.choice(n, size=batch_size, replace=False)).to(device)


def _linear_problem(Phi: Array, y: Array, w0: Array, h0: Array, rates: Array | None = None) -> None:
    _check.matrix("Phi", Phi)
    _check.targets("y", y, len(Phi), of="Phi")
    inputs.outputs("w0", w0, (Phi.shape[1], *y.shape[1:]), like="the columns of Phi and of y")
    inputs.outputs("h0", h0, tuple(y.shape), like="y")
    if rates is not None:
        _check.vector("rates", rates, length=Phi.shape[1], of="the columns of Phi")
        if float(rates.min()) < 0:
            raise ValueError(f"rates must be at least 0; got {float(rates.min()):g}")
