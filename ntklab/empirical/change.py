"""How far training moves a network's kernel, its gradients and its hidden representation."""

from __future__ import annotations

import math

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.empirical.features import LayerFeatures, enter_network, row_blocks, tangent_features
from ntklab.empirical.ntk import empirical_ntk
from ntklab.networks import NTKNet
from ntklab.networks.net import Layer, propagate


def kernel_drift(net0: NTKNet, net1: NTKNet, X: Array) -> float:
    r"""Return the relative change of the tangent kernel between two states of one network.

    .. math::  \lVert \hat\Theta_1 - \hat\Theta_0 \rVert_F \,/\, \lVert \hat\Theta_0 \rVert_F

    After training it falls with the width m, for one hidden layer about like 1/m for smooth activations and like
    m^{−2/3} to m^{−5/6} for ReLU, whose units switch sign: the frozen kernel of PDLT §10.1.

    Args:
        net0: the network before.
        net1: the same architecture after.
        X: inputs (n, d).

    Returns:
        A number ≥ 0; all outputs of the networks count.

    Raises:
        ValueError: networks of two architectures, or inputs of the wrong shape.

    >>> net0 = NTKNet.from_config({"d": 1, "width": 1, "C_W": 1.0}, [1.0, 2.0])  # Θ = (b² + a²) x x'
    >>> net1 = NTKNet.from_config({"d": 1, "width": 1, "C_W": 1.0}, [2.0, 2.0])
    >>> kernel_drift(net0, net1, [[1.0]])  # |8 - 5|/5
    0.6
    """
    _same_architecture(net0, net1)
    Theta0, Theta1 = empirical_ntk(net0, X), empirical_ntk(net1, X)
    return math.sqrt(float(((Theta1 - Theta0) ** 2).sum()) / float((Theta0**2).sum()))


@torch.no_grad()
def representation_change(net0: NTKNet, net1: NTKNet, X: Array) -> float:
    r"""Return the relative change of the last hidden layer's preactivations.

    .. math::  \lVert z^{(L-1)}_1 - z^{(L-1)}_0 \rVert_F \,/\, \lVert z^{(L-1)}_0 \rVert_F

    PDLT (10.13): each preactivation moves by O(1/√m) at width m, so this falls with slope −1/2, and an infinitely wide
    network does not learn representations.

    Args:
        net0: the network before.
        net1: the same architecture after.
        X: inputs (n, d).

    Raises:
        ValueError: networks of two architectures, without hidden layers, or inputs of the wrong shape.

    >>> net0 = NTKNet.from_config({"d": 1, "width": 1, "C_W": 1.0}, [2.0, 1.0])  # z = b x
    >>> net1 = NTKNet.from_config({"d": 1, "width": 1, "C_W": 1.0}, [3.0, 1.0])
    >>> representation_change(net0, net1, [[1.0], [-4.0]])  # (3 - 2)/2
    0.5
    """
    _same_architecture(net0, net1)
    if net0.config["hidden_layers"] == 0:
        raise ValueError("net0 and net1 must have a hidden layer; they have none")
    changed = before = 0.0
    for x, layers0, layers1 in _blocks_of_both(net0, net1, X):
        z0, z1 = (propagate(x, layers, net0.scales, net0.activation.f)[-2] for layers in (layers0, layers1))
        changed += float((z1 - z0).square().sum())
        before += float(z0.square().sum())
    return math.sqrt(changed / before)


