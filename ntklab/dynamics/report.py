"""Gradient descent held against its closed form, as a report that prints."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.dynamics.descent import gd_limit, gradient_descent
from ntklab.dynamics.modes import spectrum

_TOLERANCE = 1e-8  # the part of the residual at which a mode counts as gone
_MOST_STEPS = 20_000  # more are taken only on request


@dataclass(frozen=True)
class GDLimitReport:
    """What :func:`verify_gd_limit` measured; prints as a table. Arrays by eigenmode, largest eigenvalue first."""

    n: int
    p: int
    rank: int
    eta: float
    max_stable_step: float
    steps: int
    steps_needed: float  # until the slowest mode is down to 1e-8 of its start; inf if it never is
    parameter_gap: float  # |w − w∞| / |w∞ − w0|
    output_gap: float  # max |h(w) − y|
    mode_gap: float  # max |measured − predicted residual of a mode| / |residual at the start|
    eigenvalues: np.ndarray  # of H
    residual_measured: np.ndarray  # |residual along each mode| after the steps taken
    residual_predicted: np.ndarray  # |1 − ηλ/n|^steps · |residual at the start|

    @property
    def converges(self) -> bool:
        """Whether the step is stable, 0 < η < 2n/λ_max."""
        return self.eta < self.max_stable_step

    @property
    def condition(self) -> float:
        """λ_max / λ_min of H: what decides how long the slowest mode takes."""
        return float(self.eigenvalues[0] / self.eigenvalues[-1])

    def __str__(self) -> str:
        stable = "stable" if self.converges else "NOT stable: gradient descent diverges"
        lines = [
            "Gradient descent on 1/(2n) |h0 + Phi (w - w0) - y|^2 against its closed form",
            f"  samples n, weights p, rank      {self.n}, {self.p}, {self.rank}",
            f"  step, largest stable one        {self.eta:.4g}, {self.max_stable_step:.4g} ({stable})",
            f"  steps taken, needed for {_TOLERANCE:.0e}   {self.steps}, {self.steps_needed:.4g}",
            f"  condition of H                  {self.condition:.3g}",
            f"  gap in parameters (relative)    {self.parameter_gap:.2e}",
            f"  gap in outputs (largest)        {self.output_gap:.2e}",
            f"  gap by mode (relative)          {self.mode_gap:.2e}",
            "  mode   eigenvalue   factor per step   residual measured   predicted",
        ]
        factors = 1 - self.eta * self.eigenvalues / self.n
        shown = range(self.n) if self.n <= 8 else [*range(4), *range(self.n - 4, self.n)]
        for i in shown:
            if self.n > 8 and i == self.n - 4:
                lines.append("   ...")
            lines.append(
                f"  {i + 1:4d}   {self.eigenvalues[i]:10.4g}   {factors[i]:15.6f}   "
                f"{self.residual_measured[i]:17.3e}   {self.residual_predicted[i]:9.3e}"
            )
        return "\n".join(lines)


def verify_gd_limit(
    Phi: Array, y: Array, w0: Array, h0: Array, eta: float | None = None, steps: int | None = None
) -> GDLimitReport:
    r"""Run gradient descent and hold it against the closed form, in parameters, outputs and eigenmodes.

    .. math:: w_t \to w_\infty = w_0 + \Phi^\top H^{-1} (y - h_0), \qquad
        q_i^\top (h(w_t) - y) = \left(1 - \frac{\eta \lambda_i}{n}\right)^t q_i^\top (h_0 - y)

    Hadiji, class 5 slides, "Limit of GD", with the step-size condition that the slides leave out. Clock: the loss
    carries 1/(2n), t = η·steps/n in exp(−H t).

    Args:
        Phi: features of the training inputs, (n, p), of rank n.
        y: targets, (n,) or (n, c).
        w0: weights at the start, (p,) or (p, c).
        h0: outputs at the start, shaped like ``y``.
        eta: step size; None means 2n/(λ_max + λ_min), at which the slowest mode is fastest. An unstable one is allowed:
            the report then shows the divergence.
        steps: steps to take; None means those needed for a residual of 1e-8, at most 20,000.

    Returns:
        A :class:`GDLimitReport`.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, Φ has rank below n, or η ≤ 0.

    >>> report = verify_gd_limit([[1, 0, 0], [0, 2, 0]], [1, 1], [0, 0, 0], [0, 0], eta=0.4, steps=100)
    >>> report.max_stable_step, report.steps_needed, report.parameter_gap < 1e-9
    (1.0, 83.0, True)
    """
    limit = gd_limit(Phi, y, w0, h0)  # refuses rank < n, by name
    (Phi, y, w0, h0, limit), _ = _check.enter(Phi=Phi, y=y, w0=w0, h0=h0, limit=limit)
    n, p = Phi.shape
    eigenvalues, Q = spectrum("H", Phi @ Phi.mT)
    largest, smallest = float(eigenvalues[-1]), float(eigenvalues[0])
    eta = 2 * n / (largest + smallest) if eta is None else _check.positive("eta", eta)
    needed = _steps_needed(eta * eigenvalues / n)
    if steps is None:
        steps = int(min(needed, _MOST_STEPS))
    w, _ = gradient_descent(Phi, y, w0, h0, eta, steps)

    residual = h0 + Phi @ (w - w0) - y
    start, end = (Q.mT @ r.reshape(n, -1) for r in (h0 - y, residual))
    predicted = (1 - eta * eigenvalues[:, None] / n) ** steps * start
    norm = torch.linalg.vector_norm
    scale = float(norm(start)) or 1.0
    return GDLimitReport(
        n=n,
        p=p,
        rank=n,
        eta=eta,
        max_stable_step=2 * n / largest,
        steps=steps,
        steps_needed=needed,
        parameter_gap=float(norm(w - limit)) / (float(norm(limit - w0)) or 1.0),
        output_gap=float(residual.abs().max()),
        mode_gap=float(norm(end - predicted, dim=1).max()) / scale,
        eigenvalues=_array(eigenvalues),
        residual_measured=_array(norm(end, dim=1)),
        residual_predicted=_array(norm(predicted, dim=1)),
    )


def _steps_needed(x: torch.Tensor) -> float:
    """Steps until |1 − x|^steps ≤ the tolerance for the slowest of the modes x = ηλ/n."""
    slowest = float((1 - x).abs().max())
    if slowest >= 1:
        return math.inf
    return 1.0 if slowest <= _TOLERANCE else float(math.ceil(math.log(_TOLERANCE) / math.log(slowest)))


def _array(values: torch.Tensor) -> np.ndarray:
    return values.flip(0).cpu().numpy()
