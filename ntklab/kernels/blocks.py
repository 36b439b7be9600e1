"""The one engine under every kernel: square blocks, in place, only the lower triangle when both inputs are one.

A kernel is a function of inner products, applied block by block, so what is alive besides the result is a few
blocks. Pairs that a block cannot get right to the last digit (nearly parallel ones) are named by it and done again
one by one from the inputs themselves.
"""

from __future__ import annotations

from typing import Protocol

import torch

BLOCK_ON_CPU = 512  # a block and its few temporaries stay in the cache
BLOCK_ELSEWHERE = 4096  # an accelerator wants long launches


class BlockKernel(Protocol):
    """What :func:`fill` needs to know of a kernel."""

    outputs: int

    def block(
        self, inner: torch.Tensor, rows: slice, columns: slice
    ) -> tuple[tuple[torch.Tensor, ...], torch.Tensor | None]:
        """The outputs for the block X[rows] Z[columns]ᵀ, which may be overwritten, and a mask of doubtful pairs."""

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The outputs for the pairs (X[i], Z[j]), accurate however close the two are."""


@torch.no_grad()
def fill(X: torch.Tensor, Z: torch.Tensor | None, kernel: BlockKernel) -> tuple[torch.Tensor, ...]:
    """Return the kernel's outputs, each (n, m); symmetric to the last bit when ``Z`` is ``None``."""
    symmetric, Z = Z is None, X if Z is None else Z
    outputs = tuple(torch.empty(len(X), len(Z), dtype=X.dtype, device=X.device) for _ in range(kernel.outputs))
    size = BLOCK_ON_CPU if X.device.type == "cpu" else BLOCK_ELSEWHERE
    for rows in slices(len(X), size):
        for columns in slices(len(Z), size):
            if symmetric and columns.start > rows.start:
                break
            results, doubtful = kernel.block(X[rows] @ Z[columns].T, rows, columns)
            if doubtful is not None:
                _mend(kernel, results, doubtful, rows, columns, symmetric and rows == columns, X.shape[1])
            for output, result in zip(outputs, results, strict=True):
                output[rows, columns] = result
                if symmetric and rows != columns:
                    output[columns, rows] = result.T
    if symmetric:
        for output in outputs:
            for rows in slices(len(X), size):
                square = output[rows, rows]
                square.copy_(square.tril() + square.tril(-1).T)
    return outputs


def _mend(
    kernel: BlockKernel,
    results: tuple[torch.Tensor, ...],
    doubtful: torch.Tensor,
    rows: slice,
    columns: slice,
    lower_only: bool,
    width: int,
) -> None:
    """Overwrite the doubtful entries, few rows at a time so that no large copy of the inputs arises."""
    i, j = (doubtful.tril() if lower_only else doubtful).nonzero(as_tuple=True)
    for part in slices(len(i), max(1, 2**20 // width)):
        for result, values in zip(results, kernel.pairs(i[part] + rows.start, j[part] + columns.start), strict=True):
            result[i[part], j[part]] = values


def slices(n: int, size: int) -> list[slice]:
    """0..n cut into slices of at most ``size``."""
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]


def angles(x: torch.Tensor, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """θ between the unit rows of x and z, and π − θ, from differences and sums: accurate down to 0 each."""
    apart, together = torch.linalg.vector_norm(x - z, dim=1), torch.linalg.vector_norm(x + z, dim=1)
    return 2 * torch.atan2(apart, together), 2 * torch.atan2(together, apart)