@torch.no_grad()
def laziness(net0: NTKNet, net1: NTKNet, X: Array) -> float:
    r"""Return the relative change of the tangent features: zero for a model that stays its own linearisation.

    .. math::  \lVert J_1 - J_0 \rVert_F \,/\, \lVert J_0 \rVert_F, \qquad J = \partial f(X) / \partial \theta

    S2, "Generalization in the lazy regime". After training it falls with slope −1/2 in the width for smooth
    activations and −1/4 for ReLU.

    Args:
        net0: the network before.
        net1: the same architecture after.
        X: inputs (n, d).

    Raises:
        ValueError: networks of two architectures, or inputs of the wrong shape.

    >>> net0 = NTKNet.from_config({"d": 1, "width": 1, "C_W": 1.0}, [1.0, 2.0])  # J = (a x, b x) for b x > 0
    >>> net1 = NTKNet.from_config({"d": 1, "width": 1, "C_W": 1.0}, [1.0, 2.5])
    >>> round(laziness(net0, net1, [[1.0]]), 12) == round(0.5 / 5**0.5, 12)
    True
    """
    _same_architecture(net0, net1)
    changed = before = 0.0
    for x, layers0, layers1 in _blocks_of_both(net0, net1, X):
        features0, features1 = tangent_features(net0, x, layers0), tangent_features(net1, x, layers1)
        change = [_minus(one, zero) for one, zero in zip(features1, features0, strict=True)]
        changed += _squared_change(features0, change, features1, net0.config["n_out"])
        before += _squared_norm(features0, net0.config["n_out"])
    return math.sqrt(changed / before)


def lazy_criterion(net: NTKNet, X: Array, Y: Array, centered: bool = True) -> float:
    r"""Return how much the tangent features change per change of the loss, at the first step of gradient descent.

    .. math::

        \kappa = \frac{\lVert \partial_v J \rVert_F / \lVert J \rVert_F}{\lVert v \rVert^2 / (\lVert r \rVert^2 / 2)},
        \qquad v = J^\top r

    For an infinitesimal step −ηv the numerator is the relative change of the Jacobian J = ∂f(X)/∂θ over η, and the
    denominator that of the loss ‖r‖²/2, r = f(X) − Y: training is lazy when κ ≪ 1. This is the criterion
    ‖h(w₀) − y‖ ‖D²h(w₀)‖ / ‖Dh(w₀)‖² ≪ 1 of Chizat, Oyallon & Bach (2019, arXiv:1812.07956, §1), up to its constant
    and with the second derivative taken along the step instead of bounded by its norm. It predicts, before
    training, what :func:`laziness` measures after it, and falls with slope −1/2 in the width for smooth
    activations; for ReLU it does not see units that will switch.

    Args:
        net: the network at its start.
        X: inputs (n, d).
        Y: targets (n,) or (n, c).
        centered: train f − f at the start, so that r = −Y.

    Raises:
        ValueError: inputs or targets of the wrong shape, or no residual to train on.

    >>> net = NTKNet.from_config({"d": 1, "width": 1, "C_W": 1.0}, [1.0, 2.0])  # J = (2, 1); Y = 1: v = -(2, 1)
    >>> lazy_criterion(net, [[1.0]], [1.0])  # ∂_v J = -(1, 2); κ = (√5/√5) / (5/(1/2))
    0.1
    """
    x, _, layers, _ = enter_network(net, X)
    y = _targets(Y, net, x)
    flat = tuple(tensor for layer in layers for tensor in layer if tensor is not None)
    sigma, n_out = net.activation, net.config["n_out"]

    def as_layers(tensors: tuple[torch.Tensor, ...]) -> list[Layer]:
        left = iter(tensors)
        return [(next(left), None if b is None else next(left)) for _, b in layers]

    step = [torch.zeros_like(tensor) for tensor in flat]  # v
    loss = 0.0
    for rows in row_blocks(net, x):
        weights = [tensor.clone().requires_grad_() for tensor in flat]
        f = propagate(x[rows], as_layers(tuple(weights)), net.scales, sigma.f)[-1]
        residual = -y[rows] if centered else f.detach() - y[rows]
        loss += float(residual.square().sum()) / 2
        for total, part in zip(step, torch.autograd.grad(f, weights, residual), strict=True):
            total += part
    descent = float(sum(v.square().sum() for v in step))
    if descent == 0:
        raise ValueError("Y must leave a residual that moves the network: the gradient at the start is zero")

    changed = before = 0.0
    for rows in row_blocks(net, x):

        def features(*tensors: torch.Tensor, rows: slice = rows) -> tuple[torch.Tensor, ...]:
            made = tangent_features(net, x[rows], as_layers(tensors))
            return tuple(part for layer in made for part in layer if part is not None)

        # not torch.func.jvp: a user's activation may get its derivative by autograd, which forward mode cannot enter
        value, slope = torch.autograd.functional.jvp(features, flat, tuple(step))
        here, change = (_as_features(parts) for parts in (value, slope))
        changed += _squared_change(here, change, here, n_out)
        before += _squared_norm(here, n_out)
    return math.sqrt(changed / before) / (descent / loss)


