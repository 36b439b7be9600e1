"""Expectations of any activation for a whole block of pairs: Chebyshev series in the angle.

For pairs of standard deviations (rx, rz) and correlation ρ, E/(size(rx) size(rz)) = ℓ(rx)ᵀ F(φ) ℓ(rz): short
coordinate vectors ℓ, one per row of data, and a matrix F that depends on the angle alone. F is expanded in Chebyshev
polynomials of φ = arcsin(sρ)/arcsin(s), so a block costs one thin matrix product and one pass per term, O(n²)
altogether, whatever the variances; equal variances make ℓ a number. The bend s (0: φ = ρ, 1: φ an angle) is chosen
to need the fewest terms: expectations of steep activations have singularities close outside |ρ| = 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch

from ntklab._elementwise import asin
from ntklab._scratch import Scratch
from ntklab.gaussian.activations import Activation
from ntklab.gaussian.hermite import Series, series

_BENDS = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 1.0)
_CUT = 1e-13  # of the root of E[σ²]E[σ²]: the Chebyshev terms left out


class Table:
    """One layer's E_ss and E_dd, for given variances of rows and columns. Works on the device of the variances."""

    def __init__(
        self, parts: tuple[Expansion, Expansion], qx: torch.Tensor, qz: torch.Tensor, scratch: Scratch
    ) -> None:
        self.parts, self.scratch = parts, scratch
        self.inverse_x, self.inverse_z = (torch.where(q > 0, q.rsqrt(), q) for q in (qx, qz))

    def __call__(self, k: torch.Tensor, rows: slice, columns: slice) -> tuple[torch.Tensor, torch.Tensor]:
        def room(name: str) -> torch.Tensor:
            return self.scratch(f"table {name}", k, rows, columns)

        cosine = torch.mul(k, self.inverse_x[rows, None], out=room("cosine"))
        cosine.mul_(self.inverse_z[columns]).clamp_(-1, 1)
        # k may lie where the last layer's E_ss did; from here on it is not needed
        E_ss, E_dd = (self.parts[i](cosine, rows, columns, room, name) for i, name in enumerate(("E_ss", "E_dd")))
        return E_ss, E_dd


class Expansion:
    """Σ_m C_m T_m(φ), with C_m = (ℓx F_m ℓzᵀ) entry by entry, by Clenshaw's recurrence.

    E_ss of an odd activation is odd and E_dd even: half the terms are 0, and the others' recurrence runs in T₂(φ).
    """

    def __init__(
        self,
        bend: float,
        F: torch.Tensor,
        parity: int | None,
        x: tuple[torch.Tensor, torch.Tensor],
        z: tuple[torch.Tensor, torch.Tensor],
        like: torch.Tensor,
    ) -> None:
        self.bend, self.parity = bend, parity
        F = F if parity is None else F[parity::2]
        self.left = torch.matmul(x[0], F).to(like)  # (M, n, P)
        self.right = z[0].T.contiguous().to(like)  # (P, m)
        self.size_x, self.size_z = x[1].to(like), z[1].to(like)
        # Equal variances: one coefficient per term serves the whole block.
        self.shared = None
        if F.shape[1] == 1:
            self.shared = [like.new_tensor(c) for c in F[:, 0, 0].tolist()]
            self.size_x, self.size_z = (
                s * coordinate[:, 0].to(like) for s, coordinate in ((self.size_x, x[0]), (self.size_z, z[0]))
            )

    def __call__(
        self, cosine: torch.Tensor, rows: slice, columns: slice, room: Callable[[str], torch.Tensor], name: str
    ) -> torch.Tensor:
        """The series for a block, in the array ``room(name)``."""
        phi = cosine
        if self.bend > 0:
            phi = torch.mul(cosine, self.bend, out=room("phi"))
            phi = asin(phi, out=phi).mul_(1 / math.asin(self.bend))
        if self.parity is None:
            twice = torch.mul(phi, 2, out=room("twice"))
        else:  # 2 T₂(φ)
            twice = torch.mul(phi, phi, out=room("twice")).mul_(4).sub_(2)
        now, before = room("now").zero_(), room("before").zero_()
        for term in range(len(self.left) - 1, 0, -1):
            now, before = self._coefficient_minus(before, term, rows, columns).addcmul_(twice, now), now
        if self.parity == 1:  # T₁ = T₋₁ = φ start the recurrence
            last = self._coefficient_minus(before, 0, rows, columns).addcmul_(twice, now)
            total = last.sub_(now).mul_(phi)
        else:
            total = self._coefficient_minus(before, 0, rows, columns).addcmul_(twice, now, value=0.5)
        return torch.mul(total, self.size_x[rows, None], out=room(name)).mul_(self.size_z[columns])

    def _coefficient_minus(self, b: torch.Tensor, term: int, rows: slice, columns: slice) -> torch.Tensor:
        """C_term − b, in place of b."""
        if self.shared is not None:
            return torch.sub(self.shared[term], b, out=b)
        return torch.addmm(b, self.left[term, rows], self.right[:, columns], beta=-1, out=b)


