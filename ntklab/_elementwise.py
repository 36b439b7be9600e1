"""Functions of large blocks, each from the library that has it vectorised for this processor."""

from __future__ import annotations

import functools
import sys

import numpy as np
import torch


def asin(x: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    """arcsin(x) in ``out``, which may be ``x``; no gradients.

    >>> x = torch.tensor([0.5], dtype=torch.float64)
    >>> asin(x, out=torch.empty_like(x))
    tensor([0.5236], dtype=torch.float64)
    """
    if x.device.type == "cpu" and _numpys_is_faster():
        np.arcsin(x.numpy(), out=out.numpy())
        return out
    return torch.asin(x, out=out)


def sqrt(x: torch.Tensor, out: torch.Tensor) -> torch.Tensor:
    """√x in ``out``, which may be ``x``; no gradients."""
    if x.device.type == "cpu" and _numpys_is_faster():
        np.sqrt(x.numpy(), out=out.numpy())
        return out
    return torch.sqrt(x, out=out)


@functools.cache
def _numpys_is_faster() -> bool:
    """Whether NumPy brings its own arcsin for this processor: with AVX-512 on Linux, a third of the time of torch's.

    Elsewhere NumPy calls the C library for one number after another. Both round to within one unit in the last place.
    """
    known = np.show_config(mode="dicts").get("SIMD Extensions", {})
    names = {"X86_V4", "AVX512_SKX"}  # from NumPy 2.4 on, and before
    return sys.platform == "linux" and bool(names & {*known.get("found", ()), *known.get("baseline", ())})
