"""Expectations by integrating numerically over the plane: the reference for every activation.

u and v of variances qx and qz at the angle θ are u = √qx α, v = √qz β with nodes (α, β) and weights that depend on θ
alone, so one set of nodes serves all variances:

- smooth σ (:class:`_Square`): the trapezoid rule on a square grid (a, b) of independent normals turned into place,
  α = cos(θ/2) a + sin(θ/2) b, β = cos(θ/2) a − sin(θ/2) b. Its error falls geometrically with the step for analytic σ,
  equally fast at every angle. (Gauss–Hermite rules are wrong by up to 1 for tanh at variance 40 and degree 40.)
- a kink at 0 only (:class:`_Wedges`): polar coordinates, split where u or v changes sign.

Kinks elsewhere are split in u and, inside, in v (``split``). All of this is float64 on the CPU, one pair of variables
at a time; ``tables`` serves many pairs from few such integrals.
"""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np
import torch

from ntklab.gaussian.activations import Activation
from ntklab.gaussian.scale_invariant import angles_from_covariance
from ntklab.gaussian.split import pieces, split_moments

Pair = tuple[torch.Tensor, torch.Tensor]
Nodes = tuple[torch.Tensor, torch.Tensor, torch.Tensor]

_SETTLED, _TOLERATED = 1e-14, 1e-11  # of E[σ²]: two rules on the line agree this well; at worst this well
_FINEST = 4096  # most nodes on the line
_CHUNK = 2**20  # nodes evaluated at once: 8 MiB


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
    octave = math.ceil(2 * math.log2(max(largest_variance, 1e-6)))  # so that nearby calls share one search
    return _line(activation, 2.0 ** (octave / 2))


@functools.lru_cache(maxsize=64)
def _line(activation: Activation, variance: float) -> Line:
    r = math.sqrt(variance)
    far = reach(activation, r, 1e-18)
    steps = [0.5 ** (level / 2) for level in range(2 * math.ceil(math.log2(_FINEST / 2 / far)))]
    sums = [_sums(activation, r, far, step) for step in steps]
    scale = torch.stack([both[0][:, 0] for both in sums[-3:]]).amax(dim=0)  # E[σ²] and E[σ′²]
    scale = torch.where(scale > 0, scale, 1.0)[:, None]
    # A step is as good as its disagreement with its midpoint twin and with the next two steps: aliases of a fast
    # oscillation can agree between two rules, hardly between four.
    errors = []
    for level in range(len(steps) - 2):
        others = (sums[level][1], sums[level + 1][0], sums[level + 2][0])
        errors.append(max(float(((sums[level][0] - other).abs() / scale).max()) for other in others))
    floor = min(errors)
    if not floor <= _TOLERATED:
        raise ValueError(
            f"the integrals of {activation.name} at variance {variance:.3g} do not settle: where it or its derivative "
            "has a kink or jump, declare it, as in activation(f, kinks=(0.0,)); without one the variance is too large"
        )
    step = next(step for step, error in zip(steps, errors, strict=False) if error <= max(_SETTLED, 10 * floor))
    nodes = _grid(far, step)
    return Line(nodes, _normal_weights(nodes, step), step, far)


def _sums(activation: Activation, r: float, far: float, step: float) -> Pair:
    """E[g(rz)²] and E[g(rz)g(−rz)] for g = σ and σ′, by the trapezoid rule and by its midpoint twin."""
    results = []
    for grid in (_grid(far, step), _grid(far, step) + step / 2):
        weights = _normal_weights(grid, step)
        rows = []
        for g in (activation.f, activation.derivative):
            values = g(r * grid)
            rows.append(torch.stack([(weights * values * values).sum(), (weights * values * g(-r * grid)).sum()]))
        results.append(torch.stack(rows))
    return results[0], results[1]


def _grid(far: float, step: float) -> torch.Tensor:
    count = math.ceil(far / step)
    return torch.arange(-count, count + 1, dtype=torch.float64) * step


def _normal_weights(nodes: torch.Tensor, step: float) -> torch.Tensor:
    return torch.exp(-nodes * nodes / 2) * (step / math.sqrt(2 * math.pi))