def table(activation: Activation, qx: torch.Tensor, qz: torch.Tensor, scratch: Scratch | None = None) -> Table | None:
    """The table of an activation for these variances; ``None`` where its Hermite series is too long.

    A block's E_ss and E_dd lie in ``scratch``, until the next block or the next table that shares it.
    """
    if activation.kinks:
        return None
    rx, rz = (q.detach().to("cpu", torch.float64).sqrt() for q in (qx, qz))
    lowest, highest = min(float(rx.min()), float(rz.min())), max(float(rx.max()), float(rz.max()))
    found = series(activation, lowest, highest)
    if found is None:
        return None
    expansions = []
    for part in found:
        bend, F, parity = _expand(part)
        expansions.append(Expansion(bend, F, parity, part.coordinates(rx), part.coordinates(rz), qx))
    return Table((expansions[0], expansions[1]), qx, qz, scratch or Scratch())


def _expand(part: Series) -> tuple[float, torch.Tensor, int | None]:
    """The bend with the fewest terms, F_m (M, P, P) there, and which m alone count: even (0), odd (1) or all (None)."""
    hardest = part.probes[-1] @ part.basis  # the largest variance
    count, orders = 64, torch.arange(part.basis.shape[1], dtype=torch.float64)
    while True:
        lengths = [len(_kept(_chebyshev(_powers(bend, count, orders) @ (hardest**2)))) for bend in _BENDS]
        if min(lengths) < 0.9 * count or count >= 1024:
            break
        count *= 2
    bend = _BENDS[lengths.index(min(lengths))]
    powers = _powers(bend, count, orders)
    at_nodes = torch.stack([(part.basis * power) @ part.basis.T for power in powers])
    F = _chebyshev(at_nodes.reshape(count, -1)).reshape(at_nodes.shape)
    seen = torch.einsum("sp,mpq,tq->mst", part.probes, F, part.probes)  # what pairs of rows make of each term
    sizes = _kept(seen.abs().amax(dim=(1, 2)))
    parity = next((p for p in (0, 1) if float(sizes[1 - p :: 2].sum()) < 0.1 * _CUT), None)
    return bend, F[: len(sizes)], parity


def _powers(bend: float, count: int, orders: torch.Tensor) -> torch.Tensor:
    """ρⁿ at the Chebyshev nodes of φ, (count, N)."""
    phi = torch.cos(math.pi * (torch.arange(count, dtype=torch.float64) + 0.5) / count)
    cosine = torch.sin(phi * math.asin(bend)) / bend if bend else phi
    return cosine[:, None] ** orders


def _chebyshev(values: torch.Tensor) -> torch.Tensor:
    """Chebyshev coefficients from values at the nodes, along the first axis."""
    count = len(values)
    order = torch.arange(count, dtype=torch.float64)
    transform = torch.cos(math.pi / count * order[:, None] * (order + 0.5)) * (2 / count)
    transform[0] /= 2
    return transform @ values


def _kept(sizes: torch.Tensor) -> torch.Tensor:
    """The leading terms, without a tail that sums to less than the cut."""
    tail = sizes.abs().flip(0).cumsum(0).flip(0)
    return sizes[: max(1, int((tail > _CUT).sum()))]
