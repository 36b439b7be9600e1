"""Kernels of infinitely wide networks, and the two classical ones beside them."""

from ntklab.kernels.arc_cosine import arc_cosine, relu_kappa
from ntklab.kernels.classical import gaussian_kernel, linear_kernel
from ntklab.kernels.deep import nngp, nngp_and_ntk, ntk
from ntklab.kernels.mlp import MLP
from ntklab.kernels.two_layer import two_layer_ntk

__all__ = [
    "MLP",
    "arc_cosine",
    "gaussian_kernel",
    "linear_kernel",
    "nngp",
    "nngp_and_ntk",
    "ntk",
    "relu_kappa",
    "two_layer_ntk",
]
