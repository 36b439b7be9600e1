"""Deep networks: power laws of the K* = 0 class, their amplitudes, and exponents measured on data."""

from __future__ import annotations

import torch

from ntklab._check import Array, choice, enter, nonnegative, positive, vector
from ntklab.depth.criticality import origin_expansion
from ntklab.gaussian import Activation


def fit_exponent(layers: Array, values: Array) -> float:
    r"""Exponent p of values ~ layers^p: the least-squares slope in log-log.

    Of ddK_2 it is -p_perp (10.71), of ddTheta_2 / Theta_00 it is 1 - p_perp (10.78). Leave the first layers out: the
    laws are asymptotic.

    Args:
        layers: shape ``(k,)``, k >= 2, greater than 0, not all equal.
        values: shape ``(k,)``, greater than 0 (give the absolute value of a negative measure).

    >>> round(fit_exponent([1, 10, 100], [5.0, 0.05, 0.0005]), 12)
    -2.0
    """
    (layers, values), _ = enter(layers=layers, values=values)
    vector("layers", layers)
    vector("values", values, length=len(layers), of="layers")
    for name, column in (("layers", layers), ("values", values)):
        if not bool((column > 0).all()):
            raise ValueError(f"{name} must be greater than 0 everywhere for a power law; got {float(column.min())}")
    x, y = torch.log(layers.double()), torch.log(values.double())
    x = x - x.mean()
    if not bool((abs(x) > 1e-12).any()):
        raise ValueError("layers must hold at least two different numbers: one point has no slope")
    return float(x @ (y - y.mean()) / (x @ x))


def asymptotic_components(
    activation: str | Activation,
    layers: Array,
    amplitude: float,
    lambda_b: float = 1.0,
    lambda_W: float = 1.0,
    depth: int | None = None,
    rates: str = "equivalence",
) -> dict[str, Array]:
    r"""What :func:`ntklab.depth.depth_recursion` tends to at criticality in the K* = 0 class, to leading order in 1/l.

    .. math::
        K_{00} = \frac{1}{(-a_1)\,\ell}, \qquad \delta\delta K_{[2]} = \delta^2\,\ell^{-p_\perp}

    and, with the learning rates of the equivalence principle, PDLT (10.71), (10.75), (10.77),

    .. math::
        \Theta_{00} = B\,(L/\ell)^{p_\perp - 1}, \quad
        \delta\delta\Theta_{[2]} = \frac{\delta^2 L^{p_\perp - 1}}{2 - p_\perp}
            \Big\{\tilde\lambda_W\sigma_1^2 + \frac{\sigma_2^2}{\sigma_1^2}B\Big\}\,\ell^{2 - 2p_\perp}, \quad
        B = \tilde\lambda_b + \frac{\tilde\lambda_W\sigma_1^2}{(-a_1)} .

    With layer-independent rates (``rates="constant"``) each rate's leading part is kept:

    .. math::
        \Theta_{00} &= \frac{\lambda_b}{1 + p_\perp}\,\ell + \frac{\lambda_W\sigma_1^2}{(-a_1)\,p_\perp}, \\
        \delta\delta\Theta_{[2]} &= \delta^2\ell^{1 - p_\perp}\Big\{\lambda_W\Big[\sigma_1^2
            + \frac{\sigma_2^2}{(-a_1)\,p_\perp}\Big] + \lambda_b S\Big\}, \qquad
        S = \frac{\sigma_2^2}{\sigma_1^2}\frac{\ell}{2(1 + p_\perp)} \text{ or, if } \sigma_2 = 0, \frac{(-a_1)}{2} .

    The book has only the lambda_W part for sigma_2 = 0, (10.80)-(10.81), and says that 1/L decay is general; for
    sigma_2 != 0 the measure -2 ddTheta_2/Theta_00 goes as L^(1 - p_perp) instead. See
    course/errata.md, errata 8 and E3.

    Args:
        activation: of the K* = 0 class (:func:`ntklab.depth.origin_expansion`), taken at its critical point.
        layers: layer numbers l, shape ``(k,)``, at least 1.
        amplitude: the book's delta^2, the limit of ddK_2 * l^p_perp. Not ddK_2 of layer 1.
        lambda_b, lambda_W: the tilded rates, or the constant ones; not both 0.
        depth: L; the largest of ``layers`` when left out. Constant rates do not depend on it.
        rates: "equivalence" or "constant".

    Returns:
        "K_00", "ddK_2", "Theta_00", "ddTheta_2", each ``(k,)``.

    >>> parts = asymptotic_components("tanh", [50.0, 100.0], amplitude=0.01)  # -a_1 = 2, p_perp = 1
    >>> [parts[name].round(12).tolist() for name in ("K_00", "Theta_00", "ddTheta_2")]  # 1/(2 l); 1 + 1/2; .01
    [[0.01, 0.005], [1.5, 1.5], [0.01, 0.01]]
    """
    origin = origin_expansion(activation)
    (layers,), leave = enter(layers=layers)
    vector("layers", layers)
    if not bool((layers >= 1).all()):
        raise ValueError(f"layers must be at least 1; got {float(layers.min())}")
    amplitude = positive("amplitude", amplitude)
    lambda_b, lambda_W = nonnegative("lambda_b", lambda_b), nonnegative("lambda_W", lambda_W)
    if lambda_b + lambda_W == 0:
        raise ValueError("lambda_b and lambda_W must not both be 0: the frozen NTK would vanish. Give one a rate")
    last = float(layers.max()) if depth is None else positive("depth", depth)
    rates = choice("rates", rates, ("equivalence", "constant"))

    p, fall, weight = origin.p_perp, -origin.a_1, origin.sigma_1**2
    bend = (origin.sigma_2 / origin.sigma_1) ** 2
    bend = bend if bend > 1e-18 else 0.0  # sigma'' at 0 by autograd or differences: rounding is no curvature
    if rates == "equivalence":
        level = lambda_b + lambda_W * weight / fall
        centre = level * (last / layers) ** (p - 1)
        second = last ** (p - 1) / (2 - p) * (lambda_W * weight + bend * level) * layers ** (2 - 2 * p)
    else:
        if p <= 0:
            raise ValueError(f"the laws for constant rates hold for p_perp > 0; this activation has {p:.4g}")
        centre = lambda_b / (1 + p) * layers + lambda_W * weight / (fall * p)
        source = bend * layers / (2 * (1 + p)) if bend > 0 else torch.full_like(layers, fall / 2)
        second = layers ** (1 - p) * (lambda_W * (weight + bend * weight / (fall * p)) + lambda_b * source)
    return {
        "K_00": leave(1 / (fall * layers)),
        "ddK_2": leave(amplitude * layers**-p),
        "Theta_00": leave(centre),
        "ddTheta_2": leave(amplitude * second),
    }
