"""Kernel regression beyond memory: the kernel matrix is met block by block and never stored."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array

_BLOCK = 2048  # rows and columns of the kernel at a time: 32 MB
_PIVOTS = 64  # columns that the preconditioner takes at a time

Kernel = Callable[[Array, Array], Array]


@dataclass(frozen=True, eq=False)
class StreamedRegression:
    """What :func:`fit_streaming` found; ``predict`` costs one pass over the kernel of test × training inputs."""

    kernel: Kernel
    X: Array
    coefficients: Array  # α, (n,) or (n, c)
    iterations: int
    residual: float  # |y − (K + δI) α| / rms(y), the largest over the outputs
    converged: bool

    def predict(self, Z: Array) -> Array:
        """Predictions Σ_i k(z, x_i) α_i at Z (m, d): (m,) or (m, c)."""
        (X, Z, alpha), leave = _check.enter(X=self.X, Z=Z, alpha=self.coefficients)
        _check.matrix("Z", Z, columns=X.shape[1], of="X")
        columns = alpha if alpha.ndim == 2 else alpha[:, None]
        kernel = _on_tensors(self.kernel, self.X)
        out = Z.new_zeros(len(Z), columns.shape[1])
        for rows in _slices(len(Z)):
            for some in _slices(len(X)):
                out[rows] += kernel(Z[rows], X[some]) @ columns[some]
        return leave(out if alpha.ndim == 2 else out[:, 0])


def fit_streaming(
    kernel: Kernel,
    X: Array,
    y: Array,
    ridge: float,
    *,
    rank: int = 1000,
    tolerance: float = 1e-6,
    max_iterations: int = 1000,
    rng: np.random.Generator | int = 0,
) -> StreamedRegression:
    r"""Kernel regression whose n × n matrix does not fit into memory, by preconditioned conjugate gradients.

    .. math:: \alpha = (K + \delta I)^{-1} y, \qquad
        P = F F^\top + (\delta + \text{mean of what F leaves of K's diagonal})\, I

    Each iteration computes every block of K once, uses it on both sides of the diagonal and forgets it. F (n, rank) is
    a partial Cholesky factor on randomly chosen pivots (Chen, Epperly, Tropp & Webber 2022, arXiv:2207.06503), used to
    precondition as in Díaz, Epperly, Frangella, Tropp & Webber 2023, arXiv:2304.12465. Memory: 8·n·rank bytes and a few
    blocks; time: n² kernel values per iteration, and the more iterations the smaller δ is beside K's diagonal. Where n
    × n fits, :func:`ntklab.regression.kernel_regression` and :class:`KernelRegressor` are faster and exact.

    Args:
        kernel: function (A (a, d), B (b, d)) → (a, b), for example ``functools.partial(ntk, mlp=mlp)``.
        X: training inputs, (n, d); on a GPU if they are tensors there.
        y: targets, (n,) or (n, c).
        ridge: δ > 0, absolute.
        rank: columns of the preconditioner, at most n.
        tolerance: stop at |y − (K + δI) α| ≤ tolerance · rms(y) for each output. Predictions at points like the
            training ones then differ from the dense solution's by about tolerance · rms(y) at most.
        max_iterations: give up, with a warning, after so many passes.
        rng: a NumPy generator or a seed, for the pivots; it changes the time, not the answer.

    Returns:
        A :class:`StreamedRegression`.

    Raises:
        ValueError: a shape does not fit, an entry is not finite, or a number is not positive.

    >>> model = fit_streaming(lambda A, B: A @ B.T, [[1.0], [2.0]], [1.0, 2.0], ridge=1.0)
    >>> model.predict([[6.0]]).round(6), model.converged  # 6 · Σ x y / (Σ x² + 1) = 6 · 5/6
    (array([5.]), True)
    """
    given = X
    (X, y), leave = _check.enter(X=X, y=y)
    _check.matrix("X", X)
    _check.targets("y", y, len(X), of="X")
    ridge, tolerance = _check.positive("ridge", ridge), _check.positive("tolerance", tolerance)
    rank, max_iterations = _check.integer("rank", rank), _check.integer("max_iterations", max_iterations)
    targets = y if y.ndim == 2 else y[:, None]
    blocks = _on_tensors(kernel, given)
    apply_inverse = _preconditioner(blocks, X, ridge, min(rank, len(X)), _check.generator(rng))

    goal = tolerance * targets.square().mean(dim=0).sqrt()
    alpha, residual = torch.zeros_like(targets), targets.clone()
    direction = z = apply_inverse(residual)
    inner = (residual * z).sum(dim=0)
    iterations = 0
    while iterations < max_iterations and bool((torch.linalg.vector_norm(residual, dim=0) > goal).any()):
        image = _multiply(blocks, X, direction).add_(direction, alpha=ridge)
        # An output that is solved already has inner = 0 and must not divide 0 by 0.
        step = inner / (direction * image).sum(dim=0).clamp_min(torch.finfo(X.dtype).tiny)
        alpha, residual = alpha + step * direction, residual - step * image
        z = apply_inverse(residual)
        inner, before = (residual * z).sum(dim=0), inner
        direction = z + inner / before.clamp_min(torch.finfo(X.dtype).tiny) * direction
        iterations += 1

    lengths = torch.linalg.vector_norm(residual, dim=0)
    converged = bool((lengths <= goal).all())
    worst = float((lengths / goal.clamp_min(torch.finfo(X.dtype).tiny)).max()) * tolerance
    if not converged:
        warnings.warn(
            f"not converged after {iterations} iterations: residual {worst:.2g} against tolerance {tolerance:.2g}. "
            "Raise ridge, rank or max_iterations",
            stacklevel=2,
        )
    coefficients = leave(alpha if y.ndim == 2 else alpha[:, 0])
    return StreamedRegression(kernel, given, coefficients, iterations, worst, converged)


def _multiply(kernel: Kernel, X: torch.Tensor, V: torch.Tensor) -> torch.Tensor:
    """K V, each block of K's lower triangle computed once."""
    out = torch.zeros_like(V)
    for rows in _slices(len(X)):
        for columns in _slices(rows.start):
            K = kernel(X[rows], X[columns])
            out[rows] += K @ V[columns]
            out[columns] += K.mT @ V[rows]
        out[rows] += kernel(X[rows], X[rows]) @ V[rows]
    return out


def _preconditioner(
    kernel: Kernel, X: torch.Tensor, ridge: float, rank: int, rng: np.random.Generator
) -> Callable[[torch.Tensor], torch.Tensor]:
    """v ↦ (F Fᵀ + μI)⁻¹ v."""
    F, left = _partial_cholesky(kernel, X, rank, rng)
    mu = ridge + float(left.mean())
    inner = F.mT @ F
    inner.diagonal().add_(mu)
    L = torch.linalg.cholesky(inner)
    return lambda v: (v - F @ torch.cholesky_solve(F.mT @ v, L)) / mu


def _partial_cholesky(
    kernel: Kernel, X: torch.Tensor, rank: int, rng: np.random.Generator
) -> tuple[torch.Tensor, torch.Tensor]:
    """F (n, ≤ rank) with F Fᵀ ≈ K, on pivots drawn in proportion to what is left of the diagonal; and what is left."""
    n, filled = len(X), 0
    F = X.new_zeros(n, rank)
    left = torch.cat([kernel(X[rows], X[rows]).diagonal() for rows in _slices(n, 256)])
    enough = torch.finfo(X.dtype).eps * float(left.sum())
    while filled < rank and float(left.sum()) > enough:
        weights = left.double().cpu().numpy()
        count = min(_PIVOTS, rank - filled, int((weights > 0).sum()))
        pivots = torch.from_numpy(rng.choice(n, size=count, replace=False, p=weights / weights.sum())).to(X.device)
        columns = torch.cat([kernel(X[rows], X[pivots]) for rows in _slices(n)])
        columns -= F[:, :filled] @ F[pivots, :filled].mT
        eigenvalues, Q = torch.linalg.eigh((columns[pivots] + columns[pivots].mT) / 2)
        kept = eigenvalues > 10 * count * torch.finfo(X.dtype).eps * eigenvalues[-1]
        new = columns @ (Q[:, kept] / eigenvalues[kept].sqrt())
        F[:, filled : filled + new.shape[1]] = new
        filled += new.shape[1]
        left = (left - new.square().sum(dim=1)).clamp_min(0)
        left[pivots] = 0
    return F[:, :filled], left


def _on_tensors(kernel: Kernel, given: Array) -> Kernel:
    """The user's kernel, called with the kind of array that the user gave, as a function of tensors."""

    def blocks(A: torch.Tensor, B: torch.Tensor) -> torch.Tensor:
        K = kernel(A, B) if _check.is_tensor(given) else kernel(A.numpy(), B.numpy())
        K = torch.as_tensor(K, dtype=A.dtype, device=A.device)
        if K.shape != (len(A), len(B)):
            raise ValueError(f"kernel(A, B) must have shape {(len(A), len(B))}, rows × rows; got {tuple(K.shape)}")
        return K

    return blocks


def _slices(n: int, size: int | None = None) -> Iterator[slice]:
    step = _BLOCK if size is None else size
    return (slice(start, min(start + step, n)) for start in range(0, n, step))
