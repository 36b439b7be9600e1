"""Checks at the public boundary: every message says which argument, what was wanted, what came, what to do.

A public function opens with::

    (X, Z), leave = enter(X=X, Z=Z)          # torch tensors, one dtype, one device
    matrix("X", X); matrix("Z", Z, columns=X.shape[1], of="X")
    ...
    return leave(result)                      # NumPy if NumPy came in, else a tensor

and its inner code then trusts its input. ``float32`` stays ``float32``; integers and booleans become ``float64``.
"""

from __future__ import annotations

import difflib
import math
import sys
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import torch

Array = Any  # numpy.ndarray or torch.Tensor: the answer is of the kind that came in


def is_tensor(value: Any) -> bool:
    """Whether ``value`` is a torch tensor, without importing torch to find out."""
    torch_module = sys.modules.get("torch")
    return torch_module is not None and isinstance(value, torch_module.Tensor)


def enter(**arrays: Array) -> tuple[list[torch.Tensor | Any], Callable[[torch.Tensor], Array]]:
    """Return the arguments as finite floating tensors of one dtype and device, and the way back.

    ``None`` passes through. The answer's kind is torch as soon as one argument is a tensor. Mixed
    dtypes promote (float32 with float64 gives float64); tensors on two devices are an error.
    """
    import torch

    named = {name: value for name, value in arrays.items() if value is not None}
    tensors = {name: _as_tensor(name, value) for name, value in named.items()}
    from_torch = [name for name, value in named.items() if is_tensor(value)]

    devices = {str(tensors[name].device) for name in from_torch}
    if len(devices) > 1:
        where = ", ".join(f"{name} on {tensors[name].device}" for name in from_torch)
        raise ValueError(f"all tensors must be on one device; got {where}. Move them with .to(device)")
    device = tensors[from_torch[0]].device if from_torch else torch.device("cpu")
    dtype = torch.float32
    for tensor in tensors.values():
        dtype = torch.promote_types(dtype, tensor.dtype)
    if device.type == "mps":
        dtype = torch.float32  # MPS has no float64

    ready = [None if arrays[name] is None else tensors[name].to(device=device, dtype=dtype) for name in arrays]
    if from_torch:
        return ready, lambda tensor: tensor
    return ready, lambda tensor: tensor.detach().numpy()


def _as_tensor(name: str, value: Array) -> torch.Tensor:
    import torch

    if is_tensor(value):
        tensor = value
        if tensor.is_complex():
            raise TypeError(f"{name} must hold real numbers; got dtype {tensor.dtype}")
        if not tensor.is_floating_point():
            tensor = tensor.to(torch.float32 if tensor.device.type == "mps" else torch.float64)
        elif tensor.dtype in (torch.float16, torch.bfloat16):
            tensor = tensor.to(torch.float32)
    else:
        try:
            array = np.asarray(value)
            if array.dtype.kind in "biu":
                array = array.astype(np.float64)
            elif array.dtype.kind != "f":
                raise TypeError(f"{name} must hold real numbers; got dtype {array.dtype}")
        except ValueError:
            raise ValueError(f"{name} must be an array of numbers; its rows differ in length") from None
        if array.dtype.itemsize not in (4, 8):  # in either byte order
            array = array.astype(np.float32 if array.dtype.itemsize == 2 else np.float64)
        if not array.flags.writeable or not array.dtype.isnative or any(step < 0 for step in array.strides):
            array = array.astype(array.dtype.newbyteorder("="), copy=True)  # torch warns or refuses otherwise
        tensor = torch.from_numpy(array)
    finite(name, tensor)
    return tensor


def finite(name: str, tensor: Any) -> None:
    """Refuse NaN and infinity, naming the first place."""
    # one pass without a temporary: the sum is finite unless a term is not, or it overflowed
    total = float(tensor.detach().sum())
    if math.isfinite(total):
        return
    import torch

    bad = (~torch.isfinite(tensor)).nonzero()
    if len(bad):
        place = tuple(int(i) for i in bad[0])
        value = tensor[place].item()
        raise ValueError(f"{name} must be finite; got {value} at index {place}. Remove or impute such entries")


