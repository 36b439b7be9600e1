"""Two inputs of equal norm through a deep scale-invariant network: polar angles of K and Theta, layer by layer."""

from __future__ import annotations

import math

import numpy as np

from ntklab._check import Array, integer, nonnegative, positive

RHO_MAX = 2 / math.pi  # reached by |z|: a_minus = -a_plus


def angle_recursion(
    rho: float,
    psi0: float,
    depth: int,
    lambda_b: float = 0.0,
    lambda_W: float = 1.0,
    K_d: float = 1.0,
    A_2: float = 1.0,
) -> tuple[Array, Array]:
    r"""Angles of the kernel and of the frozen NTK at criticality, by layer, for a scale-invariant activation.

    .. math::
        \cos\psi^{(\ell+1)} &= \cos\psi^{(\ell)} + \rho\,[\sin\psi^{(\ell)} - \psi^{(\ell)}\cos\psi^{(\ell)}], \\
        \Theta_d^{(\ell+1)}\cos\zeta^{(\ell+1)} &= (1 - \rho\,\psi^{(\ell)})\,\Theta_d^{(\ell)}\cos\zeta^{(\ell)}
            + \frac{1}{L}\big[\tilde\lambda_b + \tilde\lambda_W A_2 K_d \cos\psi^{(\ell+1)}\big], \qquad
        \Theta_d^{(\ell)} = (\tilde\lambda_b + \tilde\lambda_W A_2 K_d)\,\ell/L .

    PDLT (10.82)-(10.91) at chi = C_W A_2 = 1 and C_b = 0, with the rates lambda/L of the equivalence principle in every
    layer, the first included. For rho > 0 the angles go, slowly, to psi = 3/(rho l) and cos zeta = 1/4 (10.90, 10.93).

    The layers are those of a network of ``depth`` or more weight layers: L cancels in cos zeta. The angle is carried by
    its half-angle form, so that psi0 = 1e-12 is as good as psi0 = 1.

    Args:
        rho: (a_plus - a_minus)^2 / (pi (a_plus^2 + a_minus^2)), in [0, 2/pi]; ReLU has 1/pi, a linear network 0.
        psi0: angle between the two inputs in radians, psi of layer 1, in [0, pi].
        depth: number of layers.
        lambda_b, lambda_W: the tilded rates, before the division by L.
        K_d: the diagonal of K, the same in every layer (C_W |x|^2 / d).
        A_2: (a_plus^2 + a_minus^2) / 2 = <sigma sigma> / K; only lambda_W * A_2 * K_d enters.

    Returns:
        (psi, cos_zeta), each of shape ``(depth,)``, float64; entry 0 is layer 1.

    Raises:
        ValueError: an argument outside its range, or lambda_b = lambda_W = 0 (Theta vanishes).

    Without a kink (rho = 0) both angles stay where layer 1 has put them:

    >>> psi, cos_zeta = angle_recursion(0.0, np.pi / 3, 3)
    >>> np.round(3 * psi / np.pi, 12), np.round(cos_zeta, 12)
    (array([1., 1., 1.]), array([0.5, 0.5, 0.5]))

    One ReLU layer on orthogonal inputs, Cho and Saul's cos psi = 1/pi, and cos zeta = (0 + 1/pi)/2:

    >>> psi, cos_zeta = angle_recursion(1 / np.pi, np.pi / 2, 2)
    >>> np.round(np.pi * np.cos(psi), 12), np.round(2 * np.pi * cos_zeta, 12)
    (array([0., 1.]), array([0., 1.]))
    """
    rho, psi = _within("rho", rho, RHO_MAX, "2/pi"), _within("psi0", psi0, math.pi, "pi")
    depth = integer("depth", depth)
    share = _weight_share(lambda_b, lambda_W, K_d, A_2)

    angles, cosines = np.empty(depth), np.empty(depth)
    gap = share * _one_minus_cos(psi)  # 1 - cos zeta: no cancellation for near inputs
    for layer in range(1, depth + 1):
        angles[layer - 1], cosines[layer - 1] = psi, 1 - gap
        loss = rho * psi
        psi = _next_angle(rho, psi)
        # Theta_d grows as the layer, so layer + 1 weighs `layer` parts of what came through and one part of its own.
        gap = (layer * (loss + (1 - loss) * gap) + share * _one_minus_cos(psi)) / (layer + 1)
    return angles, cosines


