"""Networks of scale-invariant (ReLU-like) activations for the block engine: the recursion at unit variances.

Such a network is homogeneous, so a layer's kernels are carried as c = K/(s sᵀ) and T = Θ/(s sᵀ), where s² = K(x, x):
c is the cosine that the activation's formula needs, and without biases nothing has to be scaled between layers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch

from ntklab._elementwise import asin, sqrt
from ntklab._scratch import Scratch
from ntklab.gaussian import scale_invariant
from ntklab.gaussian.activations import leaky_slopes
from ntklab.gaussian.expectations import NEARLY_PARALLEL
from ntklab.kernels.blocks import angles
from ntklab.kernels.mlp import MLP
from ntklab.kernels.recursion import next_layer


@dataclass(frozen=True)
class _Scales:
    """One layer for one set of rows. Rows of variance 0 get a unit other than 0, and a weight of 0."""

    variance: torch.Tensor  # K(x, x)
    unit: torch.Tensor  # s
    inverse: torch.Tensor  # 1/s
    weight: torch.Tensor | None  # of E_ss in these units, on each side; None: 1
    carry: torch.Tensor | None  # of E_dd Θ; None: 1


class ReluBlocks:
    """K, Θ or both of a scale-invariant network, for the block engine."""

    def __init__(self, X: torch.Tensor, Z: torch.Tensor | None, mlp: MLP, wanted: tuple[str, ...]) -> None:
        self.X, self.Z, self.wanted = X, X if Z is None else Z, wanted
        self.outputs, self.scratch = len(wanted), Scratch()
        self.layers = list(zip(mlp.weight_variances, mlp.bias_variances, mlp.weight_rates, mlp.bias_rates, strict=True))
        self.scale = (self.layers[0][0] or 1.0) / X.shape[1]  # C_W/d, folded into the matrix product
        slopes = leaky_slopes(mlp.sigma)
        assert slopes is not None
        self.slopes = slopes
        self.power = (slopes[0] ** 2 + slopes[1] ** 2) / 2  # E[σ(u)²] at unit variance
        self.near = NEARLY_PARALLEL[X.dtype] if slopes[0] != slopes[1] else 0.0
        alpha2, slope = (c / (self.power or 1.0) for c in scale_invariant.coefficients(*slopes))
        self.slope, self.alpha2, self.slope2 = slope, X.new_tensor(alpha2), X.new_tensor(slope**2)
        self.mean_square_x = torch.linalg.vector_norm(X, dim=1) ** 2 / X.shape[1]
        self.x = self._scales(self.mean_square_x)
        self.z = self.x if Z is None else self._scales(torch.linalg.vector_norm(Z, dim=1) ** 2 / Z.shape[1])
        # cheaper than scaling their inner products: n d in place of n² multiplications
        self.rows = X * self.x[0].inverse[:, None]
        self.columns = None if Z is None else Z * self.z[0].inverse[:, None]

    def _scales(self, mean_square: torch.Tensor) -> list[_Scales]:
        C_W, C_b, *_ = self.layers[0]
        q = C_b + C_W * mean_square
        unit = torch.where(q > 0, q.sqrt(), torch.ones_like(q))
        scales = [_Scales(q, unit, 1 / unit, None, None)]
        for C_W, C_b, *_ in self.layers[1:]:
            gain = math.sqrt((C_W or 1.0) * (self.power or 1.0))
            before, q = scales[-1], C_b + C_W * self.power * scales[-1].variance
            unit = torch.where(q > 0, q.sqrt(), gain * before.unit)
            carry = None if C_W and not C_b else gain * before.unit / unit
            weight = carry
            if not bool((before.variance > 0).all()):
                weight = torch.where(before.variance > 0, torch.ones_like(q) if carry is None else carry, 0.0)
            scales.append(_Scales(q, unit, 1 / unit, weight, carry))
        if not bool(torch.isfinite(scales[-1].variance).all()):
            raise ValueError("K(x, x) overflows: the rows of X or Z, or C_W, are too large; rescale the inputs")
        return scales

    def block(
        self, inner: torch.Tensor, rows: slice, columns: slice, out: tuple[torch.Tensor, ...]
    ) -> torch.Tensor | None:
        """``next_layer`` at unit variances, in place, with as few passes over the block as torch's operations allow.

        ``inner`` are the inner products of ``self.rows`` and ``self.columns``, times C_W/d.
        """
        E_dd, *sines = (self.scratch(name, inner, rows, columns) for name in ("E_dd", "even", "odd"))
        cosine, T = self._add_biases(inner, 0, rows, columns, "T")
        doubtful = None
        for layer in range(1, len(self.layers)):
            suspects = self._tidy(cosine)
            if suspects is not None:
                doubtful = suspects if doubtful is None else doubtful | suspects
            # E_dd = α² + (2β²/π)(π/2 − θ) and E_ss = (2β²/π) sin θ + cos θ E_dd, which takes the sine's place: the
            # cosine's may be T's in the first layer, and is free in the others
            sine, free = sines[layer % 2], sines[(layer + 1) % 2]
            torch.add(self.alpha2, asin(cosine, out=E_dd), alpha=self.slope, out=E_dd)
            sqrt(torch.addcmul(self.slope2, cosine, cosine, value=-(self.slope**2), out=sine), out=sine)
            E_ss = sine.addcmul_(cosine, E_dd)
            x, z, carry = self.x[layer], self.z[layer], None
            if x.carry is not None:
                E_dd.mul_(carry := _outer(x.carry, z.carry, rows, columns, free))
            if x.weight is x.carry and z.weight is z.carry:
                E_ss = E_ss if carry is None else E_ss.mul_(carry)
            else:  # rows of variance 0
                E_ss.mul_(_outer(x.weight, z.weight, rows, columns, free))
            cosine, own = self._add_biases(E_ss, layer, rows, columns, "own")
            torch.addcmul(own, E_dd, T, value=1.0 if self.layers[layer][0] else 0.0, out=T)
        units = torch.mul(self.x[-1].unit[rows, None], self.z[-1].unit[columns], out=E_dd)
        for name, target in zip(self.wanted, out, strict=True):
            torch.mul(cosine if name == "K" else T, units, out=target)
        return doubtful

    def _tidy(self, cosine: torch.Tensor) -> torch.Tensor | None:
        """Clip what rounding put beyond ±1; the mask of nearly parallel pairs, if there are any."""
        low, high = (float(end) for end in torch.aminmax(cosine))
        if max(high, -low) <= 1 - self.near:
            return None
        suspects = cosine.abs() > 1 - self.near if self.near else None
        cosine.clamp_(-1, 1)
        return suspects

    def _add_biases(
        self, weighted: torch.Tensor, layer: int, rows: slice, columns: slice, room: str
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """(c, what Θ has of this layer's own parameters) from C_W E_ss — or E_ss itself if C_W is 0 — in units s sᵀ.

        Both are the same tensor where that is the same; else the second lies in the array called ``room``.
        """
        C_W, C_b, lambda_W, lambda_b = self.layers[layer]
        own, extra = None, "Theta" in self.wanted and (lambda_W, lambda_b) != (C_W, C_b)
        if C_W and not C_b and not extra:
            return weighted, weighted
        one_x, one_z = self.x[layer].inverse[rows], self.z[layer].inverse[columns]
        if extra:
            own = self.scratch(room, weighted, rows, columns)
            torch.addr(weighted, one_x, one_z, beta=lambda_W / (C_W or 1.0), alpha=lambda_b, out=own)
        if C_b or not C_W:
            torch.addr(weighted, one_x, one_z, beta=1.0 if C_W else 0.0, alpha=C_b, out=weighted)
        return weighted, weighted if own is None else own

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The recursion on single pairs, carrying the angle instead of K.

        With g∓ = E_ss(0) ∓ E_ss(θ) at unit variances, the determinant of the next layer's 2 × 2 kernel is
        C_b C_W E[(σ(u) − σ(v))²] + C_W² qx qz g₋ g₊: sums of non-negative terms, so the next angle loses nothing.
        Rows of variance 0 count as at right angles to all rows.
        """
        inner, theta, supplement = self._first_layer_of_pairs(i, j)
        C_W, C_b, lambda_W, lambda_b = self.layers[0]
        K, Theta = C_b + C_W * inner, lambda_b + lambda_W * inner
        for layer, rates in enumerate(self.layers[1:]):
            C_W, C_b, *_ = rates
            rx, rz = self.x[layer].variance[i].sqrt(), self.z[layer].variance[j].sqrt()
            theta, supplement = (torch.where((rx > 0) & (rz > 0), angle, math.pi / 2) for angle in (theta, supplement))
            E_ss, E_dd = scale_invariant.by_angle(theta, supplement, rx, rz, *self.slopes)
            K, Theta = next_layer(Theta, E_ss, E_dd, *rates)
            below, above = scale_invariant.gaps(theta, supplement, *self.slopes)
            difference = self.power * (rx - rz) ** 2 + 2 * rx * rz * below
            sine = torch.sqrt(C_b * C_W * difference + (C_W * rx * rz) ** 2 * below * above)
            theta, supplement = torch.atan2(sine, K), torch.atan2(sine, -K)
        return tuple({"K": K, "Theta": Theta}[name] for name in self.wanted)

    def _first_layer_of_pairs(
        self, i: torch.Tensor, j: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """x·z/d, the angle between the rows (√C_b, √(C_W/d) x), and its supplement."""
        C_W, C_b, *_ = self.layers[0]
        d = self.X.shape[1]
        x, z = (
            torch.cat([A * (C_W / d) ** 0.5, A.new_full((len(A), 1), C_b**0.5)], dim=1) / unit[:, None]
            for A, unit in ((self.X[i], self.x[0].unit[i]), (self.Z[j], self.z[0].unit[j]))
        )
        return (self.X[i] * self.Z[j]).sum(1) / d, *angles(x, z)

    def diagonal(self) -> tuple[torch.Tensor, ...]:
        """The recursion at angle 0, or at a right angle for rows of variance 0."""
        lambda_W, lambda_b = self.layers[0][2:]
        K, Theta = self.x[0].variance, lambda_b + lambda_W * self.mean_square_x
        along, across = K.new_tensor(self.power), self.power * self.alpha2  # E_dd
        for rates in self.layers[1:]:
            K, Theta = next_layer(Theta, self.power * K, torch.where(K > 0, along, across), *rates)
        return tuple({"K": K, "Theta": Theta}[name] for name in self.wanted)


def _outer(
    x: torch.Tensor | None, z: torch.Tensor | None, rows: slice, columns: slice, out: torch.Tensor
) -> torch.Tensor:
    """x[rows] z[columns]ᵀ, where ``None`` stands for ones."""
    left = out.new_ones(out.shape[0]) if x is None else x[rows]
    right = out.new_ones(out.shape[1]) if z is None else z[columns]
    return torch.mul(left[:, None], right, out=out)