def matrix(name: str, A: Array, *, rows: int | None = None, columns: int | None = None, of: str = "") -> None:
    """``A`` must be (n, d) with n > 0, with the stated numbers of rows and columns (those ``of`` another argument)."""
    if A is None:
        raise TypeError(f"{name} must be an array of shape (rows, columns); got None")
    if A.ndim != 2:
        hint = f" Use {name}[:, None] for one feature per row" if A.ndim == 1 else ""
        raise ValueError(f"{name} must have 2 axes (rows, columns); got shape {tuple(A.shape)}.{hint}")
    if 0 in A.shape:
        raise ValueError(f"{name} must have at least one row and one column; got shape {tuple(A.shape)}")
    like = f" like {of}" if of else ""
    if columns is not None and A.shape[1] != columns:
        raise ValueError(f"{name} must have {columns} columns{like}; got shape {tuple(A.shape)}")
    if rows is not None and A.shape[0] != rows:
        raise ValueError(f"{name} must have {rows} rows{like}; got shape {tuple(A.shape)}")


def vector(name: str, a: Array, *, length: int | None = None, of: str = "") -> None:
    """``a`` must be (n,) with n > 0, with the stated length."""
    if a.ndim != 1:
        raise ValueError(f"{name} must have 1 axis; got shape {tuple(a.shape)}")
    if a.shape[0] == 0:
        raise ValueError(f"{name} must not be empty")
    if length is not None and a.shape[0] != length:
        like = f" like {of}" if of else ""
        raise ValueError(f"{name} must have length {length}{like}; got {a.shape[0]}")


def kernel_matrix(name: str, K: Array) -> None:
    """``K`` must be square and symmetric (to 1e-6 of its largest entry: float32 kernels are welcome)."""
    matrix(name, K)
    if K.shape[0] != K.shape[1]:
        raise ValueError(f"{name} must be square (train × train); got shape {tuple(K.shape)}")
    scale = max(float(abs(K).max()), sys.float_info.min)
    block = 1024
    for start in range(0, K.shape[0], block):  # by blocks: no n × n temporary
        rows = K[start : start + block]
        gap = float(abs(rows - K[:, start : start + block].T).max())
        if gap > 1e-6 * scale:
            raise ValueError(
                f"{name} must be symmetric; entries differ by up to {gap:.3g}. Use (K + K.T) / 2 if that is rounding"
            )


def targets(name: str, y: Array, n: int, of: str = "K_train") -> None:
    """``y`` must be (n,) or (n, c)."""
    if y.ndim not in (1, 2):
        raise ValueError(f"{name} must have shape (n,) or (n, c); got shape {tuple(y.shape)}")
    if y.shape[0] != n:
        raise ValueError(f"{name} must have {n} rows like {of}; got {y.shape[0]}")


def nonnegative(name: str, value: float) -> float:
    """``value`` must be a finite number ≥ 0."""
    return _number(name, value, lambda v: v >= 0, "at least 0")


def positive(name: str, value: float) -> float:
    """``value`` must be a finite number > 0."""
    return _number(name, value, lambda v: v > 0, "greater than 0")


def _number(name: str, value: Any, good: Callable[[float], bool], wanted: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise TypeError(f"{name} must be a number {wanted}; got {value!r}") from None
    if not math.isfinite(number) or not good(number):
        raise ValueError(f"{name} must be a finite number {wanted}; got {value!r}")
    return number


def integer(name: str, value: Any, minimum: int = 1) -> int:
    """``value`` must be a whole number ≥ ``minimum`` (booleans are refused)."""
    if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, np.integer)):
        raise TypeError(f"{name} must be a whole number; got {value!r}")
    if value < minimum:
        raise ValueError(f"{name} must be at least {minimum}; got {value}")
    return int(value)


def choice(name: str, value: Any, options: Iterable[str]) -> str:
    """``value`` must be one of ``options``; a near miss is named."""
    options = list(options)
    if value in options:
        return value
    near = difflib.get_close_matches(str(value), options, n=1)
    hint = f" Did you mean {near[0]!r}?" if near else ""
    raise ValueError(f"{name} must be one of {', '.join(map(repr, options))}; got {value!r}.{hint}")


def generator(rng: Any) -> np.random.Generator:
    """The generator itself, or a new one from an integer seed; None is refused, since draws must be reproducible."""
    if isinstance(rng, np.random.Generator):
        return rng
    if isinstance(rng, (bool, np.bool_)) or not isinstance(rng, (int, np.integer)):
        raise TypeError(f"rng must be a numpy.random.Generator or an integer seed; got {rng!r}")
    return np.random.default_rng(integer("rng", rng, 0))