def _next_angle(rho: float, psi: float) -> float:
    r"""The angle psi after one more layer: cos psi' = cos psi + rho (sin psi - psi cos psi).

    PDLT (10.85) over (10.83). From 1 - cos psi' and 1 + cos psi', each computed without cancellation: the arccosine of
    the printed form loses half the digits near 0.

    >>> round(math.pi * math.cos(_next_angle(1 / math.pi, math.pi / 2)), 12)  # ReLU at a right angle
    1.0
    """
    turn = rho * _sin_minus_cos(psi)
    away = max(2 * math.sin(psi / 2) ** 2 - turn, 0.0)
    towards = 2 * math.cos(psi / 2) ** 2 + turn
    return 2 * math.atan2(math.sqrt(away), math.sqrt(towards))


def _sin_minus_cos(psi: float) -> float:
    r"""sin psi - psi cos psi = psi^3/3 - psi^5/30 + ..., to full relative precision on [0, pi].

    >>> _sin_minus_cos(np.pi) == np.pi, round(3e24 * _sin_minus_cos(1e-8), 12)
    (True, 1.0)
    """
    if psi > 0.5:
        return math.sin(psi) - psi * math.cos(psi)
    term, total = psi**3 / 3, 0.0
    for k in range(1, 9):  # (-1)^(k+1) 2k psi^(2k+1) / (2k+1)!; the ninth is below 1e-20 of the first
        total += term
        term *= -psi * psi / (2 * k * (2 * k + 3))
    return total


def deep_linear_cos_zeta(
    psi0: float, lambda_b: float = 0.0, lambda_W: float = 1.0, K_d: float = 1.0, A_2: float = 1.0
) -> float:
    r"""cos zeta of a deep linear network at criticality, the same at every depth.

    .. math::
        \cos\zeta = \frac{\tilde\lambda_b + \tilde\lambda_W A_2 K_d \cos\psi^*}
            {\tilde\lambda_b + \tilde\lambda_W A_2 K_d} .

    PDLT (10.98), which prints it as the limit of a polynomial approach. It is exact in every layer once the first
    layer has the rate lambda/L too, as (10.91) takes for granted (course/errata.md, E5).

    Args:
        psi0: angle between the inputs in radians, in [0, pi]; a linear network keeps it.
        lambda_b, lambda_W, K_d, A_2: as in :func:`angle_recursion`; A_2 = 1 for sigma(z) = z.

    >>> round(deep_linear_cos_zeta(np.pi / 2, lambda_b=1.0, lambda_W=3.0), 12)  # (1 + 0)/(1 + 3)
    0.25
    """
    _within("psi0", psi0, math.pi, "pi")
    return 1 - _weight_share(lambda_b, lambda_W, K_d, A_2) * _one_minus_cos(psi0)


def _weight_share(lambda_b: float, lambda_W: float, K_d: float, A_2: float) -> float:
    """The weights' part of Theta_d; the biases make up the rest."""
    bias = nonnegative("lambda_b", lambda_b)
    weight = nonnegative("lambda_W", lambda_W) * positive("A_2", A_2) * positive("K_d", K_d)
    if bias + weight == 0:
        raise ValueError("lambda_b and lambda_W must not both be 0: the frozen NTK would vanish. Give one a rate")
    return weight / (bias + weight)


def _one_minus_cos(psi: float) -> float:
    return 2 * math.sin(psi / 2) ** 2


def _within(name: str, value: float, top: float, top_name: str) -> float:
    number = nonnegative(name, value)
    if number > top * (1 + 1e-12):  # a last-digit excess is rounding of the caller's own formula
        raise ValueError(f"{name} must be in [0, {top_name}]; got {value!r}")
    return min(number, top)
