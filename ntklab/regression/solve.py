"""Cholesky solves with K + ridge·I: in place, in blocks, on any device, and never with a silent jitter."""

from __future__ import annotations

import math

import torch

_BLOCK = 256  # columns per panel: the work is then matrix products, and the extra memory n × 256
_SINGULAR = 10  # λ_min below this many roundings of λ_max: hardly a digit of a solution would be right


class Cholesky:
    r"""The factor of :math:`K + \delta I = L L^\top` and what one solves with it.

    ``A`` holds L in its lower triangle; the strict upper one keeps K. With ``overwrite=True`` K itself becomes ``A``,
    so that a solve needs one n × n matrix; otherwise K is copied. ``name`` is what messages call K.

    Raises:
        ValueError: K + δI is singular to rounding (the message names the rank and suggests a ridge) or not positive.
    """

    def __init__(self, K: torch.Tensor, ridge: float = 0.0, *, name: str = "K_train", overwrite: bool = False) -> None:
        diagonal = K.diagonal() + ridge
        self.A = K if overwrite else K.clone(memory_format=torch.contiguous_format)
        self.A.diagonal().copy_(diagonal)
        regular = factorize(self.A)
        if not regular or (self._nearly_singular(diagonal) and _numerical_rank(self.A, diagonal) < len(diagonal)):
            _refuse(self.A, diagonal, ridge, name)

    def solve(self, B: torch.Tensor) -> torch.Tensor:
        """(K + δI)⁻¹ B for B (n,) or (n, c)."""
        columns = B[:, None] if B.ndim == 1 else B
        X = torch.linalg.solve_triangular(self.A.mT, self.half_solve(columns), upper=True)
        return X[:, 0] if B.ndim == 1 else X

    def half_solve(self, B: torch.Tensor) -> torch.Tensor:
        """L⁻¹ B for B (n, c): the squared lengths of its columns are the quadratic forms bᵀ (K + δI)⁻¹ b."""
        return torch.linalg.solve_triangular(self.A, B, upper=False)

    def inverse(self) -> torch.Tensor:
        """(K + δI)⁻¹ itself, for where the inverse is the answer. To solve, use :meth:`solve`."""
        return torch.cholesky_inverse(self.A.tril())

    def _nearly_singular(self, diagonal: torch.Tensor) -> bool:
        """Whether a few inverse iterations find λ_min within rounding of λ_max (the pivots alone can miss it)."""
        index = torch.arange(1, len(diagonal) + 1, dtype=diagonal.dtype, device=diagonal.device)
        v = torch.cos(index * index)  # any vector without structure
        for _ in range(4):
            v = self.solve(v / torch.linalg.vector_norm(v))
        smallest = 1 / float(torch.linalg.vector_norm(v))
        # The trace bounds λ_max from above; where that is too careful, the eigenvalues decide.
        return not smallest > _SINGULAR * torch.finfo(v.dtype).eps * float(diagonal.sum())


def factorize(A: torch.Tensor) -> bool:
    """Overwrite the lower triangle of A by its Cholesky factor, panel by panel; False if A is not positive definite.

    The strict upper triangle stays, so that with the old diagonal the matrix can be had back.
    """
    for start in range(0, len(A), _BLOCK):
        stop = min(start + _BLOCK, len(A))
        upper = A[start:stop, start:stop].triu(1)
        A[start:, start:stop].addmm_(A[start:, :start], A[start:stop, :start].mT, alpha=-1)
        L, info = torch.linalg.cholesky_ex(A[start:stop, start:stop])
        A[start:stop, start:stop] = L + upper
        if int(info):
            return False
        A[stop:, start:stop] = torch.linalg.solve_triangular(L.mT, A[stop:, start:stop], upper=True, left=False)
    return True


def eigh(A: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """Eigenvalues, rising, and eigenvectors of a symmetric matrix (Apple's GPU cannot: by way of the CPU)."""
    if A.device.type == "mps":
        eigenvalues, Q = torch.linalg.eigh(A.cpu())
        return eigenvalues.to(A.device), Q.to(A.device)
    return torch.linalg.eigh(A)


def _eigenvalues(A: torch.Tensor, diagonal: torch.Tensor) -> torch.Tensor:
    """Those of the matrix that was factorised in ``A``, from its upper triangle and its old diagonal."""
    restored = A.triu(1).cpu() if A.device.type == "mps" else A.triu(1)
    restored.diagonal().copy_(diagonal)
    return torch.linalg.eigvalsh(restored, UPLO="U")


def _numerical_rank(A: torch.Tensor, diagonal: torch.Tensor) -> int:
    eigenvalues = _eigenvalues(A, diagonal)
    return int((eigenvalues > _SINGULAR * torch.finfo(A.dtype).eps * eigenvalues.abs().max()).sum())


def _refuse(A: torch.Tensor, diagonal: torch.Tensor, ridge: float, name: str) -> None:
    """Raise the error that names the rank and suggests a ridge."""
    eigenvalues = _eigenvalues(A, diagonal)
    n, eps = len(A), torch.finfo(A.dtype).eps
    smallest, largest = float(eigenvalues[0]), float(eigenvalues.abs().max())
    rounding = max(n, _SINGULAR) * eps * largest  # where numpy.linalg.matrix_rank draws the line
    what = f"{name} + {ridge:g}·I" if ridge else name
    if smallest < -1e3 * rounding:
        raise ValueError(
            f"{what} must be positive definite; its eigenvalues run from {smallest:.3g} to {largest:.3g}. "
            f"A kernel matrix has none below 0: check how {name} was made"
        )
    rank = min(int((eigenvalues > rounding).sum()), n - 1)
    enough = 10.0 ** math.ceil(math.log10(math.sqrt(eps) * largest)) if largest > 0 else 1.0
    raise ValueError(
        f"{what} has rank {rank} (to rounding) but {n} rows, so the system has no unique solution; "
        f"raise the ridge on its diagonal (ridge={enough:.0e}, say) or drop repeated inputs"
    )
