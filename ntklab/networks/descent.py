"""Full-batch gradient descent on networks stacked along a first axis, the gradient written out.

All arrays carry that axis: X (S, n, d), a layer's W (S, fan_out, fan_in) and b (S, fan_out), targets (S, n, c). One
step is a batched product per layer forward, one backward for the signals, and one that updates the weights in
place: no graph is recorded and no gradient stored.
"""

from __future__ import annotations

import torch

from ntklab.gaussian import Activation
from ntklab.networks.net import Layer, Scale

LEAVE_BELOW = 0.75  # once fewer members than this share still descend, the others leave the stack


def descend(
    layers: list[Layer],
    scales: list[Scale],
    sigma: Activation,
    X: torch.Tensor,
    targets: torch.Tensor,
    eta: float,
    steps: int,
    stop_loss: float | None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Change ``layers`` in place by gradient descent on 1/(2n)·squared error, each member until its own stop.

    Returns:
        ``(losses (S, steps + 1), steps_taken (S,))``: the loss before every step and after the last. A member stops
        at the first loss ≤ ``stop_loss`` and keeps it from then on. A loss that is not finite stops a member too.
    """
    S, n, _ = X.shape
    check_every = checks_every(X.device)
    losses = X.new_empty(steps + 1, S)
    steps_taken = torch.zeros(S, dtype=torch.int64, device=X.device)
    members = torch.arange(S, device=X.device)
    active = torch.ones(S, dtype=torch.bool, device=X.device)
    threshold = -1.0 if stop_loss is None else stop_loss
    stack = layers  # a view of all members until the first one leaves

    for step in range(steps + 1):
        h, z = forward(stack, scales, sigma, X)
        residual = z[-1] - targets
        loss = residual.square().sum((1, 2)) / (2 * n)
        losses[step] = losses[max(step - 1, 0)]
        losses[step, members] = loss
        active = active & (loss > threshold) & loss.isfinite()
        left = int(active.sum()) if step % check_every == 0 else len(members)
        if step == steps or left == 0:
            losses[step + 1 :] = losses[step]
            break
        if left < LEAVE_BELOW * len(members):
            _write_back(stack, layers, members)
            members, X, targets, residual = (A[active] for A in (members, X, targets, residual))
            h, z = [A[active] for A in h], [A[active] for A in z]
            stack = [(W[active], None if b is None else b[active]) for W, b in stack]
            active = active[active]
        steps_taken[members] += active
        # without a residual there is no gradient: a member that has stopped but not left stays as it is, exactly
        _step(stack, scales, sigma, h, z, residual * (active.to(residual) / n)[:, None, None], eta)
    _write_back(stack, layers, members)
    return losses.T, steps_taken


def checks_every(device: torch.device) -> int:
    """Steps between two looks at who has stopped: a GPU must come to rest for each."""
    return 1 if device.type == "cpu" else 32


def forward(
    layers: list[Layer], scales: list[Scale], sigma: Activation, X: torch.Tensor
) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    """Inputs h (S, n, fan_in) and preactivations z (S, n, fan_out) of every layer."""
    h: list[torch.Tensor] = [X]
    z: list[torch.Tensor] = []
    for (W, b), (weight_scale, bias_scale) in zip(layers, scales, strict=True):
        if z:
            h.append(torch.relu(z[-1]) if sigma.name == "relu" else sigma.f(z[-1]))
        if b is None:
            z.append(_product(h[-1], W.mT, weight_scale))
        else:
            z.append(torch.baddbmm(b.unsqueeze(1), h[-1], W.mT, beta=bias_scale, alpha=weight_scale))
    return h, z


def _product(A: torch.Tensor, B: torch.Tensor, scale: float) -> torch.Tensor:
    """scale · A B, member by member, without a second pass for the scale."""
    return torch.baddbmm(A.new_zeros(1, 1, 1), A, B, beta=0, alpha=scale)


def _slope(sigma: Activation, z: torch.Tensor, h: torch.Tensor) -> torch.Tensor:
    """σ′(z), from h = σ(z) where that takes fewer passes over memory: they weigh as much as the products here."""
    if sigma.name == "relu":
        return h.sign()
    if sigma.name == "tanh":
        return 1 - h * h
    return sigma.derivative(z)


def _step(
    layers: list[Layer],
    scales: list[Scale],
    sigma: Activation,
    h: list[torch.Tensor],
    z: list[torch.Tensor],
    signal: torch.Tensor,
    eta: float,
) -> None:
    """One step down; ``signal`` (S, n, c) is the derivative of the loss by the outputs."""
    for layer in reversed(range(len(layers))):
        (W, b), (weight_scale, bias_scale) = layers[layer], scales[layer]
        if layer > 0:  # the signal below needs this layer's weights before their update
            below = _product(signal, W, weight_scale).mul_(_slope(sigma, z[layer - 1], h[layer]))
        W.baddbmm_(signal.mT, h[layer], alpha=-eta * weight_scale)
        if b is not None:
            b.sub_(signal.sum(1), alpha=eta * bias_scale)
        if layer > 0:
            signal = below


def _write_back(stack: list[Layer], layers: list[Layer], members: torch.Tensor) -> None:
    if stack is layers:
        return
    for (W, b), (W_all, b_all) in zip(stack, layers, strict=True):
        W_all[members] = W
        if b is not None and b_all is not None:
            b_all[members] = b
