"""Working memory for block-wise loops."""

from __future__ import annotations

import threading

import torch


def slices(n: int, size: int) -> list[slice]:
    """0..n cut into slices of at most ``size``."""
    return [slice(start, min(start + size, n)) for start in range(0, n, size)]


class Scratch(threading.local):
    """Buffers by name, used again for every block: fresh memory would be cold, and cost more than the arithmetic.

    Every thread has buffers of its own.
    """

    def __init__(self) -> None:
        self._buffers: dict[str, torch.Tensor] = {}

    def __call__(self, name: str, like: torch.Tensor, rows: slice, columns: slice) -> torch.Tensor:
        shape = (rows.stop - rows.start, columns.stop - columns.start)
        size = shape[0] * shape[1]
        if name not in self._buffers or len(self._buffers[name]) < size:
            self._buffers[name] = torch.empty(size, dtype=like.dtype, device=like.device)
        return self._buffers[name][:size].view(shape)
