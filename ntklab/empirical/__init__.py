"""Finite-width tangent kernels, how far training moves them, and how fast they approach the infinite-width formula."""

from ntklab.empirical.change import kernel_drift, laziness, lazy_criterion, representation_change
from ntklab.empirical.limit import NetworkLimitReport, verify_network_limit
from ntklab.empirical.ntk import empirical_ntk

__all__ = [
    "NetworkLimitReport",
    "empirical_ntk",
    "kernel_drift",
    "laziness",
    "lazy_criterion",
    "representation_change",
    "verify_network_limit",
]
