"""The recursion (10.44), (10.45) on blocks of inner products, and on single nearly parallel pairs."""

from __future__ import annotations

import torch

from ntklab._scratch import Scratch
from ntklab.gaussian.expectations import rule, second_moment
from ntklab.kernels.mlp import MLP


class DeepBlocks:
    """A deep network's K, Θ or both, for the block engine."""

    def __init__(self, X: torch.Tensor, Z: torch.Tensor | None, mlp: MLP, wanted: tuple[str, ...]) -> None:
        self.rows, self.columns, self.mlp, self.wanted = X, Z, mlp, wanted
        self.outputs, self.scratch, self.number = len(wanted), Scratch(), X.new_tensor
        self.layers = list(zip(mlp.weight_variances, mlp.bias_variances, mlp.weight_rates, mlp.bias_rates, strict=True))
        self.scale = (self.layers[0][0] or 1.0) / X.shape[1]  # C_W/d, folded into the matrix product
        self.mean_square_x = torch.linalg.vector_norm(X, dim=1) ** 2 / X.shape[1]
        self.qx = self._variances(self.mean_square_x)
        self.qz = self.qx if Z is None else self._variances(torch.linalg.vector_norm(Z, dim=1) ** 2 / Z.shape[1])
        self.rules = [rule(mlp.sigma, qx, qz, self.scratch) for qx, qz in zip(self.qx[:-1], self.qz[:-1], strict=True)]

    def _variances(self, mean_square: torch.Tensor) -> list[torch.Tensor]:
        """K(x, x) of every row, layer by layer."""
        C_W, C_b, *_ = self.layers[0]
        variances = [C_b + C_W * mean_square]
        for C_W, C_b, *_ in self.layers[1:]:
            variances.append(C_b + C_W * second_moment(self.mlp.sigma, variances[-1]))
        if not all(bool(torch.isfinite(q).all()) for q in variances):
            raise ValueError(
                "K(x, x) overflows: the rows of X or Z, C_W or the activation are too large for "
                f"{str(mean_square.dtype).removeprefix('torch.')}; rescale the inputs"
            )
        return variances

    def block(
        self, inner: torch.Tensor, rows: slice, columns: slice, out: tuple[torch.Tensor, ...]
    ) -> torch.Tensor | None:
        """``next_layer`` in place, with as few passes over the block as torch's operations allow."""
        wanted, doubtful = dict(zip(self.wanted, out, strict=True)), None
        K, Theta = self._first_layer(inner, rows, columns)
        for layer, expectations in enumerate(self.rules, start=1):
            E_ss, E_dd = expectations(K, rows, columns)
            C_W, C_b, lambda_W, lambda_b = self.layers[layer]
            last = wanted if layer == len(self.rules) else {}  # the last layer writes straight into the result
            own = None
            if (lambda_W, lambda_b) != (C_W, C_b):
                own = torch.add(self.number(lambda_b), E_ss, alpha=lambda_W, out=self.scratch("own", K, rows, columns))
            K = torch.add(self.number(C_b), E_ss, alpha=C_W, out=last.get("K", E_ss))
            if "Theta" in wanted:
                own = K if own is None else own
                Theta = torch.addcmul(own, E_dd, Theta, value=C_W, out=last.get("Theta", Theta))
        if not self.rules:
            for name, target in wanted.items():
                target.copy_({"K": K, "Theta": Theta}[name])
        return doubtful

    def _first_layer(self, inner: torch.Tensor, rows: slice, columns: slice) -> tuple[torch.Tensor, torch.Tensor]:
        """K and Θ of the first layer from the inner products times C_W/d (1/d if C_W is 0)."""
        C_W, C_b, lambda_W, lambda_b = self.layers[0]
        Theta = self.scratch("Theta", inner, rows, columns)
        if "Theta" in self.wanted:
            torch.add(self.number(lambda_b), inner, alpha=lambda_W / (C_W or 1.0), out=Theta)
        if not C_W:
            inner.zero_()
        return inner.add_(C_b) if C_b else inner, Theta

    def pairs(self, i: torch.Tensor, j: torch.Tensor) -> tuple[torch.Tensor, ...]:
        raise AssertionError("no pair of a smooth network is doubtful")

    def diagonal(self) -> None:
        return None
