"""Kernel and frozen NTK through the layers, to second order in the distance of two inputs."""

from __future__ import annotations

import math
from numbers import Real
from typing import NamedTuple

import numpy as np
import torch

from ntklab._check import Array, enter, integer, nonnegative, positive, vector
from ntklab.depth.averages import GaussianAverage
from ntklab.depth.criticality import origin_expansion, universality_class
from ntklab.depth.derivatives import second_derivative, third_derivative
from ntklab.gaussian import Activation
from ntklab.gaussian import activation as as_activation


def input_components(x_plus: Array, x_minus: Array, C_b: float, C_W: float) -> tuple[float, float, float]:
    r"""First-layer kernel components of two inputs: what :func:`depth_recursion` starts from.

    .. math::
        K_{00} = C_b + \frac{C_W}{d}\lVert x_0\rVert^2, \qquad
        \delta K_{[1]} = \frac{C_W}{2d}(\lVert x_+\rVert^2 - \lVert x_-\rVert^2), \qquad
        \delta\delta K_{[2]} = \frac{C_W}{4d}\lVert x_+ - x_-\rVert^2,

    with x_0 the midpoint; the first layer is bilinear, so that nothing else is left. Mind the 1/4.

    Args:
        x_plus, x_minus: shape ``(d,)``.
        C_b, C_W: variances of the first layer.

    Returns:
        (K0, delta1, delta2), floats.

    >>> input_components([2.0, 0.0], [0.0, 1.0], C_b=0.5, C_W=1.0)  # .5 + 1.25/2, (4 - 1)/4, (4 + 1)/8
    (1.125, 0.75, 0.625)
    """
    (plus, minus), _ = enter(x_plus=x_plus, x_minus=x_minus)
    vector("x_plus", plus)
    vector("x_minus", minus, length=len(plus), of="x_plus")
    C_b, per_input = nonnegative("C_b", C_b), positive("C_W", C_W) / len(plus)
    middle, apart = (plus + minus) / 2, plus - minus
    return (
        C_b + per_input * float(middle @ middle),
        per_input * float(middle @ apart),
        per_input / 4 * float(apart @ apart),
    )


def equivalence_learning_rates(
    activation: str | Activation, depth: int, lambda_b: float = 1.0, lambda_W: float = 1.0
) -> tuple[Array, Array]:
    r"""Learning rates by layer that let every layer contribute alike to the frozen NTK (the equivalence principle).

    .. math::
        \lambda_b^{(\ell)} = \tilde\lambda_b\,\ell^{-p_\perp} L^{p_\perp - 1}, \qquad
        \lambda_W^{(\ell)} = \tilde\lambda_W\,(L/\ell)^{p_\perp - 1}

    in the K* = 0 class, PDLT (10.74), and lambda/L in every layer for scale-invariant activations, PDLT before (10.91).

    Args:
        activation: a name or an ``Activation`` of one of the two classes.
        depth: L, the number of weight layers.
        lambda_b, lambda_W: the tilded rates.

    Returns:
        (lambda_b, lambda_W), each ``(depth,)``, float64: what :func:`depth_recursion` takes, and, as tuples, ``MLP``.

    >>> equivalence_learning_rates("tanh", 2, 1.0, 3.0)  # p_perp = 1
    (array([1. , 0.5]), array([3., 3.]))
    >>> equivalence_learning_rates("relu", 2, 1.0, 3.0)
    (array([0.5, 0.5]), array([1.5, 1.5]))
    """
    depth = integer("depth", depth)
    lambda_b, lambda_W = nonnegative("lambda_b", lambda_b), nonnegative("lambda_W", lambda_W)
    if universality_class(activation) == "scale-invariant":
        return np.full(depth, lambda_b / depth), np.full(depth, lambda_W / depth)
    p_perp = origin_expansion(activation).p_perp
    layers = np.arange(1, depth + 1, dtype=np.float64)
    return lambda_b * layers**-p_perp * depth ** (p_perp - 1), lambda_W * (depth / layers) ** (p_perp - 1)


