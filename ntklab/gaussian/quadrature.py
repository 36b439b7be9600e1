"""E[σ(u)σ(v)] and E[σ′(u)σ′(v)] by integrating numerically, one pair of variables at a time: the reference.

Smooth σ: the trapezoid rule on a square grid of two independent normals (a, b), with

    u = √qx (cos(θ/2) a + sin(θ/2) b),   v = √qz (cos(θ/2) a − sin(θ/2) b),   cos θ = k/√(qx qz).

The rule converges geometrically in the step for analytic σ, and in this basis equally fast at every angle, θ = 0 and
θ = π included. (Gauss–Hermite in two variables is wrong by up to 1 for tanh at variance 40 and degree 40.)

σ with kinks: one integral inside the other, both split at the kinks, by Gauss–Legendre on each piece.

All of this is float64 on the CPU; ``tables`` serves many pairs from few such integrals.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch

from ntklab._check import Array
from ntklab.gaussian.activations import Activation
from ntklab.gaussian.scale_invariant import angles_from_covariance

Pair = tuple[torch.Tensor, torch.Tensor]

_SETTLED = 1e-14  # of E[σ²]: two rules on the line agree this well
_FINEST = 4096  # most nodes on the line
_CHUNK = 2**21  # nodes evaluated at once: 16 MiB


@dataclass(frozen=True)
class Line:
    """Nodes and weights on the line for a standard normal z: Σ w g(z) = E[g(z)]."""

    nodes: torch.Tensor
    weights: torch.Tensor
    step: float
    reach: float


def line(activation: Activation, largest_variance: float) -> Line:
    """The coarsest trapezoid rule that integrates σ² and σ′² at that variance, hence at every smaller one.

    Raises:
        ValueError: σ returns NaN or infinity, E[σ²] is infinite, or the rule does not settle (an undeclared kink).
    """
    r = math.sqrt(largest_variance)
    reach = _reach(activation, r)
    step = 1.0
    while reach / step <= _FINEST / 2:
        count = math.ceil(reach / step)
        nodes = torch.arange(-count, count + 1, dtype=torch.float64) * step
        if all(_settled(g, nodes, step, r) for g in (activation.f, activation.derivative)):
            weights = torch.exp(-nodes * nodes / 2) * (step / math.sqrt(2 * math.pi))
            return Line(nodes, weights, step, reach)
        step /= math.sqrt(2)
    raise ValueError(
        f"the integrals of {activation.name} at variance {largest_variance:.3g} do not settle: where it or its "
        "derivative has a kink or jump, declare it: activation(f, kinks=(0.0,))"
    )


def _settled(g: Callable[[Array], Array], nodes: torch.Tensor, step: float, r: float) -> bool:
    """Whether the rule and its midpoint twin agree on E[g²], and on E[g(rz)g(−rz)]."""
    sums = []
    for grid in (nodes, nodes + step / 2):
        values, weights = g(r * grid), torch.exp(-grid * grid / 2) * (step / math.sqrt(2 * math.pi))
        mirrored = g(-r * grid)
        sums.append(torch.stack([(weights * values * values).sum(), (weights * values * mirrored).sum()]))
    return bool(((sums[0] - sums[1]).abs() <= _SETTLED * sums[0][0].abs()).all())


def _reach(activation: Activation, r: float) -> float:
    """How far out on the line the weight times σ² and σ′² matters."""
    z = torch.arange(0, 38, 0.25, dtype=torch.float64)
    density = torch.exp(-z * z / 2)
    reach = 1.0
    for g in (activation.f, activation.derivative):
        values = torch.maximum(g(r * z).abs(), g(-r * z).abs())
        if not bool(torch.isfinite(values[z <= 9]).all()):
            raise ValueError(f"{activation.name} must be finite; it is not at some z within ±{9 * r:.3g}")
        mass = density * torch.nan_to_num(values, posinf=1e150).clamp(max=1e150) ** 2
        beyond = mass.flip(0).cumsum(0).flip(0)
        matters = z[beyond > 1e-18 * mass.sum()]
        if len(matters) and float(matters[-1]) > 36:
            raise ValueError(f"E[σ²] of {activation.name} is infinite or too large at variance {r * r:.3g}")
        reach = max(reach, float(matters[-1]) + 0.25 if len(matters) else 1.0)
    return reach


def second_moments(activation: Activation, q: torch.Tensor) -> Pair:
    """E[σ(u)²] and E[σ′(u)²] for u of each variance in ``q`` (any shape)."""
    flat = q.detach().to("cpu", torch.float64).reshape(-1)
    if activation.kinks:
        return _split(activation, flat, flat, flat, q)
    rule = line(activation, float(flat.max()))
    moments = [torch.empty_like(flat), torch.empty_like(flat)]
    for part in torch.split(torch.arange(len(flat)), max(1, _CHUNK // len(rule.nodes))):
        u = flat[part].sqrt()[:, None] * rule.nodes
        for moment, g in zip(moments, (activation.f, activation.derivative), strict=True):
            moment[part] = g(u) ** 2 @ rule.weights
    return moments[0].reshape(q.shape).to(q), moments[1].reshape(q.shape).to(q)


def expectations(activation: Activation, qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> Pair:
    """(E_ss, E_dd) for each of the broadcast triples; |k| beyond √(qx qz) counts as parallel."""
    qx, k, qz = torch.broadcast_tensors(qx, k, qz)
    flat_x, flat, flat_z = (t.detach().to("cpu", torch.float64).reshape(-1) for t in (qx, k, qz))
    way = _split if activation.kinks else _trapezoid
    return way(activation, flat_x, flat, flat_z, k)


def half_angles(qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> Pair:
    """cos(θ/2) and sin(θ/2); a zero variance makes a right angle of it."""
    scale = (qx * qz).sqrt()
    cosine = torch.where(scale > 0, k / torch.where(scale > 0, scale, torch.ones_like(scale)), torch.zeros_like(k))
    cosine = cosine.clamp(-1, 1)
    return ((1 + cosine) / 2).sqrt(), ((1 - cosine) / 2).sqrt()


def disc(rule: Line) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The grid of the plane within reach: coordinates a, b and weights."""
    a, b = torch.meshgrid(rule.nodes, rule.nodes, indexing="ij")
    inside = a * a + b * b <= rule.reach**2 * (1 + 1e-9)
    weights = rule.weights[:, None] * rule.weights
    return a[inside], b[inside], weights[inside]


