"""Where to compute, and how much: the same notebook cell runs on a laptop and on a GPU."""

from __future__ import annotations

import warnings
from typing import TypeVar

import torch

Size = TypeVar("Size")


def default_device() -> torch.device:
    """Return the CUDA GPU where there is one, else Apple's MPS, else the CPU.

    >>> default_device().type in ("cuda", "mps", "cpu")
    True
    """
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def pick_size(*, cpu: Size, cuda: Size) -> Size:
    """Return the second value where there is a CUDA GPU, else the first: ``width = pick_size(cpu=512, cuda=8192)``.

    >>> pick_size(cpu=512, cuda=8192) in (512, 8192)
    True
    """
    return cuda if torch.cuda.is_available() else cpu


def usable_device(device: torch.device | str | None) -> torch.device:
    """The device asked for, or the CPU for None; one that this machine lacks is refused."""
    if device is None:
        return torch.device("cpu")
    try:
        chosen = torch.device(device)
    except RuntimeError:
        raise ValueError(f"device must be 'cpu', 'cuda', 'cuda:1', ... or 'mps'; got {device!r}") from None
    here = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not here.get(chosen.type, False) or (chosen.type == "cuda" and (chosen.index or 0) >= torch.cuda.device_count()):
        raise ValueError(
            f"device {str(chosen)!r} is not available here; use networks.default_device(), which is "
            f"{str(default_device())!r}"
        )
    return chosen


def usable_dtype(dtype: torch.dtype | str | None, given: torch.dtype, device: torch.device) -> torch.dtype:
    """The dtype asked for, or that of the data for None; MPS has no float64 and says so."""
    if isinstance(dtype, str):
        dtype = getattr(torch, dtype, dtype)
    if dtype is not None and dtype not in (torch.float32, torch.float64):
        raise ValueError(f"dtype must be torch.float32 or torch.float64; got {dtype}")
    wanted = given if dtype is None else dtype
    if device.type == "mps" and wanted == torch.float64:
        if dtype is not None:
            raise ValueError("dtype float64 is not available on MPS; use dtype=torch.float32 or device='cpu'")
        warnings.warn("MPS has no float64: computing in float32", stacklevel=3)
        return torch.float32
    return wanted
