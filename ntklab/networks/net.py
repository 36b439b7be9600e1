"""One network in the NTK parameterisation."""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.gaussian import Activation
from ntklab.kernels import MLP
from ntklab.kernels.mlp import PerLayer

Layer = tuple[torch.Tensor, torch.Tensor | None]  # weight (fan_out, fan_in) and bias (fan_out,), as drawn from N(0, 1)
Scale = tuple[float, float]  # sqrt(C_W / fan_in) and sqrt(C_b)


class NTKNet(torch.nn.Module):
    r"""A multilayer perceptron in the NTK parameterisation, with chapter 10's initialisation and layer counting.

    .. math::

        z^{(1)} &= \sqrt{C_b^{(1)}}\; b^{(1)} + \sqrt{C_W^{(1)} / d}\; W^{(1)} x \\
        z^{(\ell+1)} &= \sqrt{C_b^{(\ell+1)}}\; b^{(\ell+1)}
                        + \sqrt{C_W^{(\ell+1)} / m}\; W^{(\ell+1)} \sigma(z^{(\ell)})

    with width m and every entry of W and b drawn from N(0, 1). The trainable weights are W and b themselves, so
    gradient descent with one step η has the learning-rate tensor λ_W = C_W/fan_in, λ_b = C_b of PDLT (10.44)–(10.45):
    as m → ∞ the tangent kernel becomes ``ntk(X, mlp=net.mlp)`` and the outputs a Gaussian process with covariance
    ``nngp(X, mlp=net.mlp)``. A layer with C_b = 0 has no bias.

    The network of the class 5 slides, :math:`h(x) = m^{-1/2} \sum_i a_i \sigma(\langle b_i, x \rangle)`, is
    ``NTKNet(d, m, C_W=d, readout=(1, 0))``: inner products are then not divided by d.

    Args:
        d: number of inputs.
        width: units in each hidden layer, m.
        hidden_layers: number of hidden layers.
        n_out: number of outputs, c.
        activation: name or object, see :func:`ntklab.gaussian.activation`.
        C_W: weight variance times fan-in; a number, or one for each of the ``hidden_layers`` + 1 weight layers.
        C_b: bias variance, likewise.
        readout: ``(C_W, C_b)`` of the last weight layer, if it differs.
        seed: seed of the draw, a whole number. Equal seeds give equal weights on every device.

    Attributes:
        mlp: the :class:`~ntklab.kernels.MLP` of the infinite-width limit.
        config: the arguments above as a dictionary; with :meth:`flat_weights` it rebuilds the network exactly.

    Raises:
        ValueError, TypeError: a size that is not a whole number ≥ 1, a negative variance, an unknown activation.

    >>> net = NTKNet(d=3, width=4, seed=0)
    >>> net(np.ones((2, 3))).shape, net.flat_weights().shape  # 4·3 + 1·4 weights, no biases
    ((2, 1), torch.Size([16]))
    >>> rebuilt = NTKNet.from_config(net.config, net.flat_weights())
    >>> bool((rebuilt(np.ones((2, 3))) == net(np.ones((2, 3)))).all())
    True
    """

    W1: torch.nn.Parameter  # the first of W1, b1, W2, ...: its dtype and device are the network's

    def __init__(
        self,
        d: int,
        width: int,
        hidden_layers: int = 1,
        n_out: int = 1,
        activation: str | Activation = "relu",
        C_W: PerLayer = 2.0,
        C_b: PerLayer = 0.0,
        readout: tuple[float, float] | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self._declare(d, width, hidden_layers, n_out, activation, C_W, C_b, readout, seed)
        self._draw(np.random.default_rng(self.config["seed"]))

    def _declare(
        self,
        d: int,
        width: int,
        hidden_layers: int,
        n_out: int,
        activation: str | Activation,
        C_W: PerLayer,
        C_b: PerLayer,
        readout: tuple[float, float] | None,
        seed: int,
    ) -> None:
        """Check the arguments and set up parameters without values."""
        self.mlp = MLP(hidden_layers, activation, C_W, C_b, readout=readout)
        self.activation = _differentiable(self.mlp.sigma)
        self.config: dict[str, Any] = {
            "d": _check.integer("d", d),
            "width": _check.integer("width", width),
            "hidden_layers": self.mlp.hidden_layers,
            "n_out": _check.integer("n_out", n_out),
            "activation": self.mlp.activation,
            "C_W": self.mlp.C_W,
            "C_b": self.mlp.C_b,
            "readout": self.mlp.readout,
            "seed": _check.integer("seed", seed, 0),
        }
        sizes = [d, *[width] * hidden_layers, n_out]
        self.scales: list[Scale] = [
            (math.sqrt(c_w / fan_in), math.sqrt(c_b))
            for c_w, c_b, fan_in in zip(self.mlp.weight_variances, self.mlp.bias_variances, sizes[:-1], strict=True)
        ]
        for layer, (_, bias_scale) in enumerate(self.scales, start=1):
            fan_in, fan_out = sizes[layer - 1 : layer + 1]
            self._declare_parameter(f"W{layer}", (fan_out, fan_in))
            if bias_scale > 0:
                self._declare_parameter(f"b{layer}", (fan_out,))

    def _declare_parameter(self, name: str, shape: tuple[int, ...]) -> None:
        self.register_parameter(name, torch.nn.Parameter(torch.empty(shape, dtype=torch.float64)))

    def _draw(self, rng: np.random.Generator) -> None:
        # all W before all b: the same seed gives the same W with and without biases
        for initial in "Wb":
            for name, parameter in self.named_parameters():
                if name.startswith(initial):
                    parameter.data.copy_(torch.from_numpy(rng.standard_normal(parameter.shape)))

    @classmethod
    def from_mlp(cls, mlp: MLP, d: int, width: int, n_out: int = 1, seed: int = 0) -> NTKNet:
        """Return a finite network of the architecture ``mlp``, whose infinite-width limit ``mlp`` describes.

        Raises:
            ValueError: ``mlp`` trains a layer at another rate than this parameterisation does, λ ≠ C.

        >>> NTKNet.from_mlp(MLP(hidden_layers=2, activation="erf", C_b=0.1), d=3, width=8)
        NTKNet(d=3, width=8, hidden_layers=2, n_out=1, activation='erf', C_W=2.0, C_b=0.1, readout=None, seed=0)
        """
        if mlp.weight_rates != mlp.weight_variances or mlp.bias_rates != mlp.bias_variances:
            raise ValueError(
                "mlp must have lambda_W = C_W and lambda_b = C_b: a network in the NTK parameterisation trains every "
                "layer at that rate. Leave lambda_W and lambda_b at their defaults"
            )
        return cls(d, width, mlp.hidden_layers, n_out, mlp.activation, mlp.C_W, mlp.C_b, mlp.readout, seed)

    @classmethod
    def from_config(cls, config: dict[str, Any], weights: Array) -> NTKNet:
        """Rebuild a network exactly from its :attr:`config` and its :meth:`flat_weights`, NumPy or torch.

        The network takes the weights' dtype and device, and keeps a copy of them.

        Raises:
            ValueError: an argument in ``config`` is missing, unknown or wrong, or ``weights`` has the wrong length.
        """
        names = inspect.signature(cls).parameters
        unknown = sorted(set(config) - set(names))
        missing = sorted({"d", "width"} - set(config))
        if unknown or missing:
            raise ValueError(f"config must hold arguments of NTKNet; missing {missing}, unknown {unknown}")
        net = cls.__new__(cls)
        torch.nn.Module.__init__(net)
        net._declare(**{name: config.get(name, names[name].default) for name in names})
        (weights,), _ = _check.enter(weights=weights)
        _check.vector("weights", weights, length=net.n_weights, of="the network's flat weights")
        net.to(device=weights.device, dtype=weights.dtype)
        with torch.no_grad():
            for parameter, values in zip(net.parameters(), net._unflatten(weights), strict=True):
                parameter.copy_(values)
        return net

    @property
    def n_weights(self) -> int:
        """Number of trainable weights, p."""
        return sum(parameter.numel() for parameter in self.parameters())

    def flat_weights(self) -> torch.Tensor:
        """Return a copy of all weights as one vector (p,): W¹ row by row, b¹ if there is one, W², …"""
        return torch.cat([parameter.detach().reshape(-1) for parameter in self.parameters()])

    def layers(self, weights: torch.Tensor | None = None) -> list[Layer]:
        """Return (W, b) of each weight layer, b None without bias: the parameters, or views of flat ``weights``."""
        names = [name for name, _ in self.named_parameters()]
        values = list(self.parameters()) if weights is None else self._unflatten(weights)
        named = dict(zip(names, values, strict=True))
        return [(named[f"W{layer}"], named.get(f"b{layer}")) for layer in range(1, len(self.scales) + 1)]

    def preactivations(self, X: Array) -> list[Array]:
        """Return z¹, …, z^L: the preactivations of every hidden layer (n, width), and the outputs (n, c) last.

        Args:
            X: inputs (n, d).
        """
        x, leave = self._enter(X)
        return [leave(z) for z in propagate(x, self.layers(), self.scales, self.activation.f)]

    def forward(self, X: Array) -> Array:
        """Return the outputs (n, c) at the inputs (n, d), NumPy for NumPy; the network's dtype decides.

        Tensors may carry gradients, and any leading axes instead of n; they must be on the network's device.
        """
        x, leave = self._enter(X)
        return leave(propagate(x, self.layers(), self.scales, self.activation.f)[-1])

    def _enter(self, X: Array) -> tuple[torch.Tensor, Callable[[torch.Tensor], Array]]:
        return enter_inputs(X, self.config["d"], self.W1)

    def _unflatten(self, weights: torch.Tensor) -> list[torch.Tensor]:
        shapes = [parameter.shape for parameter in self.parameters()]
        pieces = weights.split([shape.numel() for shape in shapes])
        return [piece.reshape(shape) for piece, shape in zip(pieces, shapes, strict=True)]

    def __repr__(self) -> str:
        return f"NTKNet({', '.join(f'{name}={value!r}' for name, value in self.config.items())})"


def _differentiable(sigma: Activation) -> Activation:
    probe = torch.linspace(-1.0, 1.0, 5, dtype=torch.float64, requires_grad=True)
    if not sigma.f(probe).requires_grad and bool((sigma.derivative(probe.detach()) != 0).any()):
        raise ValueError(
            f"activation {sigma.name!r} is made of NumPy functions, which torch cannot differentiate; "
            "write it with torch to use it in a network (kernels take it as it is)"
        )
    return sigma


def propagate(
    X: torch.Tensor, layers: Sequence[Layer], scales: Sequence[Scale], f: Callable[[torch.Tensor], torch.Tensor]
) -> list[torch.Tensor]:
    """The preactivations z¹, …, z^L of every weight layer, by the two equations in :class:`NTKNet`."""
    z, h = [], X
    for (W, b), (weight_scale, bias_scale) in zip(layers, scales, strict=True):
        z.append(torch.nn.functional.linear(h * weight_scale, W, None if b is None else bias_scale * b))
        h = f(z[-1]) if len(z) < len(layers) else h
    return z


def enter_inputs(X: Array, d: int, weights: torch.Tensor) -> tuple[torch.Tensor, Callable[[torch.Tensor], Array]]:
    """X with the weights' dtype (and device, if it is NumPy), and the way back to X's kind."""
    leave: Callable[[torch.Tensor], Array] = _unchanged
    if _check.is_tensor(X):
        x = X.to(weights.dtype)  # no check of values here: they may be traced by torch.func
    else:
        (x,), _ = _check.enter(X=X)
        x, leave = x.to(weights), _to_numpy
    if x.ndim == 0 or x.shape[-1] != d:
        raise ValueError(f"X must have {d} columns, the network's d; got shape {tuple(x.shape)}")
    return x, leave


def _unchanged(tensor: torch.Tensor) -> torch.Tensor:
    return tensor


def _to_numpy(tensor: torch.Tensor) -> np.ndarray:
    return tensor.detach().cpu().numpy()
