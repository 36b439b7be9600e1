"""The tangent kernel of any torch module, by the cheaper of two routes through torch.func.

*Contraction* forms the Jacobians at both sets of inputs and multiplies them: 2c²p operations for each pair of inputs,
with p weights and c outputs. *Products* never forms a Jacobian beside its own columns: the gradient of one output at
one input is pushed forward through the network at all others, about three forward passes for each pair and output. A
convolution uses each weight many times, so its forward pass is dear and contraction wins; where each weight is used
once and outputs are many, products win.
"""

from __future__ import annotations

import torch
from torch.utils.flop_counter import FlopCounterMode

JACOBIAN_BYTES = 2**28  # Jacobian rows alive at a time, beside the result: 256 MiB

Weights = dict[str, torch.Tensor]


class _Model:
    """A module as a function of its trainable weights; what does not train stays fixed."""

    def __init__(self, net: torch.nn.Module, dtype: torch.dtype) -> None:
        def cast(tensor: torch.Tensor) -> torch.Tensor:
            return tensor.detach().to(dtype) if tensor.is_floating_point() else tensor

        self.net = net
        self.weights = {name: cast(p) for name, p in net.named_parameters() if p.requires_grad}
        self.fixed = {name: cast(p) for name, p in net.named_parameters() if not p.requires_grad}
        self.fixed |= {name: cast(b) for name, b in net.named_buffers()}
        self.p = sum(tensor.numel() for tensor in self.weights.values())

    def __call__(self, weights: Weights, X: torch.Tensor) -> torch.Tensor:
        """Outputs (n, c) at inputs (n, ...)."""
        answer = torch.func.functional_call(self.net, {**self.fixed, **weights}, (X,))
        if not isinstance(answer, torch.Tensor) or answer.ndim not in (1, 2) or len(answer) != len(X):
            raise ValueError(f"net must return outputs (n, c) or (n,) for {len(X)} inputs; got {_shape(answer)}")
        return answer.reshape(len(X), -1)

    def at_one(self, weights: Weights, x: torch.Tensor) -> torch.Tensor:
        """Outputs (c,) at one input."""
        return self(weights, x.unsqueeze(0))[0]


def _shape(answer: object) -> str:
    return f"shape {tuple(answer.shape)}" if isinstance(answer, torch.Tensor) else type(answer).__name__


def module_ntk(
    net: torch.nn.Module, X: torch.Tensor, Z: torch.Tensor | None, trace: bool, route: str | None = None
) -> torch.Tensor:
    """The tangent kernel (n, c, m, c), or its trace as (n, 1, m, 1), of a module at float tensors X and Z."""
    model = _Model(net, X.dtype)
    right = X if Z is None else Z
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        c = model(model.weights, X[:1]).shape[1]
    forward = max(counter.get_total_flops(), 1)
    if route is None:
        route = cheaper_route(len(X), len(right), c, model.p, forward, trace)
    if route == "contraction":
        return _contraction(model, X, right, c, trace)
    Theta = _products(model, X, right, c)
    return Theta.diagonal(dim1=1, dim2=3).sum(-1)[:, None, :, None] if trace else Theta


def cheaper_route(n: int, m: int, c: int, p: int, forward: float, trace: bool) -> str:
    """ "contraction" or "products", by operations; ``forward`` are those of one input's forward pass."""
    contraction = 3 * forward * c * (n + m) + 2 * p * n * m * (c if trace else c * c)
    products = 3 * forward * c * m * (1 + n)
    return "contraction" if contraction <= products else "products"


def _contraction(model: _Model, X: torch.Tensor, Z: torch.Tensor, c: int, trace: bool) -> torch.Tensor:
    size = max(1, JACOBIAN_BYTES // (3 * c * model.p * X.element_size()))
    jacobians = torch.func.vmap(torch.func.jacrev(model.at_one), (None, 0))
    start = 1 if trace else 2  # the trace sums over outputs and weights alike

    def rows(block: torch.Tensor) -> list[torch.Tensor]:
        return [J.flatten(start).flatten(0, start - 1) for J in jacobians(model.weights, block).values()]

    k = 1 if trace else c
    Theta = X.new_empty(len(X) * k, len(Z) * k)
    row_blocks = X.split(size)
    kept = rows(X) if len(row_blocks) == 1 and Z is X else None
    for i, x in enumerate(row_blocks):
        of_x = kept or rows(x)
        for j, z in enumerate(Z.split(size)):
            if Z is X and j > i:
                break
            of_z = of_x if Z is X and j == i else rows(z)
            block = torch.stack([left @ right.T for left, right in zip(of_x, of_z, strict=True)]).sum(0)
            at = (slice(i * size * k, (i * size + len(x)) * k), slice(j * size * k, (j * size + len(z)) * k))
            Theta[at] = block
            if Z is X:
                Theta[at[::-1]] = block.T
    return Theta.view(len(X), k, len(Z), k)


def _products(model: _Model, X: torch.Tensor, Z: torch.Tensor, c: int) -> torch.Tensor:
    size = max(1, JACOBIAN_BYTES // (3 * model.p * X.element_size()))
    identity = torch.eye(c, dtype=X.dtype, device=X.device)

    def column(z: torch.Tensor, output: torch.Tensor) -> torch.Tensor:
        """The kernel (n, c) of all X with one output at one input z."""
        pull_back = torch.func.vjp(lambda weights: model.at_one(weights, z), model.weights)[1]
        (gradient,) = pull_back(output)
        return torch.func.jvp(lambda weights: model(weights, X), (model.weights,), (gradient,))[1]

    points = Z.repeat_interleave(c, dim=0)
    outputs = identity.repeat(len(Z), *[1] * (identity.ndim - 1))
    columns = torch.func.vmap(column, chunk_size=size)(points, outputs)  # (m·c, n, c)
    return columns.view(len(Z), c, len(X), c).permute(2, 3, 0, 1).contiguous()
