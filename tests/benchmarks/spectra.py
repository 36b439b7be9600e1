"""Spectra and the theory of generalisation: seconds that a slider or a sweep can wait for."""

from __future__ import annotations

import numpy as np

from ntklab.kernels import MLP, ntk
from ntklab.learnability import learnabilities, test_mse
from ntklab.spectra import Spectrum, hypercube
from ntklab.spectra.profiles import profile_of

from .jobs import Size, job
from .measure import Row, take_turns

FIGURE_1 = MLP(hidden_layers=4, C_W=2.0, C_b=0.01, readout=(1.0, 0.0))


def cube_spectrum(d: int) -> Spectrum:
    return hypercube(profile_of(lambda X, Z: ntk(X, Z, mlp=FIGURE_1), d), d)


def theory_curve(d: int, parities: tuple[int, ...] = (0, 1, 3, 8)) -> tuple[np.ndarray, np.ndarray]:
    """Learnabilities (N, levels) and errors (parities, N) at n = 1, 2, 4, ..., 2^d − 1, from the network on."""
    spectrum, sizes = cube_spectrum(d), np.array([*(2.0 ** np.arange(d)), 2.0**d - 1])
    errors = [test_mse(spectrum, np.eye(d + 1)[k], sizes) for k in parities if k <= d]
    return learnabilities(spectrum, sizes), np.array(errors)


@job("cube", "Spectrum of a network's NTK on the Boolean cube")
def cube(size: Size) -> list[Row]:
    times = take_turns({"spectrum": lambda: cube_spectrum(20)}, budget=size.budget(3))
    spectrum = cube_spectrum(20)
    total = float(spectrum.eigenvalues @ spectrum.multiplicities)
    diagonal = float(ntk(np.ones((1, 20)), mlp=FIGURE_1)[0, 0])
    return [
        Row("time, d = 20 (2²⁰ points)", times.median("spectrum"), "s", at_most=1, context=times.context()),
        Row("|Σ multiplicity × eigenvalue / k(x, x) − 1|", abs(total / diagonal - 1), "", at_most=1e-10),
    ]


@job("theory-curve", "The theory curves of the first figure: 8 bits, 4 hidden layers, 4 parities, 9 sizes")
def curve(size: Size) -> list[Row]:
    times = take_turns({"network → spectrum → curves": lambda: theory_curve(8)}, budget=size.budget(3))
    only = times.median("network → spectrum → curves")
    return [Row("time", only * 1e3, "ms", at_most=50, context=times.context())]