def reach(activation: Activation, r: float, tiny: float) -> float:
    """How far out on the line the weight times σ(rz)² or σ′(rz)² still adds more than ``tiny`` of the whole.

    A σ that falls off counts as if it did not: in the plane one of u, v can be small where the other is large.
    """
    z = torch.arange(0, 38, 0.25, dtype=torch.float64)
    density = torch.exp(-z * z / 2)
    far = 1.0
    for g in (activation.f, activation.derivative):
        values = torch.maximum(g(r * z).abs(), g(-r * z).abs())
        if not bool(torch.isfinite(values[z <= 9]).all()):
            raise ValueError(f"{activation.name} must be finite; it is not somewhere within ±{9 * r:.3g}")
        mass = density * torch.nan_to_num(values, posinf=1e150).clamp(max=1e150).cummax(0).values ** 2
        beyond = mass.flip(0).cumsum(0).flip(0)
        matters = z[beyond > tiny * mass.sum()]
        if len(matters) and float(matters[-1]) > 36:
            raise ValueError(f"E[σ²] of {activation.name} is infinite or too large at variance {r * r:.3g}")
        far = max(far, float(matters[-1]) + 0.25 if len(matters) else 1.0)
    return far


def second_moments(activation: Activation, q: torch.Tensor) -> Pair:
    """E[σ(u)²] and E[σ′(u)²] for u of each variance in ``q`` (any shape)."""
    r = q.detach().to("cpu", torch.float64).reshape(-1).sqrt()
    highest = float(r.max())
    moments = torch.empty(2, len(r), dtype=torch.float64)
    width = 64
    if not activation.kinks:
        rule = line(activation, highest**2)
        width = len(rule.nodes)
    for part in torch.split(torch.arange(len(r)), max(1, _CHUNK // width)):
        if activation.kinks:
            nodes, weights = _pieces_of_line(activation, r[part], highest)
        else:
            nodes, weights = rule.nodes, rule.weights
        u = r[part, None] * nodes
        for moment, g in zip(moments, (activation.f, activation.derivative), strict=True):
            moment[part] = (g(u) ** 2 * weights).sum(1)
    return moments[0].reshape(q.shape).to(q), moments[1].reshape(q.shape).to(q)


def _pieces_of_line(activation: Activation, r: torch.Tensor, highest: float) -> Pair:
    far = max(9.0, reach(activation, highest, 1e-18))
    base = np.linspace(-far, far, 2 * math.ceil(far * max(1.0, highest) / 1.5) + 1)
    kinks = np.array(activation.kinks) / np.where(r.numpy() > 0, r.numpy(), 1.0)[:, None]
    nodes, weights = pieces(np.concatenate([np.broadcast_to(base, (len(r), len(base))), kinks], axis=1), far)
    return torch.from_numpy(nodes), torch.from_numpy(weights)


class Plane:
    """Nodes (α, β) and weights of the plane at any angle, for standard deviations up to ``highest``."""

    def at(self, theta: float, supplement: float) -> Nodes:
        raise NotImplementedError


class _Square(Plane):
    def __init__(self, activation: Activation, highest: float) -> None:
        rule = line(activation, highest**2)
        a, b = torch.meshgrid(rule.nodes, rule.nodes, indexing="ij")
        inside = a * a + b * b <= rule.reach**2 * (1 + 1e-9)
        self.a, self.b = a[inside], b[inside]
        self.weights = (rule.weights[:, None] * rule.weights)[inside]

    def at(self, theta: float, supplement: float) -> Nodes:
        along, across = math.sin(supplement / 2) * self.a, math.sin(theta / 2) * self.b
        return along + across, along - across, self.weights


class _Wedges(Plane):
    """Polar coordinates, the angle in the four wedges between the lines u = 0 and v = 0, crowded towards the lines."""

    def __init__(self, activation: Activation, highest: float) -> None:
        far = max(9.0, reach(activation, highest, 1e-18))
        steep = max(1.0, highest)
        radius, weights = pieces(np.linspace(0, far, math.ceil(far * steep / 1.5) + 1), far)
        self.radius = torch.from_numpy(radius)
        self.radial = torch.from_numpy(weights * radius * math.sqrt(2 * math.pi))  # t exp(−t²/2) dt
        levels = [3.0**-level for level in range(1, 3 + math.ceil(math.log(steep * far, 3)))]
        ends = np.unique([0.0, *levels, *(1 - level for level in levels), 1.0])
        fraction, share = np.polynomial.legendre.leggauss(20)
        half, middle = np.diff(ends)[:, None] / 2, (ends[1:] + ends[:-1])[:, None] / 2
        self.fraction = torch.from_numpy((middle + half * fraction).ravel())
        self.share = torch.from_numpy((half * share).ravel() / (2 * math.pi))

    def at(self, theta: float, supplement: float) -> Nodes:
        # Directions ω in which α = cos(ω − θ/2) and β = cos(ω + θ/2) keep their signs: both positive, opposite, ...
        # Each cosine is written from the nearer zero, so that it is accurate there.
        inside, outside = self.fraction * supplement, self.fraction * theta
        alpha = [torch.sin(inside), torch.sin(outside), -torch.sin(inside), -torch.sin(outside)]
        beta = [torch.sin(supplement - inside), -torch.sin(theta - outside)]
        beta += [-beta[0], -beta[1]]
        share = [self.share * supplement, self.share * theta] * 2
        directions = (torch.cat(alpha), torch.cat(beta), torch.cat(share))
        alpha_, beta_, share_ = (d[:, None] for d in directions)
        return (alpha_ * self.radius).reshape(-1), (beta_ * self.radius).reshape(-1), (share_ * self.radial).reshape(-1)


def plane(activation: Activation, highest: float) -> Plane | None:
    """The nodes that serve all variances; ``None`` where kinks away from 0 forbid it."""
    if not activation.kinks:
        return _Square(activation, highest)
    return _Wedges(activation, highest) if activation.kinks == (0.0,) else None


def moments(
    activation: Activation, qx: torch.Tensor, qz: torch.Tensor, theta: torch.Tensor, supplement: torch.Tensor
) -> tuple[torch.Tensor, ...]:
    """E[σ(u)σ(v)], E[σ′(u)σ′(v)], E[(σ(u) − σ(v))²], E[(σ(u) + σ(v))²] for lists of variances and angles.

    The last two do not cancel where u and v are nearly parallel or opposite.
    """
    rx, rz = qx.sqrt(), qz.sqrt()
    highest = float(torch.maximum(rx.max(), rz.max()))
    nodes = plane(activation, highest)
    far = max(9.0, reach(activation, highest, 1e-18))
    out = torch.empty(4, len(theta), dtype=torch.float64)
    for i in range(len(theta)):
        pair = float(rx[i]), float(rz[i]), float(theta[i]), float(supplement[i])
        if nodes is None:
            out[:, i] = torch.tensor(split_moments(activation, *pair, far), dtype=torch.float64)
            continue
        alpha, beta, weights = nodes.at(pair[2], pair[3])
        u, v = pair[0] * alpha, pair[1] * beta
        fu, fv = activation.f(u), activation.f(v)
        products = (fu * fv, activation.derivative(u) * activation.derivative(v), (fu - fv) ** 2, (fu + fv) ** 2)
        out[:, i] = torch.stack([product @ weights for product in products])
    return tuple(out)


def expectations(activation: Activation, qx: torch.Tensor, k: torch.Tensor, qz: torch.Tensor) -> Pair:
    """(E_ss, E_dd) for each of the broadcast triples; |k| beyond √(qx qz) counts as parallel."""
    qx, k, qz = torch.broadcast_tensors(qx, k, qz)
    flat_x, flat, flat_z = (t.detach().to("cpu", torch.float64).reshape(-1) for t in (qx, k, qz))
    theta, supplement = angles_from_covariance(flat_x, flat, flat_z)
    if activation.kinks:
        E_ss, E_dd, *_ = moments(activation, flat_x, flat_z, theta, supplement)
    else:
        E_ss, E_dd = _many_smooth(activation, flat_x, flat_z, theta, supplement)
    return E_ss.reshape(k.shape).to(k), E_dd.reshape(k.shape).to(k)


def _many_smooth(
    activation: Activation, qx: torch.Tensor, qz: torch.Tensor, theta: torch.Tensor, supplement: torch.Tensor
) -> Pair:
    square = _Square(activation, math.sqrt(float(torch.maximum(qx.max(), qz.max()))))
    out = torch.empty(2, len(theta), dtype=torch.float64)
    for part in torch.split(torch.arange(len(theta)), max(1, _CHUNK // len(square.a))):
        along = torch.sin(supplement[part] / 2)[:, None] * square.a
        across = torch.sin(theta[part] / 2)[:, None] * square.b
        u, v = qx[part].sqrt()[:, None] * (along + across), qz[part].sqrt()[:, None] * (along - across)
        for result, g in zip(out, (activation.f, activation.derivative), strict=True):
            result[part] = (g(u) * g(v)) @ square.weights
    return out[0], out[1]
