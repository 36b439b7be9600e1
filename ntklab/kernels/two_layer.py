"""The neural tangent kernel of the class slides' two-layer network."""

from __future__ import annotations

from ntklab._check import Array, choice
from ntklab.gaussian.activations import Activation, leaky_slopes
from ntklab.gaussian.activations import activation as make_activation
from ntklab.kernels.blocks import inputs
from ntklab.kernels.deep import ntk
from ntklab.kernels.mlp import MLP


def two_layer_ntk(
    X: Array, Z: Array | None = None, activation: str | Activation = "relu", normalization: str = "gaussian"
) -> Array:
    r"""Neural tangent kernel of (1/√m) Σᵢ aᵢ σ(bᵢ·x) as m → ∞, both layers trained, aᵢ and bᵢ standard normal.

    .. math::  k(x, z) = x \cdot z \, \langle σ' σ' \rangle + \langle σ σ \rangle, \qquad
               \text{inner products } x \cdot z \text{ not divided by } d

    (Hadiji, class 5 slides, "NTK for a two-layer network"). For the ReLU this is ‖x‖‖z‖ κ(cos θ), see
    :func:`~ntklab.kernels.relu_kappa`. The bridge to the book's convention: ``ntk`` of ``MLP(1, "relu", C_W=2)`` is
    4/d times this kernel, 2/d times its "he" form.

    Args:
        X, Z: inputs, (n, d) and (m, d); ``Z=None`` means ``X``.
        activation: a name, an Activation or a function.
        normalization: "gaussian" as above. "he", for ReLU-like σ only, multiplies by 2/(a₊² + a₋²), which is 2 for the
            ReLU: what the slides print as κ.

    Returns:
        The kernel, (n, m); positive semi-definite when ``Z`` is ``None``. A zero row gives zeros.

    Raises:
        ValueError: bad shapes, NaN or infinity, an unknown normalisation, or "he" for another σ.

    >>> import numpy as np
    >>> two_layer_ntk(np.array([[1.0, 0.0], [0.0, 2.0]]))  # diagonal ‖x‖²; else 1·2·(sin θ)/2π at a right angle
    array([[1.        , 0.31830989],
           [0.31830989, 4.        ]])
    """
    choice("normalization", normalization, ("gaussian", "he"))
    a = make_activation(activation)
    slopes = leaky_slopes(a)
    factor = 1.0
    if normalization == "he":
        if slopes is None or slopes == (0.0, 0.0):
            raise ValueError(f'normalization "he" is for ReLU-like activations; {a.name!r} is none. Use "gaussian"')
        factor = 2 / (slopes[0] ** 2 + slopes[1] ** 2)
    X, Z, leave = inputs(X, Z)
    k = ntk(X, Z, mlp=MLP(hidden_layers=1, activation=a, C_W=(float(X.shape[1]), 1.0), C_b=0.0))
    return leave(k if factor == 1 else k.mul_(factor))
