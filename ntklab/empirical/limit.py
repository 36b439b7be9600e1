"""How fast finite networks approach the infinite-width formula."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.empirical.ntk import empirical_ntk
from ntklab.kernels import MLP, ntk
from ntklab.networks import NTKNet
from ntklab.networks.device import usable_device


@dataclass(frozen=True)
class NetworkLimitReport:
    """The distance of finite networks' tangent kernels from the formula, by width; prints as a table.

    Attributes:
        mlp: the architecture.
        widths: (k,).
        errors: (k,), root mean square over the seeds of ‖Θ̂ − Θ‖_F / ‖Θ‖_F.
        standard_errors: (k,), of ``errors``, from the scatter of the seeds.
        seeds: how many networks of each width.
        slope: least-squares slope of log error in log width; −1/2 in theory.
        slope_error: its standard error.
    """

    mlp: MLP
    widths: np.ndarray
    errors: np.ndarray
    standard_errors: np.ndarray
    seeds: int
    slope: float
    slope_error: float

    def __str__(self) -> str:
        lines = [f"{self.mlp}", f"{'width':>8}  {'rms error':>10}  {'± s.e.':>8}  {'error · √width':>14}"]
        for width, error, standard_error in zip(self.widths, self.errors, self.standard_errors, strict=True):
            lines.append(f"{width:>8}  {error:>10.2e}  {standard_error:>8.1e}  {error * width**0.5:>14.3f}")
        lines.append(f"slope {self.slope:.3f} ± {self.slope_error:.3f} over {self.seeds} seeds; theory -0.500")
        return "\n".join(lines)


def verify_network_limit(
    mlp: MLP,
    X: Array,
    widths: Iterable[int] = (64, 128, 256, 512, 1024),
    seeds: Iterable[int] = range(20),
    device: torch.device | str | None = None,
) -> NetworkLimitReport:
    r"""Compare the tangent kernels of finite networks with the infinite-width formula, over widths and seeds.

    One network's kernel is a mean over its units, so its distance from ``ntk(X, mlp=mlp)`` falls like width^{−1/2}
    (PDLT (10.2) has O(1/width) for the mean over networks). A single seed scatters by 0.08 in the slope: the root
    mean square over the seeds is what shows the law.

    Args:
        mlp: the architecture, with λ = C.
        X: inputs (n, d).
        widths: at least two different ones.
        seeds: of the networks at each width, at least two.
        device: where the networks are; None is the device of X.

    Returns:
        A :class:`NetworkLimitReport`.

    Raises:
        ValueError: fewer than two widths or seeds, or an ``mlp`` that trains a layer at another rate than its C.

    >>> report = verify_network_limit(MLP(), np.eye(3), widths=[16, 64, 256])
    >>> abs(report.slope + 0.5) < 5 * report.slope_error
    True
    """
    widths = np.array([_check.integer("widths", width) for width in widths])
    seeds = [_check.integer("seeds", seed, 0) for seed in seeds]
    if len(set(widths.tolist())) < 2 or len(seeds) < 2:
        raise ValueError(f"widths and seeds must be at least two each; got {widths.tolist()} and {seeds}")
    (x,), _ = _check.enter(X=X)
    _check.matrix("X", x)
    x = x.to(x.device if device is None else usable_device(device))
    Theta = ntk(x, mlp=mlp)
    scale = float(torch.linalg.norm(Theta))

    squared = np.empty((len(widths), len(seeds)))
    for row, width in enumerate(widths):
        for column, seed in enumerate(seeds):
            net = NTKNet.from_mlp(mlp, x.shape[1], int(width), seed=seed).to(x)
            squared[row, column] = (float(torch.linalg.norm(empirical_ntk(net, x) - Theta)) / scale) ** 2

    errors = np.sqrt(squared.mean(axis=1))
    relative = squared.std(axis=1, ddof=1) / np.sqrt(len(seeds)) / squared.mean(axis=1) / 2  # s.e. of log errors
    log_width = np.log(widths) - np.log(widths).mean()
    weight = log_width / (log_width**2).sum()
    return NetworkLimitReport(
        mlp=mlp,
        widths=widths,
        errors=errors,
        standard_errors=errors * relative,
        seeds=len(seeds),
        slope=float(weight @ np.log(errors)),
        slope_error=float(np.sqrt(weight**2 @ relative**2)),
    )
