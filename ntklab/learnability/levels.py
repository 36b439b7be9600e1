"""A spectrum and training-set sizes as float64 NumPy arrays, and the way back to the caller's kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.spectra import Spectrum


@dataclass(frozen=True)
class Levels:
    """λ and m by level, (levels,); ``leave`` gives an array back in the spectrum's kind, dtype and device."""

    eigenvalues: np.ndarray
    multiplicities: np.ndarray
    tail: float
    leave: Callable[[np.ndarray], Array]


def levels_of(spectrum: Spectrum) -> Levels:
    if not isinstance(spectrum, Spectrum):
        raise TypeError(
            f"spectrum must be a Spectrum; got {type(spectrum).__name__}. "
            "ntklab.spectra makes one: circle, hypercube, sphere, from_matrix, or Spectrum(eigenvalues, multiplicities)"
        )
    (eigenvalues, multiplicities), leave = _check.enter(
        eigenvalues=spectrum.eigenvalues, multiplicities=spectrum.multiplicities
    )
    dtype, device = torch.as_tensor(spectrum.eigenvalues[:1]).dtype, eigenvalues.device
    return Levels(
        eigenvalues.detach().cpu().double().numpy(),
        multiplicities.detach().cpu().double().numpy(),
        spectrum.tail,
        lambda result: leave(torch.as_tensor(result).to(device=device, dtype=dtype)),
    )


def sizes(n: float | Array) -> tuple[np.ndarray, bool]:
    """Training-set sizes as (N,), and whether one number came in. Sizes between whole numbers draw theory curves."""
    (values,), _ = _check.enter(n=n)
    values = values.detach().cpu().double().numpy()
    if values.ndim > 1 or values.size == 0:
        raise ValueError(f"n must be a number or have shape (N,); got shape {values.shape}")
    if values.min() <= 0:
        raise ValueError(
            f"n must be greater than 0; got {values.min():g}. At n = 0 nothing is learned: "
            "every learnability is 0 and the error is the target's power"
        )
    return np.atleast_1d(values), values.ndim == 0


def powers(coefficients: Array, levels: Levels) -> np.ndarray:
    """Squared coefficients by level, (levels,)."""
    (v,), _ = _check.enter(coefficients=coefficients)
    _check.vector("coefficients", v, length=len(levels.eigenvalues), of="spectrum (one per level)")
    return v.detach().cpu().double().numpy() ** 2
