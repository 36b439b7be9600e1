"""Integrals of activations with kinks anywhere: one inside the other, both cut at the kinks."""

from __future__ import annotations

import math

import numpy as np

from ntklab.gaussian.activations import Activation

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


def pieces(ends: np.ndarray, far: float) -> tuple[np.ndarray, np.ndarray]:
    """Gauss–Legendre nodes between the sorted ends (last axis, clipped to ±far), weighted by the normal density."""
    ends = np.sort(np.clip(ends, -far, far), axis=-1)
    half, middle = np.diff(ends) / 2, (ends[..., 1:] + ends[..., :-1]) / 2
    nodes = middle[..., None] + half[..., None] * _NODES
    weights = half[..., None] * _WEIGHTS * np.exp(-nodes * nodes / 2) / math.sqrt(2 * math.pi)
    shape = (*ends.shape[:-1], -1)
    return nodes.reshape(shape), weights.reshape(shape)


def split_moments(
    activation: Activation, rx: float, rz: float, theta: float, supplement: float, far: float
) -> tuple[float, float, float, float]:
    """The four of ``quadrature.moments`` for u = rx a, v = rz (cos θ a + sin θ b), a and b independent normals.

    Pieces in a end at the kinks of u, and crowd where a kink of v is blurred by b to the width tan θ; for each a the
    pieces in b end at the kinks of v.
    """
    sine = math.sin(min(theta, supplement))
    cosine = math.cos(theta)
    base = np.linspace(-far, far, 2 * math.ceil(far * max(1.0, rx, rz) / 1.5) + 1)
    kinks = np.array(activation.kinks)
    ends = [base]
    if rx > 0:
        ends.append(kinks / rx)
    if rz * abs(cosine) > 0:
        blur = sine / abs(cosine) * np.array([-9, -6, -4, -2.5, -1, 0, 1, 2.5, 4, 6, 9])
        ends.append(((kinks / (rz * cosine))[:, None] + blur).ravel())
    a, weight_a = pieces(np.concatenate(ends), far)
    mean, spread = rz * cosine * a, rz * sine
    if spread > 0:
        with np.errstate(over="ignore"):
            crossings = (kinks - mean[:, None]) / spread
        b, weight_b = pieces(np.concatenate([np.broadcast_to(base, (len(a), len(base))), crossings], axis=1), far)
        v = mean[:, None] + spread * b
    else:
        v, weight_b = mean[:, None], np.ones((len(a), 1))
    fu, fv = activation.f(rx * a), activation.f(v)
    slopes = activation.derivative(rx * a) * (activation.derivative(v) * weight_b).sum(1)
    inner = (
        fu * (fv * weight_b).sum(1),
        slopes,
        ((fu[:, None] - fv) ** 2 * weight_b).sum(1),
        ((fu[:, None] + fv) ** 2 * weight_b).sum(1),
    )
    E_ss, E_dd, minus, plus = (float(values @ weight_a) for values in inner)
    return E_ss, E_dd, minus, plus