def depth_recursion(
    activation: str | Activation,
    C_b: float,
    C_W: float,
    K0: float,
    delta2: float,
    lambda_b: Array,
    lambda_W: Array,
    delta1: float = 0.0,
) -> dict[str, Array]:
    r"""Components of K and Theta around the midpoint of two near inputs, layer by layer, for smooth activations.

    .. math::
        \delta\delta\Theta_{[2]}^{(\ell+1)} = \chi_\perp\,\delta\delta\Theta_{[2]}
            + \Big(\frac{\lambda_W^{(\ell+1)}}{C_W}\chi_\perp
            + C_W\langle\sigma''\sigma''\rangle\,\Theta_{00}\Big)\,\delta\delta K_{[2]}

    with everything on the right in layer l and every average over K_00. PDLT (10.64), (10.67), (10.70); beside them
    the components [0], which the book leaves to the reader (after (10.116)), and, when ``delta1`` is not 0, the terms
    that its footnote 32 leaves out: all components are right to second order. Write g, h, p for <sigma sigma>,
    <sigma' sigma'>, <sigma'' sigma''> and a dot for d/dK. Then, with one weight layer's C_W and lambda_W,

    .. math::
        \delta K_{[1]} &\to C_W \dot g\,\delta K_{[1]}, \\
        \delta\delta K_{[2]} &\to C_W (h\,\delta\delta K_{[2]} + \tfrac12\dot h\,\delta K_{[1]}^2), \\
        \delta\delta K_{[0]} &\to C_W (\dot g\,\delta\delta K_{[0]} + (\dot g - h)\,\delta\delta K_{[2]}
            + \tfrac12(\ddot g - \dot h)\,\delta K_{[1]}^2),

    the components of <sigma' sigma'> follow on replacing (g, h) by (h, p), and Theta' = lambda_b + lambda_W <sigma
    sigma> + C_W <sigma' sigma'> Theta is multiplied out.

    Args:
        activation: a name or an ``Activation`` without kinks.
        C_b, C_W: variances of every layer.
        K0: K_00 of layer 1, greater than 0 and at least C_b.
        delta2: ddK_2 of layer 1: C_W |x_+ - x_-|^2 / (4 d), see :func:`input_components`.
        lambda_b, lambda_W: learning rates by layer, shape ``(depth,)``; entry 0 is layer 1.
        delta1: dK_1 of layer 1; 0 for inputs of one norm.

    Returns:
        "K_00", "dK_1", "ddK_0", "ddK_2", "Theta_00", "dTheta_1", "ddTheta_0", "ddTheta_2", each ``(depth,)``.

    Raises:
        ValueError: lengths differ, a value outside its range, or an activation with a kink, whose <sigma'' sigma''> is
            infinite: use :func:`ntklab.depth.angle_recursion` for scale-invariant ones.

    sigma(z) = z passes everything on, and Theta grows by K in every layer:

    >>> parts = depth_recursion("linear", 0.0, 1.0, 2.0, 0.1, [0.0, 0.0, 0.0], [1.0, 1.0, 1.0])
    >>> parts["Theta_00"].round(12), parts["ddTheta_2"].round(12)
    (array([2., 4., 6.]), array([0.1, 0.2, 0.3]))
    """
    sigma = as_activation(activation)
    if sigma.kinks:
        raise ValueError(
            f"{sigma.name} has a kink, so <sigma'' sigma''> is infinite: use angle_recursion if it is scale-invariant"
        )
    C_b, C_W = nonnegative("C_b", C_b), positive("C_W", C_W)
    K0, delta2 = positive("K0", K0), nonnegative("delta2", delta2)
    if K0 < C_b:
        raise ValueError(f"K0 = C_b + C_W |x|^2 / d must be at least C_b = {C_b}; got {K0}")
    delta1 = _parallel(delta1, delta2, K0 - C_b)
    (rates_b, rates_W), leave = enter(lambda_b=lambda_b, lambda_W=lambda_W)
    vector("lambda_b", rates_b)
    vector("lambda_W", rates_W, length=len(rates_b), of="lambda_b")
    if bool((rates_b < 0).any()) or bool((rates_W < 0).any()):
        raise ValueError("lambda_b and lambda_W must not be negative in any layer")

    averages = _Averages(sigma, unequal=delta1 != 0)
    K = _Components(K0, delta1, 0.0, delta2)
    Theta = K.shifted(-C_b).scaled(1 / C_W)  # x_a.x_b / d
    rows = []
    for layer, (b, W) in enumerate(zip(rates_b.tolist(), rates_W.tolist(), strict=True)):
        if layer == 0:
            Theta = Theta.scaled(W).shifted(b)
        else:
            square, slope = averages(K)  # of this layer, before K moves on
            Theta = square.scaled(W).plus(slope.times(Theta).scaled(C_W)).shifted(b)
            K = square.scaled(C_W).shifted(C_b)
        rows.append((*K, *Theta))
    columns = torch.tensor(rows, dtype=torch.float64).to(rates_b).unbind(1)
    parts = (("", "00"), ("d", "1"), ("dd", "0"), ("dd", "2"))
    names = [f"{d}{kernel}_{part}" for kernel in ("K", "Theta") for d, part in parts]
    return {name: leave(column.clone()) for name, column in zip(names, columns, strict=True)}


