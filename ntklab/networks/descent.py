"""Full-batch gradient descent on networks stacked along a first axis, the gradient written out.

All arrays carry that axis: X (S, n, d), a layer's W (S, fan_out, fan_in) and b (S, fan_out), targets (S, n, c). One
step is a batched product per layer forward, one backward for the signals, and one that updates the weights in
place: no graph is recorded, no gradient stored, and every array a step needs is allocated once.
"""

from __future__ import annotations

import torch

from ntklab.gaussian import Activation
from ntklab.networks.net import Layer, Scale

LEAVE_BELOW = 0.75  # once fewer members than this share still descend, the others leave the stack


class Stack:
    """Networks of one architecture at inputs X (S, n, d), and the arrays that pass through their layers.

    Attributes:
        h: inputs (S, n, fan_in) of every layer; ``h[0]`` is X.
        z: preactivations (S, n, fan_out) of every layer; ``z[-1]`` are the outputs. Where σ′ follows from σ itself
            (ReLU, tanh), σ overwrites them and ``z[l]`` is ``h[l + 1]``: memory weighs as much as the products here.
    """

    def __init__(self, layers: list[Layer], scales: list[Scale], sigma: Activation, X: torch.Tensor) -> None:
        S, n, _ = X.shape
        self.layers, self.scales, self.sigma = layers, scales, sigma
        self.z = [W.new_empty(S, n, W.shape[1]) for W, _ in layers]
        self.h = [X, *self.z[:-1]]
        # views, made once: at small sizes making them costs as much as the products
        self._W_transposed = [W.mT for W, _ in layers]
        self._b = [W.new_zeros(1, 1, 1) if b is None else b.unsqueeze(1) for W, b in layers]

    def forward(self) -> torch.Tensor:
        """Compute h and z of every layer; return the outputs (S, n, c), valid until the next call."""
        last = len(self.layers) - 1
        for layer, (_, b) in enumerate(self.layers):
            weight_scale, bias_scale = self.scales[layer]
            z = self.z[layer]
            beta = 0.0 if b is None else bias_scale
            torch.baddbmm(
                self._b[layer], self.h[layer], self._W_transposed[layer], beta=beta, alpha=weight_scale, out=z
            )
            if layer < last:
                self.h[layer + 1] = self._activate(z)
        return self.z[-1]

    def _activate(self, z: torch.Tensor) -> torch.Tensor:
        if self.sigma.name == "relu":
            return z.relu_()
        if self.sigma.name == "tanh":
            return z.tanh_()
        return self.sigma.f(z)


class Descent(Stack):
    """A stack that also steps down; ``signal`` (S, n, c) is to hold the derivative of the loss by the outputs."""

    def __init__(self, layers: list[Layer], scales: list[Scale], sigma: Activation, X: torch.Tensor) -> None:
        super().__init__(layers, scales, sigma, X)
        self._signals = [torch.empty_like(z) for z in self.z]
        self._signals_transposed = [signal.mT for signal in self._signals]
        self._scratch = [torch.empty_like(z) for z in self.z[:-1]] if sigma.name in ("relu", "tanh") else []
        self.signal = self._signals[-1]

    def step(self, eta: float) -> None:
        """W ← W − η ∂loss/∂W and b ← b − η ∂loss/∂b for every layer, from the arrays of the last forward pass."""
        for layer in reversed(range(len(self.layers))):
            (W, b), (weight_scale, bias_scale) = self.layers[layer], self.scales[layer]
            signal = self._signals[layer]
            if layer > 0:  # the signal below needs this layer's weights before their update
                below = self._signals[layer - 1]
                torch.baddbmm(below, signal, W, beta=0, alpha=weight_scale, out=below)
                below.mul_(self._slope(layer - 1))
            W.baddbmm_(self._signals_transposed[layer], self.h[layer], alpha=-eta * weight_scale)
            if b is not None:
                b.sub_(signal.sum(1), alpha=eta * bias_scale)

    def _slope(self, layer: int) -> torch.Tensor:
        """σ′ at the preactivations of ``layer``."""
        h = self.h[layer + 1]
        if self.sigma.name == "relu":
            return torch.sign(h, out=self._scratch[layer])
        if self.sigma.name == "tanh":
            return torch.mul(h, h, out=self._scratch[layer]).neg_().add_(1)
        return self.sigma.derivative(self.z[layer])


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
    members = torch.arange(S, device=X.device)
    active = torch.ones(S, dtype=torch.bool, device=X.device)
    stack = Descent(layers, scales, sigma, X)

    for step in range(steps + 1):
        residual = torch.sub(stack.forward(), targets, out=stack.signal)
        loss = (residual * residual).sum((1, 2)).div_(2 * n)
        if len(members) == S:
            losses[step] = loss
        else:
            losses[step] = losses[step - 1]
            losses[step, members] = loss
        if step == steps:
            break
        if stop_loss is not None:
            active &= _descends(loss, stop_loss)
            left = int(active.sum()) if step % check_every == 0 else len(members)
            if left == 0:
                losses[step + 1 :] = losses[step]
                break
            if left < LEAVE_BELOW * len(members):
                _write_back(stack.layers, layers, members)
                stay = [(W[active], None if b is None else b[active]) for W, b in stack.layers]
                members, targets, X = members[active], targets[active], X[active]
                active = active[active]
                stack = Descent(stay, scales, sigma, X)
                residual = torch.sub(stack.forward(), targets, out=stack.signal)
            # without a residual there is no gradient: a member that has stopped but not left stays as it is, exactly
            residual *= active[:, None, None]
        residual /= n
        stack.step(eta)
    _write_back(stack.layers, layers, members)
    taken = _descends(losses[:-1], stop_loss).cumprod(0).sum(0)
    return losses.T, taken


def _descends(loss: torch.Tensor, stop_loss: float | None) -> torch.Tensor:
    """Whether a member with this loss goes on."""
    return loss.isfinite() if stop_loss is None else (loss > stop_loss) & loss.isfinite()


def checks_every(device: torch.device) -> int:
    """Steps between two looks at who has stopped: a GPU must come to rest for each."""
    return 1 if device.type == "cpu" else 32


def _write_back(stack: list[Layer], layers: list[Layer], members: torch.Tensor) -> None:
    if stack is layers:
        return
    for (W, b), (W_all, b_all) in zip(stack, layers, strict=True):
        W_all[members] = W
        if b is not None and b_all is not None:
            b_all[members] = b
