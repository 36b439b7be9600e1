"""The line through two inputs, and the checks on what is given along it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch

from ntklab._check import Array, enter, vector


def on_line(plus: torch.Tensor, minus: torch.Tensor, s: torch.Tensor) -> torch.Tensor:
    return outer(s, plus) + outer(1 - s, minus)


def outer(s: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    return s.reshape(s.shape + (1,) * y.ndim) * y


def around_start(
    y_plus: torch.Tensor,
    y_minus: torch.Tensor,
    s: torch.Tensor,
    f0_train: torch.Tensor | None,
    f0_test: torch.Tensor | None,
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The line around the initial outputs, and the targets relative to them."""
    if f0_train is None and f0_test is None:
        return on_line(y_plus, y_minus, s), y_plus, y_minus
    if f0_train is None or f0_test is None:
        raise ValueError("give both f0_train and f0_test, or neither (the ensemble's mean)")
    for name, f0, shape in (("f0_train", f0_train, (2,)), ("f0_test", f0_test, tuple(s.shape))):
        wanted = shape + tuple(y_plus.shape)
        if tuple(f0.shape) != wanted:
            raise ValueError(f"{name} must have shape {wanted}; got {tuple(f0.shape)}")
    y_plus, y_minus = y_plus - f0_train[0], y_minus - f0_train[1]
    return f0_test + on_line(y_plus, y_minus, s), y_plus, y_minus


def pair(x_plus: torch.Tensor, x_minus: torch.Tensor) -> None:
    vector("x_plus", x_plus)
    vector("x_minus", x_minus, length=len(x_plus), of="x_plus")
    if torch.equal(x_plus, x_minus):
        raise ValueError("x_plus and x_minus must differ: two outputs at one input cannot both be learned")


def same_shape(name: str, a: torch.Tensor, of: str, b: torch.Tensor) -> None:
    if a.ndim > 1:
        raise ValueError(f"{name} must be a number or have shape (c,); got {tuple(a.shape)}")
    if a.shape != b.shape:
        raise ValueError(f"{name} must have the shape of {of}, {tuple(b.shape)}; got {tuple(a.shape)}")


def enter64(**arrays: Array) -> tuple[list[Any], Callable[[torch.Tensor], Array]]:
    """``enter`` in float64 on the CPU, and the way back to the dtype and device that came in."""
    tensors, leave = enter(**arrays)
    like = next(t for t in tensors if t is not None)
    inside = [None if t is None else t.cpu().double() for t in tensors]
    return inside, lambda result: leave(result.to(like))