class _Components(NamedTuple):
    """A 2 x 2 kernel around the midpoint: its value there, and its parts [1] (first order), [0] and [2] (second)."""

    centre: float
    first: float
    zeroth: float
    second: float

    def scaled(self, factor: float) -> _Components:
        return _Components(*(factor * part for part in self))

    def shifted(self, constant: float) -> _Components:
        return self._replace(centre=self.centre + constant)

    def plus(self, other: _Components) -> _Components:
        return _Components(*(a + b for a, b in zip(self, other, strict=True)))

    def times(self, other: _Components) -> _Components:
        """The entrywise product, to second order."""
        both_first = self.first * other.first / 2
        return _Components(
            self.centre * other.centre,
            self.centre * other.first + self.first * other.centre,
            self.centre * other.zeroth + self.zeroth * other.centre + both_first,
            self.centre * other.second + self.second * other.centre + both_first,
        )


class _Averages:
    """Components of <sigma sigma> and <sigma' sigma'> over a kernel with given components."""

    def __init__(self, sigma: Activation, unequal: bool) -> None:
        curve, third = second_derivative(sigma), third_derivative(sigma)
        self._unequal = unequal

        def integrand(z: torch.Tensor) -> torch.Tensor:
            s0, s1, s2 = sigma.f(z), sigma.derivative(z), curve(z)
            rows = [s0 * s0, s1 * s1, s2 * s2, z * s0 * s1, z * s1 * s2]
            if unequal:
                s3 = third(z)
                # d<F>/dK = <z F'>/(2K) for F = s1^2 + s0 s2 and s2^2; for F = s2^2 + s1 s3 by its second Hermite part
                rows += [z * (3 * s1 * s2 + s0 * s3) / 2, z * s2 * s3, s2 * s2 + s1 * s3, z * z * (s2 * s2 + s1 * s3)]
            return torch.stack(rows)

        self._average = GaussianAverage(integrand)

    def __call__(self, K: _Components) -> tuple[_Components, _Components]:
        square, slope, curve, by_K, slope_by_K, *rest = self._average(K.centre).tolist()
        by_K, slope_by_K = by_K / K.centre, slope_by_K / K.centre
        by_KK = curve_by_K = slope_by_KK = 0.0
        if self._unequal:
            by_KK, curve_by_K = rest[0] / K.centre, rest[1] / K.centre
            slope_by_KK = (rest[3] / K.centre - rest[2]) / (2 * K.centre)
        return (
            _through(K, square, by_K, by_KK, slope, slope_by_K),
            _through(K, slope, slope_by_K, slope_by_KK, curve, curve_by_K),
        )


def _through(K: _Components, g: float, dg: float, ddg: float, h: float, dh: float) -> _Components:
    """Components of <s s> over K from g = <s s> and h = <s' s'> at the midpoint and their derivatives by K."""
    return _Components(
        g,
        dg * K.first,
        dg * K.zeroth + (dg - h) * K.second + (ddg - dh) * K.first**2 / 2,
        h * K.second + dh * K.first**2 / 2,
    )


def _parallel(delta1: float, delta2: float, norm: float) -> float:
    if not isinstance(delta1, Real) or not math.isfinite(delta1):
        raise TypeError(f"delta1 must be a finite number; got {delta1!r}")
    if delta1**2 > 4 * delta2 * norm * (1 + 1e-9):
        raise ValueError(
            f"delta1 = {delta1:.4g} is more than delta2 = {delta2:.4g} and K0 - C_b = {norm:.4g} allow: "
            "|x_0.dx| <= |x_0||dx| means delta1^2 <= 4 delta2 (K0 - C_b)"
        )
    return float(delta1)
