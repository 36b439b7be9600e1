"""Eigensystems of a kernel on a domain: circle, hypercube, sphere, or the samples of a kernel matrix.

Eigenvalues are those of f ↦ E_{x'} k(x, x') f(x') under the uniform distribution of the domain, so that on a finite
domain of M points they are those of K/M, and Σ multiplicity · eigenvalue = k(x, x) wherever that is constant.
"""

from ntklab.spectra.circle import circle
from ntklab.spectra.hypercube import hypercube, krawtchouk
from ntklab.spectra.matrix import coefficients, from_matrix
from ntklab.spectra.profiles import profile_of
from ntklab.spectra.spectrum import Spectrum
from ntklab.spectra.sphere import sphere

__all__ = [
    "Spectrum",
    "circle",
    "coefficients",
    "from_matrix",
    "hypercube",
    "krawtchouk",
    "profile_of",
    "sphere",
]
