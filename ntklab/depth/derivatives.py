"""Derivatives of an activation beyond the first, which the delta expansion and the K* = 0 class need."""

from __future__ import annotations

from collections.abc import Callable

import torch

from ntklab.gaussian import Activation

Function = Callable[[torch.Tensor], torch.Tensor]

# Eighth-order central difference: weights of g(z + j h) - g(z - j h), j = 1..4. At h = 0.02 rounding errs by
# about 1e-14 and the truncation by 4e-17 times the ninth derivative of g.
STENCIL = (4 / 5, -1 / 5, 4 / 105, -1 / 280)
STEP = 0.02


def second_derivative(activation: Activation) -> Function:
    """sigma'' as a function of a float64 tensor: by autograd, or by differences (to about 1e-11) of a NumPy derivative.

    >>> from ntklab.gaussian import activation
    >>> curve = second_derivative(activation("monomial:3"))  # z^3 -> 6 z
    >>> curve(torch.tensor([1.0, -2.0], dtype=torch.float64)).tolist()
    [6.0, -12.0]
    """
    return _derivative(activation.derivative)


def third_derivative(activation: Activation) -> Function:
    """sigma''', likewise (to about 1e-9 by differences).

    >>> from ntklab.gaussian import activation
    >>> third_derivative(activation("sin"))(torch.zeros(1, dtype=torch.float64)).tolist()
    [-1.0]
    """
    return _derivative(second_derivative(activation))


def _derivative(g: Function) -> Function:
    def by_autograd(z: torch.Tensor) -> torch.Tensor:
        again = z.requires_grad and torch.is_grad_enabled()  # the next derivative is asked for
        with torch.enable_grad():
            z = z if again else z.detach().requires_grad_()
            return torch.autograd.grad(g(z).sum(), z, create_graph=again)[0]

    def by_differences(z: torch.Tensor) -> torch.Tensor:
        terms = (w * (g(z + j * STEP) - g(z - j * STEP)) for j, w in enumerate(STENCIL, start=1))
        return sum(terms, torch.zeros_like(z)) / STEP

    return by_autograd if _carries_gradient(g) else by_differences


def _carries_gradient(g: Function) -> bool:
    """Whether torch sees inside ``g``: not if it is constant (differences serve too) or NumPy code."""
    probe = torch.tensor([-1.3, -0.4, 0.3, 1.1], dtype=torch.float64, requires_grad=True)
    try:
        return g(probe).requires_grad
    except RuntimeError:  # "Can't call numpy() on Tensor that requires grad"
        return False
