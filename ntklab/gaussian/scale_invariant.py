"""The scale-invariant (ReLU-like) activations, a₊z for z > 0 and a₋z else, as functions of the angle.

Write σ(z) = αz + β|z| with α = (a₊ + a₋)/2, β = (a₊ − a₋)/2. For u, v of unit variance and cos θ = E[uv]::

    E_dd = α² + (2β²/π)(π/2 − θ)
    E_ss = (2β²/π) sin θ + cos θ E_dd

and E_ss grows with the two standard deviations, E_dd does not depend on them. For the ReLU (α = β = 1/2) these are
the arc-cosine kernels of order 0 and 1 (Cho & Saul 2009), PDLT (5.24).

E_dd has slope −1/sin θ in cos θ: an error of one rounding in the cosine of a nearly parallel pair costs 4e-9. Such
pairs are *suspect* and are to be done again from an accurate angle (:func:`by_angle`).
"""

from __future__ import annotations

import math

import torch

Pair = tuple[torch.Tensor, torch.Tensor]


def coefficients(plus: float, minus: float) -> tuple[float, float]:
    """(α², 2β²/π) of the module's formula; a plain rotation of the slopes."""
    return ((plus + minus) / 2) ** 2, ((plus - minus) / 2) ** 2 * 2 / math.pi


def by_angle(
    theta: torch.Tensor, supplement: torch.Tensor, rx: torch.Tensor, rz: torch.Tensor, plus: float, minus: float
) -> Pair:
    """(E_ss, E_dd) at angle ``theta`` and standard deviations ``rx``, ``rz``: the formula as it stands.

    ``supplement`` is π − θ, known to full relative accuracy on its own: beyond a right angle the same formula is
    written in it, so that the ReLU gets an exact 0 for opposite directions.
    """
    alpha2, beta2 = coefficients(plus, minus)
    kink = beta2 * math.pi / 2  # β²
    acute = theta < math.pi / 2
    E_dd = torch.where(acute, alpha2 + kink - beta2 * theta, alpha2 - kink + beta2 * supplement)
    near = beta2 * torch.sin(theta) + torch.cos(theta) * E_dd
    far = beta2 * _sine_less_chord(supplement) - torch.cos(supplement) * (alpha2 - kink)
    return rx * rz * torch.where(acute, near, far), E_dd


def by_covariance(qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor, plus: float, minus: float) -> Pair:
    """(E_ss, E_dd) from variances and covariance that broadcast; not for nearly parallel pairs."""
    alpha2, beta2 = coefficients(plus, minus)
    scale = qx.sqrt() * qz.sqrt()
    cosine = torch.where(scale > 0, k / torch.where(scale > 0, scale, 1.0), 0.0).clamp_(-1, 1)
    E_dd = alpha2 + beta2 * torch.asin(cosine)
    return scale * (beta2 * torch.sqrt(1 - cosine**2) + cosine * E_dd), E_dd


def gaps(theta: torch.Tensor, supplement: torch.Tensor, plus: float, minus: float) -> Pair:
    """E_ss(0) − E_ss(θ) and E_ss(0) + E_ss(θ) at unit variances, both without cancellation.

    They carry an accurate angle through the layers, since sin² of the next angle is their product over E_ss(0)².
    """
    alpha2, beta2 = coefficients(plus, minus)
    kink = beta2 * math.pi / 2  # β²
    sine2, cosine2 = torch.sin(theta / 2) ** 2, torch.cos(theta / 2) ** 2
    below = 2 * (alpha2 + kink) * sine2 - beta2 * _sine_less_chord(theta)
    above = 2 * alpha2 * cosine2 + 2 * kink * sine2 + beta2 * _sine_less_chord(supplement)
    return below, above


def _sine_less_chord(phi: torch.Tensor) -> torch.Tensor:
    """sin φ − φ cos φ ≈ φ³/3, by its series where the difference would cancel."""
    series, term = torch.zeros_like(phi), phi.clamp(max=1.0)
    square = term * term
    for n in range(1, 10):
        term = term * square / ((2 * n) * (2 * n + 1)) * (-1.0 if n > 1 else 1.0)
        series = series + 2 * n * term
    return torch.where(phi < 1.0, series, torch.sin(phi) - phi * torch.cos(phi))


def angles_from_covariance(qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> Pair:
    """θ with cos θ = k/√(qx qz), and π − θ, to the last digit the three numbers hold; π/2 where a variance is 0.

    The determinant qx qz − k² is taken from exact products, so nothing cancels; a negative one counts as 0.
    """
    qx, k, qz = (t.double() for t in torch.broadcast_tensors(qx, k, qz))
    product, product_error = _exact_product(qx, qz)
    square, square_error = _exact_product(k, k)
    determinant = ((product - square) + (product_error - square_error)).clamp_(min=0)
    k = torch.where(product > 0, k, torch.zeros_like(k))
    sine = torch.where(product > 0, determinant.sqrt_(), torch.ones_like(k))
    return torch.atan2(sine, k), torch.atan2(sine, -k)


def _exact_product(a: torch.Tensor, b: torch.Tensor) -> Pair:
    """a·b as an unevaluated sum of two float64 (Dekker 1971)."""
    product = a * b
    (a_high, a_low), (b_high, b_low) = _halves(a), _halves(b)
    return product, ((a_high * b_high - product) + a_high * b_low + a_low * b_high) + a_low * b_low


def _halves(a: torch.Tensor) -> Pair:
    scaled = a * 134217729.0  # 2²⁷ + 1
    high = scaled - (scaled - a)
    return high, a - high
