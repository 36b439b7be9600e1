"""A network as a function of its flat weights."""

from __future__ import annotations

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.networks.net import NTKNet, enter_inputs, propagate


class NetFunction:
    r"""A network as a function of its weights and inputs, f(w, X): what linearisation and tangent kernels start from.

    Args:
        net: its architecture is taken; its weights, as they are now, are the starting point :attr:`w0`.

    Attributes:
        net: the network, with a copy of the weights; ``NetFunction(NTKNet.from_config(net.config, w0))`` rebuilds it.
        w0: flat weights (p,), in the order of :meth:`NTKNet.flat_weights`.

    Calling it with ``w`` (p,) and ``X`` (n, d) gives the outputs (n, c). It works under ``torch.func`` transforms
    (grad, jvp, vmap, ...) in w and X, and answers NumPy only when both are NumPy.

    >>> import numpy as np
    >>> f = NetFunction(NTKNet(d=2, width=3))
    >>> X = np.eye(2)
    >>> bool((f(f.w0, X) == f.net(torch.eye(2))).all()), f(2 * f.w0.numpy(), X).shape
    (True, (2, 1))
    """

    def __init__(self, net: NTKNet) -> None:
        if not isinstance(net, NTKNet):
            raise TypeError(f"net must be an NTKNet; got {type(net).__name__}")
        self.net = NTKNet.from_config(net.config, net.flat_weights())
        self.w0 = self.net.flat_weights()

    def __call__(self, w: Array, X: Array) -> Array:
        if not _check.is_tensor(w):
            (w,), _ = _check.enter(w=w)
            return self._call(w, X) if _check.is_tensor(X) else self._call(w, X).numpy()
        return self._call(w, X)

    def _call(self, w: torch.Tensor, X: Array) -> torch.Tensor:
        _check.vector("w", w, length=self.net.n_weights, of="the network's flat weights")
        x, _ = enter_inputs(X, self.net.config["d"], w)
        return propagate(x, self.net.layers(w), self.net.scales, self.net.activation.f)[-1]

    def __repr__(self) -> str:
        return f"NetFunction({self.net!r})"
