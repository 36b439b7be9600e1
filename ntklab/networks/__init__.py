"""Finite networks in the NTK parameterisation: one network, its function of flat weights, ensembles trained together.

The kernels of :mod:`ntklab.kernels` are the limits of these networks at infinite width: ``ntk(X, mlp=net.mlp)`` is
what :func:`ntklab.empirical.empirical_ntk` of ``net`` converges to.
"""

from ntklab.networks.device import default_device, pick_size
from ntklab.networks.ensemble import Ensemble, train_ensemble
from ntklab.networks.function import NetFunction
from ntklab.networks.net import NTKNet

__all__ = ["Ensemble", "NTKNet", "NetFunction", "default_device", "pick_size", "train_ensemble"]
