"""Susceptibilities, the two universality classes, and where a network is critical."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from scipy.optimize import brentq

from ntklab._check import Array, enter, positive
from ntklab.depth.averages import GaussianAverage
from ntklab.depth.derivatives import second_derivative, third_derivative
from ntklab.gaussian import Activation
from ntklab.gaussian import activation as as_activation


def susceptibilities(activation: str | Activation, C_W: float, K: Array) -> tuple[Array, Array]:
    r"""Parallel and perpendicular susceptibility at kernel value K.

    .. math::
        \chi_\parallel(K) = \frac{C_W}{K}\langle z\,\sigma(z)\,\sigma'(z)\rangle_K, \qquad
        \chi_\perp(K) = C_W \langle \sigma'(z)\,\sigma'(z)\rangle_K, \qquad z \sim N(0, K) .

    PDLT 10.3.1, from its (5.50)-(5.51): how fast differences of norm and of direction grow from layer to layer. By
    quadrature, to 1e-12.

    Args:
        activation: a name or an ``Activation``.
        C_W: weight variance (times the fan-in), greater than 0.
        K: variance of the pre-activation, greater than 0; a number or an array.

    Returns:
        (chi_parallel, chi_perp), each of the shape of K.

    ReLU has chi = C_W / 2 in both directions and at every K; z^2 has C_W <2 z^4>/K = 6 C_W K and 4 C_W K:

    >>> [round(float(chi), 12) for chi in susceptibilities("relu", 2.0, 0.7)]
    [1.0, 1.0]
    >>> [round(float(chi), 12) for chi in susceptibilities("monomial:2", 1.0, 0.5)]
    [3.0, 2.0]
    """
    sigma = as_activation(activation)
    C_W = positive("C_W", C_W)
    (variance,), leave = enter(K=K)
    if not bool((variance > 0).all()):
        raise ValueError(f"K must be greater than 0; got {float(variance.min())}")

    def integrand(z: torch.Tensor) -> torch.Tensor:
        slope = sigma.derivative(z)
        return torch.stack([z * sigma.f(z) * slope, slope**2])

    average = GaussianAverage(integrand, sigma.kinks)
    values = torch.stack([average(k) for k in variance.reshape(-1).tolist()]).to(variance)
    parallel, perp = (C_W * values[:, i].reshape(variance.shape) for i in (0, 1))
    return leave(parallel / variance), leave(perp)


def scale_invariant_slopes(activation: str | Activation) -> tuple[float, float] | None:
    r"""(a_plus, a_minus) of sigma(z) = a_plus z for z > 0, a_minus z for z < 0; None for any other activation.

    PDLT (10.82)-(10.86) call these activations scale-invariant.

    >>> scale_invariant_slopes("leaky_relu:0.5"), scale_invariant_slopes("tanh")
    ((1.0, 0.5), None)
    """
    sigma = as_activation(activation)
    scales = torch.tensor([1.0, 1e-3, 0.1, 0.7, 1.9, 30.0, 1e3], dtype=torch.float64)
    ratios = torch.stack([sigma.f(side) / side for side in (scales, -scales)])
    slopes = ratios[:, :1]
    if not bool((abs(ratios - slopes) <= 1e-12 * abs(slopes).max()).all()):
        return None
    return float(slopes[0]), float(slopes[1])


def scale_invariant_constants(activation: str | Activation) -> tuple[float, float]:
    r"""A_2 = (a_plus^2 + a_minus^2)/2 and rho = (a_plus - a_minus)^2 / (pi (a_plus^2 + a_minus^2)).

    PDLT (10.83)-(10.86). What :func:`ntklab.depth.angle_recursion` needs to know of an activation.

    Raises:
        ValueError: the activation is not scale-invariant: A_2 is no constant then, and chi_parallel is not chi_perp.

    >>> A_2, rho = scale_invariant_constants("relu")
    >>> A_2, round(math.pi * rho, 12)
    (0.5, 1.0)
    """
    slopes = scale_invariant_slopes(activation)
    if slopes is None or slopes == (0.0, 0.0):
        name = as_activation(activation).name
        raise ValueError(f"{name} is not scale-invariant (a_plus z for z > 0, a_minus z for z < 0)")
    plus, minus = slopes
    norm = plus**2 + minus**2
    return norm / 2, (plus - minus) ** 2 / (math.pi * norm)


@dataclass(frozen=True)
class OriginExpansion:
    r"""sigma(z) = sigma_1 z + sigma_2 z^2/2 + sigma_3 z^3/6 + ... and what the K* = 0 class makes of it.

    At C_b = 0, C_W = 1/sigma_1^2 one layer maps K to K + a_1 K^2 + ... and has chi_perp = 1 + b_1 K + ... :

    .. math::
        a_1 = \frac{\sigma_3}{\sigma_1} + \frac34\Big(\frac{\sigma_2}{\sigma_1}\Big)^2, \qquad
        b_1 = \frac{\sigma_3}{\sigma_1} + \Big(\frac{\sigma_2}{\sigma_1}\Big)^2, \qquad p_\perp = \frac{b_1}{a_1} .

    PDLT after (10.71), its (5.86) and (5.88).
    """

    sigma_1: float
    sigma_2: float
    sigma_3: float

    @property
    def a_1(self) -> float:
        return self.sigma_3 / self.sigma_1 + 0.75 * (self.sigma_2 / self.sigma_1) ** 2

    @property
    def b_1(self) -> float:
        return self.sigma_3 / self.sigma_1 + (self.sigma_2 / self.sigma_1) ** 2

    @property
    def p_perp(self) -> float:
        return self.b_1 / self.a_1


def origin_expansion(activation: str | Activation) -> OriginExpansion:
    r"""The constants of an activation of the K* = 0 universality class.

    Args:
        activation: smooth at 0, with sigma(0) = 0, sigma'(0) != 0 and a_1 < 0. Odd is not enough: sinh is odd, has
            a_1 = 1, and its kernel grows without bound (course/errata.md, E4).

    Raises:
        ValueError: the activation is not of this class; the message says which condition fails.

    >>> parts = origin_expansion("tanh")
    >>> round(parts.sigma_1, 12), round(parts.a_1, 12), round(parts.p_perp, 12)
    (1.0, -2.0, 1.0)
    """
    sigma = as_activation(activation)
    outside = f"{sigma.name} is not in the K* = 0 class: "
    if 0.0 in sigma.kinks:
        raise ValueError(f"{outside}it has a kink at 0")
    zero = torch.zeros(1, dtype=torch.float64)
    at_zero = [float(g(zero)) for g in (sigma.f, sigma.derivative, second_derivative(sigma), third_derivative(sigma))]
    if abs(at_zero[0]) > 1e-14:
        raise ValueError(f"{outside}sigma(0) = {at_zero[0]:.4g}, not 0. Subtract it from the activation")
    if abs(at_zero[1]) <= 1e-14:
        raise ValueError(f"{outside}sigma'(0) = 0, so chi_perp is 0 at K = 0")
    expansion = OriginExpansion(*at_zero[1:])
    if expansion.a_1 >= 0:
        raise ValueError(
            f"{outside}a_1 = sigma_3/sigma_1 + (3/4)(sigma_2/sigma_1)^2 = {expansion.a_1:.4g} must be negative, or K "
            "grows away from 0"
        )
    return expansion


def universality_class(activation: str | Activation) -> str:
    """Return "scale-invariant" or "K*=0"; any other activation is an error that names the condition it fails.

    >>> universality_class("leaky_relu:0.2"), universality_class("erf")
    ('scale-invariant', 'K*=0')
    """
    slopes = scale_invariant_slopes(activation)
    if slopes is not None and slopes != (0.0, 0.0):
        return "scale-invariant"
    origin_expansion(activation)
    return "K*=0"


def critical_point(activation: str | Activation) -> tuple[float, float]:
    r"""(C_b, C_W) at which both susceptibilities are 1 at the fixed point of K.

    Scale-invariant activations: (0, 2/(a_plus^2 + a_minus^2)), at every K. The K* = 0 class: (0, 1/sigma'(0)^2).
    PDLT (10.84) with chi = 1, and before (10.71).

    Raises:
        ValueError: the activation is of neither class. GELU is not; see :func:`half_stable_point`.

    >>> critical_point("relu"), critical_point("scale_invariant:2,1"), critical_point("tanh")
    ((0.0, 2.0), (0.0, 0.4), (0.0, 1.0))
    """
    if universality_class(activation) == "scale-invariant":
        A_2, _ = scale_invariant_constants(activation)
        return 0.0, 1 / A_2
    return 0.0, 1 / origin_expansion(activation).sigma_1 ** 2


def half_stable_point(activation: str | Activation) -> tuple[float, float, float]:
    r"""(K*, C_b, C_W) with chi_parallel = chi_perp = 1 at a fixed point K* > 0, for activations of neither class.

    .. math::
        \frac{\langle z\sigma\sigma'\rangle_{K^*}}{K^*} = \langle\sigma'\sigma'\rangle_{K^*}, \qquad
        C_W = \frac{1}{\langle\sigma'\sigma'\rangle_{K^*}}, \qquad
        C_b = K^* - C_W\langle\sigma\sigma\rangle_{K^*} \ge 0 .

    The conditions of PDLT 10.3.1 solved for K* between 1e-3 and 1e3 (the smallest root). Such a point is half-stable:
    K is drawn to it from one side and driven off on the other.

    Raises:
        ValueError: no such point.

    >>> [round(value, 4) for value in half_stable_point("gelu")]
    [3.5616, 0.1729, 1.9831]
    """
    sigma = as_activation(activation)

    def integrand(z: torch.Tensor) -> torch.Tensor:
        value, slope = sigma.f(z), sigma.derivative(z)
        return torch.stack([z * value * slope, slope**2, value**2])

    average = GaussianAverage(integrand, sigma.kinks)

    def gap(log_K: float) -> float:
        """chi_parallel - chi_perp over chi_perp."""
        K = math.exp(log_K)
        parallel, perp, _ = average(K).tolist()
        return parallel / (K * perp) - 1

    grid = [math.log(1e-3) + i * math.log(1e6) / 120 for i in range(121)]
    gaps = [gap(log_K) for log_K in grid]
    if max(map(abs, gaps)) > 1e-10:  # below it the activation is scale-invariant, critical at every K
        for low, high, left, right in zip(grid[:-1], grid[1:], gaps[:-1], gaps[1:], strict=True):
            if left * right < 0:
                K = math.exp(brentq(gap, low, high, xtol=1e-14))
                _, perp, square = average(K).tolist()
                C_b, C_W = K - square / perp, 1 / perp
                if C_b >= 0:
                    return K, C_b, C_W
    raise ValueError(f"{sigma.name} has no half-stable critical point with K in [0.001, 1000]; see critical_point")
