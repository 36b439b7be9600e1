"""The one engine under every kernel: square blocks, in place, only the lower triangle when both inputs are one.

A kernel is a function of inner products, applied block by block, so what is alive besides the result is a few
blocks, small enough to stay in the processor's cache. Pairs that a block cannot get right to the last digit (nearly
parallel ones) are named by it and done again one by one from the inputs themselves.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Protocol

import numpy as np
import torch

from ntklab._check import Array, enter, matrix
from ntklab._scratch import Scratch, slices
from ntklab._threads import side_by_side

# Smaller blocks lose to Python's part of an operation, larger ones to the cache. Not a power of two: with rows that far
# apart every element of a column falls on the same few cache lines, and the transposed copy takes twice as long.
BLOCK_ON_CPU = 312
BLOCK_ELSEWHERE = 4096  # an accelerator wants long launches
_COPIED_AT_ONCE = 2**18  # entries of X copied together for single pairs: 2 MiB
_REMEMBERED = 2**18  # doubtful pairs kept before they are done


def inputs(X: Array, Z: Array | None) -> tuple[torch.Tensor, torch.Tensor | None, Callable[[torch.Tensor], Array]]:
    """The checked inputs of a kernel as tensors, and the way back."""
    (X, Z), leave = enter(X=X, Z=Z)
    matrix("X", X)
    if Z is not None:
        matrix("Z", Z, columns=X.shape[1], of="X")
    return X, Z, leave


class BlockKernel(Protocol):
    """What :func:`fill` needs to know of a kernel."""

    outputs: int
    scale: float
    scratch: Scratch

    def block(
        self, inner: torch.Tensor, rows: slice, columns: slice, out: tuple[torch.Tensor, ...]
    ) -> torch.Tensor | None:
        """Write the outputs for the pairs (X[rows], Z[columns]); return a mask of doubtful pairs, if there are any.

        ``inner`` holds scale · X[rows] Z[columns]ᵀ and may be overwritten.
        """

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The outputs for the pairs (X[i], Z[j]), accurate however close the two are; never of a row with itself."""

    def diagonal(self) -> tuple[torch.Tensor, ...] | None:
        """The outputs for every row of X with itself; ``None``: the blocks have them right."""


@torch.no_grad()
def fill(X: torch.Tensor, Z: torch.Tensor | None, kernel: BlockKernel) -> tuple[torch.Tensor, ...]:
    """Return the kernel's outputs, each (n, m); symmetric to the last bit when ``Z`` is ``None``.

    ``X`` and ``Z`` are what the kernel takes inner products of: the inputs, or the inputs rescaled.
    """
    symmetric, Z = Z is None, X if Z is None else Z
    outputs = tuple(_empty(len(X), len(Z), X) for _ in range(kernel.outputs))
    size = BLOCK_ON_CPU if X.device.type == "cpu" else BLOCK_ELSEWHERE
    mender = _Mender(kernel, outputs, symmetric, X.shape[1])
    half = -(-size // 2)
    lower = torch.ones(half, half, dtype=torch.bool, device=X.device).tril()

    def work(block: tuple[slice, slice]) -> None:
        rows, columns = block
        if columns.start == 0:  # two threads that meet in a page not written before would both clear all of it
            for output in outputs:
                output[rows, 0] = 0
        inner = kernel.scratch("inner", X, rows, columns)
        torch.addmm(inner, X[rows], Z[columns].T, beta=0, alpha=kernel.scale, out=inner)
        if symmetric and rows == columns:
            made = tuple(kernel.scratch(f"out {k}", X, rows, columns) for k in range(kernel.outputs))
        else:
            made = tuple(output[rows, columns] for output in outputs)
        doubtful = kernel.block(inner, rows, columns, made)
        for output, values in zip(outputs, made, strict=True):
            if symmetric and rows == columns:
                here = lower[: len(values), : len(values)]
                torch.where(here, values, values.T, out=output[rows, columns])
            elif symmetric:
                output[columns, rows] = values.T
        if doubtful is not None:
            mender.note(doubtful, rows, columns)

    if symmetric:
        grid = _lower_blocks(len(X), size)
    else:
        grid = [(rows, columns) for rows in slices(len(X), size) for columns in slices(len(Z), size)]
    side_by_side(work, grid, X.device)
    mender.mend()
    if symmetric and (diagonals := kernel.diagonal()) is not None:
        for output, values in zip(outputs, diagonals, strict=True):
            output.diagonal().copy_(values)
    return outputs


def _lower_blocks(n: int, size: int) -> list[tuple[slice, slice]]:
    """The lower triangle, row by row; smaller on the diagonal, since what lies above it is computed for nothing."""
    blocks = []
    for rows in slices(n, size):
        blocks += [(rows, columns) for columns in slices(rows.start, size)]
        middle = min(rows.start + size // 2, rows.stop)
        first, second = slice(rows.start, middle), slice(middle, rows.stop)
        blocks += [(first, first)] if middle == rows.stop else [(first, first), (second, first), (second, second)]
    return blocks


class _Mender:
    """Remembers doubtful pairs and does them again, a bounded number at a time."""

    def __init__(self, kernel: BlockKernel, outputs: tuple[torch.Tensor, ...], symmetric: bool, width: int) -> None:
        self.kernel, self.outputs, self.symmetric, self.width = kernel, outputs, symmetric, width
        self.noted: list[tuple[torch.Tensor, torch.Tensor]] = []
        self.count = 0
        self.lock = threading.Lock()

    def note(self, doubtful: torch.Tensor, rows: slice, columns: slice) -> None:
        mask = doubtful.tril(-1) if self.symmetric and rows == columns else doubtful
        i, j = mask.nonzero(as_tuple=True)
        if not len(i):
            return
        with self.lock:
            self.noted.append((i + rows.start, j + columns.start))
            self.count += len(i)
            if self.count > _REMEMBERED:
                self.mend()

    def mend(self) -> None:
        if not self.noted:
            return
        i, j = (torch.cat(indices) for indices in zip(*self.noted, strict=True))
        self.noted, self.count = [], 0
        at_once = max(1, _COPIED_AT_ONCE // self.width)
        for part_i, part_j in zip(i.split(at_once), j.split(at_once), strict=True):
            for output, values in zip(self.outputs, self.kernel.pairs(part_i, part_j), strict=True):
                output[part_i, part_j] = values
                if self.symmetric:
                    output[part_j, part_i] = values


def _empty(rows: int, columns: int, like: torch.Tensor) -> torch.Tensor:
    """On the CPU memory comes from NumPy, which asks Linux for huge pages: half the time of a first write."""
    if like.device.type == "cpu":
        return torch.from_numpy(
            np.empty((rows, columns), dtype=np.float32 if like.dtype == torch.float32 else np.float64)
        )
    return torch.empty(rows, columns, dtype=like.dtype, device=like.device)


def angles(x: torch.Tensor, z: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """θ between the unit rows of x and z, and π − θ, from differences and sums: accurate down to 0 each."""
    apart, together = torch.linalg.vector_norm(x - z, dim=1), torch.linalg.vector_norm(x + z, dim=1)
    return 2 * torch.atan2(apart, together), 2 * torch.atan2(together, apart)
