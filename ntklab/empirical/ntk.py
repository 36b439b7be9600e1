"""The tangent kernel of a finite network."""

from __future__ import annotations

import torch

from ntklab._check import Array
from ntklab.empirical import features as tangent
from ntklab.empirical.features import (
    LayerFeatures,
    bytes_per_row,
    enter_network,
    meet,
    row_blocks,
    tangent_features,
)
from ntklab.empirical.modules import module_ntk
from ntklab.networks import NTKNet


@torch.no_grad()
def empirical_ntk(net: NTKNet | torch.nn.Module, X: Array, Z: Array | None = None, trace: bool = False) -> Array:
    r"""Return the tangent kernel of a finite network at its present weights.

    .. math::

        \hat\Theta_{cc'}(x, x') = \sum_\mu \frac{\partial f_c(x)}{\partial \theta_\mu}
                                           \frac{\partial f_{c'}(x')}{\partial \theta_\mu}

    with θ all weights. For an infinitely wide :class:`~ntklab.networks.NTKNet` it equals
    ``ntk(X, Z, mlp=net.mlp)`` · δ_cc′ (PDLT §10.1; S2, "The Neural Tangent Kernel").

    Gradients of an ``NTKNet`` are outer products, so its kernel is summed layer by layer from Gram matrices over
    units; no Jacobian is formed. Any other torch module goes through torch.func, by the cheaper of two routes
    (:mod:`ntklab.empirical.modules`). Both work in blocks: beside the result about 300 MB are in use.

    Args:
        net: an ``NTKNet``, or any ``torch.nn.Module`` in evaluation mode that maps (n, ...) to (n, c) or (n,) and
            treats inputs one by one. Its weights that require a gradient count.
        X: inputs (n, d), for a module (n, ...); NumPy or torch (then on the network's device).
        Z: other inputs (m, d); None means X.
        trace: for c > 1 outputs, return the sum over c = c′ only: c times the kernel in the infinite-width limit.

    Returns:
        (n, m) for one output or with ``trace``, else (n, c, m, c); of X's kind and dtype.

    Raises:
        TypeError: ``net`` is no torch module.
        ValueError: inputs of the wrong shape, or not finite; a module without weights that train.

    >>> import numpy as np
    >>> weights = np.array([1.0, -1.0, 2.0, 3.0])  # S2's network, m = 2: b = (1, -1), a = (2, 3)
    >>> net = NTKNet.from_config({"d": 1, "width": 2, "C_W": 1.0}, weights)
    >>> empirical_ntk(net, np.array([[1.0], [2.0]]))  # (b₁² + a₁²) x x'/2: unit 2 is off
    array([[ 2.5,  5. ],
           [ 5. , 10. ]])
    """
    if not isinstance(net, NTKNet):
        return _of_module(net, X, Z, trace)
    x, z, layers, leave = enter_network(net, X, Z)
    n_out = net.config["n_out"]
    c = 1 if trace else n_out
    right = x if z is None else z
    rows_kept = len(x) + (0 if z is None else len(z))
    keep = rows_kept * bytes_per_row(net, x) <= tangent.WORKING_BYTES
    kept: dict[tuple[int, int], list[LayerFeatures]] = {}

    def features(A: torch.Tensor, rows: slice) -> list[LayerFeatures]:
        key = (id(A), rows.start)
        made = kept.get(key) or tangent_features(net, A[rows], layers)
        if keep:
            kept[key] = made
        return made

    Theta = x.new_empty(len(x), c, len(right), c)
    for rows in row_blocks(net, x):
        of_rows = features(x, rows)
        for columns in row_blocks(net, right if z is not None else x[: rows.start]):
            block = contract(of_rows, features(right, columns), n_out, trace)
            Theta[rows, :, columns] = block
            if z is None:
                Theta[columns, :, rows] = block.permute(2, 3, 0, 1)
        if z is None:
            block = contract(of_rows, of_rows, n_out, trace)
            Theta[rows, :, rows] = (block + block.permute(2, 3, 0, 1)) / 2  # symmetric to the last bit
    return leave(Theta[:, 0, :, 0] if c == 1 else Theta)


def _of_module(net: torch.nn.Module, X: Array, Z: Array | None, trace: bool) -> Array:
    if not isinstance(net, torch.nn.Module):
        raise TypeError(f"net must be an NTKNet or another torch module; got {type(net).__name__}")
    trainable = [parameter for parameter in net.parameters() if parameter.requires_grad]
    if not trainable:
        raise ValueError("net must have weights that train; none requires a gradient")
    x, z, leave = meet(trainable[0], X, Z)
    for name, inputs in (("X", x), ("Z", z)):
        if inputs is not None and (inputs.ndim < 2 or 0 in inputs.shape or inputs.shape[1:] != x.shape[1:]):
            raise ValueError(f"{name} must have shape (n, ...) like the module's inputs; got {tuple(inputs.shape)}")
    Theta = module_ntk(net, x, z, trace)
    return leave(Theta[:, 0, :, 0] if Theta.shape[1] == 1 else Theta)


def contract(left: list[LayerFeatures], right: list[LayerFeatures], n_out: int, trace: bool) -> torch.Tensor:
    """The tangent kernel of two sets of inputs from their features: (n, c, m, c), with c = 1 for the trace."""
    n, m = len(left[0].inputs), len(right[0].inputs)
    c = 1 if trace else n_out
    total = left[0].inputs.new_zeros(n, c, m, c)
    for (h, delta), (h_right, delta_right) in zip(left, right, strict=True):
        inputs = h @ h_right.T
        if delta is None or delta_right is None:
            total.diagonal(dim1=1, dim2=3).add_(inputs.unsqueeze(-1), alpha=n_out if trace else 1)
        elif trace:  # the sum over c = c′ is one inner product over outputs and units together
            total.view(n, m).addcmul_(inputs, delta.flatten(1) @ delta_right.flatten(1).T)
        else:
            signals = delta.flatten(0, 1) @ delta_right.flatten(0, 1).T
            total.addcmul_(inputs[:, None, :, None], signals.view(n, c, m, c))
    return total