def _trapezoid(activation: Activation, qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor, like: torch.Tensor) -> Pair:
    rule = line(activation, float(torch.maximum(qx.max(), qz.max())))
    a, b, weights = disc(rule)
    cosine, sine = half_angles(qx, k, qz)
    out = [torch.empty_like(k), torch.empty_like(k)]
    for part in torch.split(torch.arange(len(k)), max(1, _CHUNK // len(a))):
        along, across = cosine[part, None] * a, sine[part, None] * b
        u = qx[part].sqrt()[:, None] * (along + across)
        v = qz[part].sqrt()[:, None] * (along - across)
        for result, g in zip(out, (activation.f, activation.derivative), strict=True):
            result[part] = (g(u) * g(v)) @ weights
    return out[0].reshape(like.shape).to(like), out[1].reshape(like.shape).to(like)


# --- kinks -----------------------------------------------------------------------------------------------------

_PIECE = np.polynomial.legendre.leggauss(20)


def _split(activation: Activation, qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor, like: torch.Tensor) -> Pair:
    """u = rx·a and, given a, v = rz(cos θ a + sin θ b): pieces in a end at the kinks of u, and crowd where the kinks of
    v are blurred over the width tan θ; pieces in b end at the kinks of v."""
    reach = max(9.0, _reach(activation, math.sqrt(float(torch.maximum(qx.max(), qz.max())))))
    out = [torch.empty_like(k), torch.empty_like(k)]
    for i in range(len(k)):
        values = _split_one(activation, float(qx[i]), float(k[i]), float(qz[i]), reach)
        out[0][i], out[1][i] = values
    return out[0].reshape(like.shape).to(like), out[1].reshape(like.shape).to(like)


def _split_one(activation: Activation, qx: float, k: float, qz: float, reach: float) -> tuple[float, float]:
    rx, rz = math.sqrt(qx), math.sqrt(qz)
    theta = float(angles_from_covariance(*(torch.tensor(t, dtype=torch.float64) for t in (qx, k, qz)))[0])
    cosine, sine = math.cos(theta), math.sin(theta)
    width = max(0.2, min(1.5, 1.5 / max(rx, rz)))
    base = np.linspace(-reach, reach, 2 * math.ceil(reach / width) + 1)
    kinks = np.array(activation.kinks)
    ends = [base]
    if rx > 0:
        ends.append(kinks / rx)
    if rz * abs(cosine) > 0:
        blur = sine / abs(cosine)
        ends.append(((kinks / (rz * cosine))[:, None] + blur * np.array([-9, -6, -3, -1, 0, 1, 3, 6, 9])).ravel())
    a, wa = _pieces(np.concatenate(ends), reach)
    mean, spread = rz * cosine * a, rz * sine
    if spread > 0:
        crossings = (kinks - mean[:, None]) / spread
        b, wb = _pieces(np.concatenate([np.broadcast_to(base, (len(a), len(base))), crossings], axis=1), reach)
        v = mean[:, None] + spread * b
    else:
        v, wb = mean[:, None], np.ones((len(a), 1))
    E_ss, E_dd = (float((wa * g(rx * a)) @ (wb * g(v)).sum(1)) for g in (activation.f, activation.derivative))
    return E_ss, E_dd


def _pieces(ends: np.ndarray, reach: float) -> tuple[np.ndarray, np.ndarray]:
    """Gauss–Legendre nodes between sorted ends along the last axis, weighted with the normal density."""
    ends = np.sort(np.clip(ends, -reach, reach), axis=-1)
    half, middle = np.diff(ends) / 2, (ends[..., 1:] + ends[..., :-1]) / 2
    nodes = middle[..., None] + half[..., None] * _PIECE[0]
    weights = half[..., None] * _PIECE[1] * np.exp(-nodes * nodes / 2) / math.sqrt(2 * math.pi)
    shape = (*ends.shape[:-1], -1)
    return nodes.reshape(shape), weights.reshape(shape)
