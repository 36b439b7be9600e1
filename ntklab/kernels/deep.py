"""Infinitely wide deep networks: the covariance K of their random initial function, and their tangent kernel Θ."""

from __future__ import annotations

from ntklab._check import Array
from ntklab.gaussian.activations import leaky_slopes
from ntklab.kernels.blocks import fill, inputs
from ntklab.kernels.deep_blocks import DeepBlocks
from ntklab.kernels.mlp import MLP
from ntklab.kernels.relu_blocks import ReluBlocks


def nngp(X: Array, Z: Array | None = None, *, mlp: MLP) -> Array:
    r"""Covariance of the outputs of an infinitely wide network at the start (the Gaussian process it is then).

    .. math::  K^{(1)} = C_b + C_W \tfrac{x \cdot z}{d}, \qquad
               K^{(l+1)} = C_b + C_W \langle σ σ \rangle_{K^{(l)}}

    PDLT (10.44), with each layer's own C_b and C_W.

    Args:
        X, Z: inputs, (n, d) and (m, d); ``Z=None`` means ``X``.
        mlp: the network, in the chapter's conventions (see :class:`~ntklab.kernels.MLP`).

    Returns:
        K of the last layer, (n, m), for one output (all outputs have the same and are independent). Symmetric positive
        semi-definite when ``Z`` is ``None``. No gradients flow through it.

    Raises:
        ValueError: bad shapes, NaN or infinity, or a user's activation whose integrals do not settle.
        TypeError: ``mlp`` is no MLP.

    >>> import numpy as np
    >>> X = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> nngp(X, mlp=MLP(1, "relu", C_W=2.0))  # K¹ = 1 and 0; 2 · E[σσ] is 1 and 2 · 1/2π
    array([[1.        , 0.31830989],
           [0.31830989, 1.        ]])
    """
    return _kernels(X, Z, mlp, "K")[0]


def ntk(X: Array, Z: Array | None = None, *, mlp: MLP) -> Array:
    r"""Neural tangent kernel of an infinitely wide network: how one training step on z moves the output at x.

    .. math::  Θ^{(1)} = λ_b + λ_W \tfrac{x \cdot z}{d}, \qquad
               Θ^{(l+1)} = λ_b + λ_W \langle σ σ \rangle_{K^{(l)}} + C_W \langle σ' σ' \rangle_{K^{(l)}} Θ^{(l)}

    PDLT (10.45), with K from (10.44) and each layer's own rates. With rates 0 below the last layer, Θ = K (10.49).

    Args:
        X, Z: inputs, (n, d) and (m, d); ``Z=None`` means ``X``.
        mlp: the network, in the chapter's conventions (see :class:`~ntklab.kernels.MLP`).

    Returns:
        Θ of the last layer, (n, m), diagonal in the outputs. Symmetric positive semi-definite when ``Z`` is ``None``.
        No gradients flow through it.

    Raises:
        ValueError: bad shapes, NaN or infinity, or a user's activation whose integrals do not settle.
        TypeError: ``mlp`` is no MLP.

    >>> import numpy as np
    >>> X = np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> ntk(X, mlp=MLP(1, "relu", C_W=2.0))  # diagonal 1 + 2 · 1/2 · 1; the inner product 0 leaves 1/π of K
    array([[2.        , 0.31830989],
           [0.31830989, 2.        ]])
    """
    return _kernels(X, Z, mlp, "Theta")[0]


def nngp_and_ntk(X: Array, Z: Array | None = None, *, mlp: MLP) -> tuple[Array, Array]:
    """Both kernels in one pass, at the price of one: (K, Θ) of :func:`nngp` and :func:`ntk`.

    Args:
        X, Z: inputs, (n, d) and (m, d); ``Z=None`` means ``X``.
        mlp: the network.

    Returns:
        K (10.44) and Θ (10.45), each (n, m).

    Raises:
        ValueError, TypeError: as :func:`ntk`.

    >>> import numpy as np
    >>> K, Theta = nngp_and_ntk(np.array([[2.0]]), mlp=MLP(1, "linear", C_W=(1.0, 3.0), C_b=0.5))
    >>> K, Theta  # K¹ = Θ¹ = 4.5; then 0.5 + 3 · 4.5, and that + 3 · 4.5
    (array([[14.]]), array([[27.5]]))
    """
    K, Theta = _kernels(X, Z, mlp, "K", "Theta")
    return K, Theta


def _kernels(X: Array, Z: Array | None, mlp: MLP, *wanted: str) -> list[Array]:
    if not isinstance(mlp, MLP):
        raise TypeError(f"mlp must be an MLP, for example MLP(hidden_layers=3); got {type(mlp).__name__}")
    X, Z, leave = inputs(X, Z)
    homogeneous = mlp.hidden_layers > 0 and leaky_slopes(mlp.sigma) is not None
    blocks = (ReluBlocks if homogeneous else DeepBlocks)(X, Z, mlp, wanted)
    return [leave(kernel) for kernel in fill(blocks.rows, blocks.columns, blocks)]
