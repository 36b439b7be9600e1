"""Infinitely wide deep networks: the kernel K of their random initial function, and their neural tangent kernel Θ."""

from __future__ import annotations

import torch

from ntklab._check import Array
from ntklab.gaussian import scale_invariant
from ntklab.gaussian.activations import leaky_slopes
from ntklab.gaussian.expectations import rule, second_moment
from ntklab.kernels.blocks import angles, fill
from ntklab.kernels.classical import inputs
from ntklab.kernels.mlp import MLP


def nngp(X: Array, Z: Array | None = None, *, mlp: MLP) -> Array:
    r"""Covariance of an infinitely wide network's outputs at the start of training.

    .. math::  K^{(1)} = C_b + C_W \tfrac{x \cdot z}{d}, \qquad
               K^{(l+1)} = C_b + C_W \langle σ σ \rangle_{K^{(l)}}
    """
    return _kernels(X, Z, mlp, "K")[0]


def ntk(X: Array, Z: Array | None = None, *, mlp: MLP) -> Array:
    return _kernels(X, Z, mlp, "Theta")[0]


def nngp_and_ntk(X: Array, Z: Array | None = None, *, mlp: MLP) -> tuple[Array, Array]:
    K, Theta = _kernels(X, Z, mlp, "K Theta")
    return K, Theta


def _kernels(X: Array, Z: Array | None, mlp: MLP, wanted: str) -> tuple[Array, ...]:
    if not isinstance(mlp, MLP):
        raise TypeError(f"mlp must be an MLP, for example MLP(hidden_layers=3); got {type(mlp).__name__}")
    X, Z, leave = inputs(X, Z)
    return tuple(leave(kernel) for kernel in fill(X, Z, _DeepKernel(X, Z, mlp, wanted)))


class _DeepKernel:
    """The recursion (10.44), (10.45) on blocks of inner products."""

    def __init__(self, X: torch.Tensor, Z: torch.Tensor | None, mlp: MLP, wanted: str) -> None:
        self.X, self.Z, self.mlp, self.wanted = X, X if Z is None else Z, mlp, wanted.split()
        self.outputs = len(self.wanted)
        self.layers = list(zip(mlp.weight_variances, mlp.bias_variances, mlp.weight_rates, mlp.bias_rates, strict=True))
        self.qx = self._variances(X)
        self.qz = self.qx if Z is None else self._variances(Z)
        self.rules = [rule(mlp.sigma, qx, qz) for qx, qz in zip(self.qx[:-1], self.qz[:-1], strict=True)]

    def _variances(self, X: torch.Tensor) -> list[torch.Tensor]:
        """K(x, x) of every row, layer by layer."""
        C_W, C_b, *_ = self.layers[0]
        variances = [C_b + C_W / X.shape[1] * torch.linalg.vector_norm(X, dim=1) ** 2]
        if not bool(torch.isfinite(variances[0]).all()):
            raise ValueError("the rows of X and Z must be short enough for their squared norms; rescale them")
        for C_W, C_b, *_ in self.layers[1:]:
            variances.append(C_b + C_W * second_moment(self.mlp.sigma, variances[-1]))
        return variances

    def block(
        self, inner: torch.Tensor, rows: slice, columns: slice
    ) -> tuple[tuple[torch.Tensor, ...], torch.Tensor | None]:
        C_W, C_b, lambda_W, lambda_b = self.layers[0]
        inner.mul_(1 / self.X.shape[1])
        Theta = torch.mul(inner, lambda_W).add_(lambda_b) if "Theta" in self.wanted else None
        K, doubtful = inner.mul_(C_W).add_(C_b), None
        for expectations, (C_W, C_b, lambda_W, lambda_b) in zip(self.rules, self.layers[1:], strict=True):
            E_ss, E_dd, suspects = expectations(K, rows, columns)
            if suspects is not None:
                doubtful = suspects if doubtful is None else doubtful | suspects
            if Theta is not None:
                Theta.mul_(E_dd).mul_(C_W).add_(E_ss, alpha=lambda_W).add_(lambda_b)
            K = E_ss.mul_(C_W).add_(C_b)
        found = {"K": K, "Theta": Theta}
        return tuple(found[name] for name in self.wanted), doubtful  # type: ignore[misc]

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """The same recursion on single pairs of a scale-invariant network, carrying the angle instead of K.

        With g∓ = (a₊² + a₋²)/2 ∓ E_ss at unit variances, the determinant of the next 2 × 2 kernel is
        C_b C_W E[(σ(u) − σ(v))²] + C_W² qx qz g₋ g₊: sums of non-negative terms.
        """
        slopes = leaky_slopes(self.mlp.sigma)
        assert slopes is not None
        C_W, C_b, lambda_W, lambda_b = self.layers[0]
        qx, qz = self.qx[0][i], self.qz[0][j]
        theta, supplement = self._input_angles(i, j)
        K = (qx * qz).sqrt() * torch.cos(theta)
        inner = (self.X[i] * self.Z[j]).sum(1) / self.X.shape[1]
        Theta = lambda_b + lambda_W * inner
        for layer, (C_W, C_b, lambda_W, lambda_b) in enumerate(self.layers[1:]):
            qx, qz = self.qx[layer][i], self.qz[layer][j]
            rx, rz = qx.sqrt(), qz.sqrt()
            E_ss, E_dd = scale_invariant.by_angle(theta, supplement, rx, rz, *slopes)
            K = C_b + C_W * E_ss
            Theta = lambda_b + lambda_W * E_ss + C_W * E_dd * Theta
            below, above = scale_invariant.gaps(theta, supplement, *slopes)
            mean_square = (slopes[0] ** 2 + slopes[1] ** 2) / 2
            difference = mean_square * (rx - rz) ** 2 + 2 * rx * rz * below
            determinant = C_b * C_W * difference + C_W**2 * qx * qz * below * above
            sine = determinant.sqrt()
            theta, supplement = torch.atan2(sine, K), torch.atan2(sine, -K)
        found = {"K": K, "Theta": Theta}
        return tuple(found[name] for name in self.wanted)

    def _input_angles(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The angle between the rows (√C_b, √(C_W/d) x), and its supplement."""
        C_W, C_b, *_ = self.layers[0]
        x, z = (
            torch.cat([A * (C_W / A.shape[1]) ** 0.5, A.new_full((len(A), 1), C_b**0.5)], dim=1) / q.sqrt()[:, None]
            for A, q in ((self.X[i], self.qx[0][i]), (self.Z[j], self.qz[0][j]))
        )
        return angles(x, z)