def _as_features(parts: tuple[torch.Tensor, ...]) -> list[LayerFeatures]:
    """Features from their tensors in a row: (inputs, signals) of each layer, the output layer without signals."""
    pairs = list(zip(parts[:-1:2], parts[1::2], strict=True))
    return [*(LayerFeatures(*pair) for pair in pairs), LayerFeatures(parts[-1], None)]


def _squared_norm(features: list[LayerFeatures], n_out: int) -> float:
    """‖J‖_F², J made of outer products of signals and inputs."""
    total = 0.0
    for h, delta in features:
        signal = n_out if delta is None else delta.square().sum((1, 2))
        total += float((signal * h.square().sum(1)).sum())
    return total


def _squared_change(
    start: list[LayerFeatures], change: list[LayerFeatures], end: list[LayerFeatures], n_out: int
) -> float:
    """‖J_end − J_start‖_F² without cancellation: δ₁h₁ᵀ − δ₀h₀ᵀ = (δ₁ − δ₀)h₁ᵀ + δ₀(h₁ − h₀)ᵀ."""
    total = 0.0
    for (_, delta), (dh, ddelta), (h, _) in zip(start, change, end, strict=True):
        moved = dh.square().sum(1)
        if delta is None or ddelta is None:  # the output layer's signal is the identity and stays it
            total += n_out * float(moved.sum())
            continue
        total += float(
            (
                ddelta.square().sum((1, 2)) * h.square().sum(1)
                + 2 * (ddelta * delta).sum((1, 2)) * (h * dh).sum(1)
                + delta.square().sum((1, 2)) * moved
            ).sum()
        )
    return total


def _minus(one: LayerFeatures, zero: LayerFeatures) -> LayerFeatures:
    signals = None if one.signals is None or zero.signals is None else one.signals - zero.signals
    return LayerFeatures(one.inputs - zero.inputs, signals)


def _blocks_of_both(net0: NTKNet, net1: NTKNet, X: Array) -> list[tuple[torch.Tensor, list[Layer], list[Layer]]]:
    x, _, layers0, _ = enter_network(net0, X)
    layers1 = enter_network(net1, X)[2]
    return [(x[rows], layers0, layers1) for rows in row_blocks(net0, x)]


def _targets(Y: Array, net: NTKNet, x: torch.Tensor) -> torch.Tensor:
    (y,), _ = _check.enter(Y=Y)
    _check.targets("Y", y, len(x), of="X")
    y = y.to(x).reshape(len(x), -1)
    if y.shape[1] != net.config["n_out"]:
        raise ValueError(f"Y must have {net.config['n_out']} columns, one per output; got {y.shape[1]}")
    return y


def _same_architecture(net0: NTKNet, net1: NTKNet) -> None:
    for name, net in (("net0", net0), ("net1", net1)):
        if not isinstance(net, NTKNet):
            raise TypeError(f"{name} must be an NTKNet; got {type(net).__name__}")
    differ = [key for key in net0.config if key != "seed" and net0.config[key] != net1.config[key]]
    if differ:
        raise ValueError(f"net0 and net1 must be one network before and after; they differ in {', '.join(differ)}")
    places = [f"{net.W1.dtype} on {net.W1.device}" for net in (net0, net1)]
    if places[0] != places[1]:
        raise ValueError(f"net0 and net1 must have one dtype and device; got {places[0]} and {places[1]}")
