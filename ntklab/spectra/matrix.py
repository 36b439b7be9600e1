"""The eigensystem of one's own data: the samples are the domain."""

from __future__ import annotations

import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.regression.solve import eigh
from ntklab.spectra.spectrum import Spectrum


def from_matrix(K: Array) -> Spectrum:
    r"""Spectrum of a kernel matrix, with the uniform distribution over its n samples as the domain.

    .. math:: K = n\, U \,\mathrm{diag}(\lambda)\, U^\top

    Args:
        K: kernel matrix, (n, n), symmetric and positive semi-definite.

    Returns:
        n levels of one mode each, falling, labelled 0, ..., n − 1, and U as ``eigenvectors``, (n, n). Mode i is the
        function √n · U[:, i], of mean square 1. Eigenvalues within n roundings of the largest are 0.

    Raises:
        ValueError: K is not square, not symmetric, or has an eigenvalue clearly below 0.

    >>> from_matrix([[2, 1], [1, 2]]).eigenvalues  # (3, 1)/2
    array([1.5, 0.5])
    """
    (K,), leave = _check.enter(K=K)
    _check.kernel_matrix("K", K)
    n = len(K)
    eigenvalues, U = eigh(K)
    eigenvalues, U = eigenvalues.flip(0), U.flip(1)
    rounding = max(n, 16) * torch.finfo(K.dtype).eps * float(eigenvalues.abs().max())
    if float(eigenvalues[-1]) < -10 * rounding:
        raise ValueError(
            f"K must be positive semi-definite; its eigenvalues run from {float(eigenvalues[-1]):.3g} to "
            f"{float(eigenvalues[0]):.3g}. Check that K is a kernel matrix"
        )
    eigenvalues = torch.where(eigenvalues > rounding, eigenvalues, 0.0) / n
    return Spectrum(leave(eigenvalues), leave(torch.ones_like(eigenvalues)), tuple(range(n)), eigenvectors=leave(U))


def coefficients(spectrum: Spectrum, f: Array) -> Array:
    r"""Coefficients of a function of the samples in the eigenmodes of :func:`from_matrix`.

    .. math:: v_i = \frac1n \sum_x \sqrt n\, U_{xi}\, f(x), \qquad \sum_i v_i^2 = \frac1n \sum_x f(x)^2

    Args:
        spectrum: of :func:`from_matrix`.
        f: values at the n samples, (n,) or (n, c).

    Returns:
        (n,) or (n, c), in the units of f: what ``learnability.test_mse`` takes as ``coefficients``.

    Raises:
        ValueError: a spectrum without eigenvectors, f of another length.

    >>> spectrum = from_matrix([[2, 1], [1, 2]])  # modes (1, 1) and (1, −1), up to sign
    >>> abs(coefficients(spectrum, [3, 1])).round(12)
    array([2., 1.])
    """
    if spectrum.eigenvectors is None:
        raise ValueError(
            "spectrum has no eigenvectors; make it with from_matrix, or give coefficients by level yourself"
        )
    (U, f), leave = _check.enter(eigenvectors=spectrum.eigenvectors, f=f)
    _check.targets("f", f, len(U), of="spectrum")
    return leave(U.mT @ f / len(U) ** 0.5)
