"""E[σ(u)σ(v)] and E[σ′(u)σ′(v)] in closed form, for (u, v) jointly normal with mean zero.

Throughout Var u = ``qx``, Var v = ``qz``, E[uv] = ``k``: tensors that broadcast. Each function returns the pair
(E_ss, E_dd). Since ∂E_ss/∂k = E_dd, each pair can be checked against itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from ntklab.gaussian.activations import Activation

Pair = tuple[torch.Tensor, torch.Tensor]
ClosedForm = Callable[[torch.Tensor, torch.Tensor, torch.Tensor], Pair]


def erf(qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> Pair:
    """(2/π) arcsin(2k/√((1 + 2qx)(1 + 2qz))) and (4/π)/√((1 + 2qx)(1 + 2qz) − 4k²) (Williams 1997)."""
    root = _minor(2 * qx, 2 * k, 2 * qz).sqrt_()
    return torch.atan2(2 * k, root).mul_(2 / math.pi), root.reciprocal().mul_(4 / math.pi)


def sin(qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> Pair:
    """exp(−(qx + qz)/2) times sinh k and cosh k, with the exponents joined so that nothing overflows."""
    size = k.abs()
    near = torch.exp(size - (qx + qz) / 2) / 2
    far = torch.expm1(-2 * size)
    return -near * far * torch.sign(k), near * (2 + far)


def gelu(qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> Pair:
    """Exact GELU zΦ(z), by Gaussian integration by parts.

    With D = (1 + qx)(1 + qz) − k²: E[ΦΦ] = 1/4 + arctan(k/√D)/2π and E[φφ] = 1/(2π√D), where Φ, φ are the normal
    distribution and density; then
    E_ss = k E[ΦΦ] + E[φφ] (qx qz − k² + k²/(1 + qx) + k²/(1 + qz)),
    E_dd = E[ΦΦ] + k E[φφ] (1/(1 + qx) + 1/(1 + qz) + 1/D).
    """
    minor = _minor(qx, k, qz)
    root = minor.sqrt()
    density = (2 * math.pi * root).reciprocal_()
    both = torch.atan2(k, root).mul_(1 / (2 * math.pi)).add_(0.25)
    shrink = 1 / (1 + qx) + 1 / (1 + qz)
    determinant = (qx * qz - k * k).clamp_(min=0)
    return k * both + density * (determinant + k * k * shrink), both + k * density * (shrink + 1 / minor)


def monomial(qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor, power: int) -> Pair:
    """E[uᵖvᵖ] by Wick's theorem, and p² E[uᵖ⁻¹vᵖ⁻¹]."""
    return _wick(qx, k, qz, power), _wick(qx, k, qz, power - 1).mul_(power**2)


def _wick(qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor, power: int) -> torch.Tensor:
    """Σ_j j! (C(p, j)(p−j−1)!!)² kʲ (qx qz)^((p−j)/2): j pairs join u to v, the others stay among themselves."""
    product = qx * qz
    total = torch.zeros_like(k + product)
    for joined in range(power % 2, power + 1, 2):
        apart = power - joined
        ways = math.comb(power, joined) * math.prod(range(apart - 1, 0, -2))
        total += float(math.factorial(joined) * ways**2) * k**joined * product ** (apart // 2)
    return total


def _minor(qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> torch.Tensor:
    """(1 + qx)(1 + qz) − k² ≥ 1 + qx + qz, also when rounding makes k² exceed qx qz."""
    return (qx * qz - k * k).clamp_(min=0).add_(1 + qx + qz)


def closed_form(activation: Activation) -> ClosedForm | None:
    """The closed form of that activation, or ``None``. The scale-invariant ones have their own module."""
    if activation.family == "monomial":
        power = int(activation.parameters[0])
        return lambda qx, k, qz: monomial(qx, k, qz, power)
    forms: dict[str, ClosedForm] = {"erf": erf, "sin": sin, "gelu": gelu}
    return forms.get(activation.family)
