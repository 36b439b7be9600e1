"""Tangent features of an NTKNet, layer by layer: the gradient of an output in one weight layer is an outer product.

With h the layer's input and δ_c = ∂f_c/∂z its backpropagated signal, ∂f_c/∂W = √(C_W/fan_in) δ_c hᵀ and
∂f_c/∂b = √C_b δ_c. So a layer's share of the tangent kernel is (C_b + C_W h·h′/fan_in) · (δ_c·δ′_c′): two Gram
matrices over units instead of one over weights, and the Jacobian, fan_in times larger, is never formed.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.networks import NTKNet
from ntklab.networks.net import Layer, propagate

WORKING_BYTES = 2**28  # features alive at a time, beside a result: 256 MiB
MAX_BLOCK = 1024  # rows


class LayerFeatures(NamedTuple):
    """The two factors of one layer's gradients at n inputs, for c outputs."""

    inputs: torch.Tensor  # (n, fan_in) or (n, fan_in + 1): √(C_W/fan_in) h and, where there is a bias, √C_b
    signals: torch.Tensor | None  # (n, c, fan_out): δ; None stands for the identity, the output layer's own


def tangent_features(net: NTKNet, X: torch.Tensor, layers: list[Layer]) -> list[LayerFeatures]:
    """The features at X (n, d) of every weight layer, first layer first, for the weights ``layers``."""
    sigma = net.activation
    z = propagate(X, layers, net.scales, sigma.f)[:-1]

    inputs = [X, *(sigma.f(z_l) for z_l in z)]
    signals: list[torch.Tensor | None] = [None]
    for layer in range(len(z), 0, -1):  # from the output layer's weights down to those of layer 2
        W, weight_scale = layers[layer][0], net.scales[layer][0]
        above = signals[0]
        arriving = W.unsqueeze(0) if above is None else above @ W  # (1, c, m) at the top: there δ is the identity
        signals.insert(0, weight_scale * arriving * sigma.derivative(z[layer - 1]).unsqueeze(1))
    return [
        LayerFeatures(_with_bias(weight_scale * h, bias_scale, b), delta)
        for h, delta, (weight_scale, bias_scale), (_, b) in zip(inputs, signals, net.scales, layers, strict=True)
    ]


def _with_bias(scaled_inputs: torch.Tensor, bias_scale: float, b: torch.Tensor | None) -> torch.Tensor:
    if b is None:
        return scaled_inputs
    return torch.nn.functional.pad(scaled_inputs, (0, 1), value=bias_scale)


def row_blocks(net: NTKNet, X: torch.Tensor) -> list[slice]:
    """Rows of X in blocks: features of two blocks fit the working memory, and so does their kernel."""
    features = WORKING_BYTES // (2 * bytes_per_row(net, X))
    kernel = math.isqrt(WORKING_BYTES // (2 * X.element_size())) // net.config["n_out"]
    size = max(1, min(MAX_BLOCK, features, kernel))
    return [slice(start, min(start + size, len(X))) for start in range(0, len(X), size)]


def bytes_per_row(net: NTKNet, like: torch.Tensor) -> int:
    """Memory of the features of one input, with the arrays that are alive while they are made."""
    d, m, L, c = (net.config[name] for name in ("d", "width", "hidden_layers", "n_out"))
    return like.element_size() * (d + 1 + m * (L * (3 + c) + 2 * c))


def enter_network(
    net: NTKNet, X: Array, Z: Array | None = None
) -> tuple[torch.Tensor, torch.Tensor | None, list[Layer], Callable[[torch.Tensor], Array]]:
    """X, Z and the weights as tensors of the wider dtype of the two on the network's device, and the way back."""
    if not isinstance(net, NTKNet):
        raise TypeError(f"net must be an NTKNet; got {type(net).__name__}")
    x, z, leave = meet(net.W1, X, Z)
    _check.matrix("X", x, columns=net.config["d"], of="the network's d")
    if z is not None:
        _check.matrix("Z", z, columns=net.config["d"], of="the network's d")
    layers = [(W.detach().to(x), None if b is None else b.detach().to(x)) for W, b in net.layers()]
    return x, z, layers, leave


def meet(
    weight: torch.Tensor, X: Array, Z: Array | None
) -> tuple[torch.Tensor, torch.Tensor | None, Callable[[torch.Tensor], Array]]:
    """X and Z on the device of a network's ``weight``, in the wider dtype of both, and the way back."""
    (x, z), _ = _check.enter(X=X, Z=Z)
    given, device = x.dtype, weight.device
    from_torch = _check.is_tensor(X) or _check.is_tensor(Z)
    if from_torch and x.device != device:
        raise ValueError(f"X is on {x.device} and net on {device}; move one of them with .to(device)")
    dtype = torch.promote_types(given, weight.dtype)

    def leave(tensor: torch.Tensor) -> Array:
        return tensor.to(given) if from_torch else tensor.to("cpu", given).numpy()

    return x.to(device, dtype), None if z is None else z.to(device, dtype), leave
