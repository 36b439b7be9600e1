"""One step of the recursion through the layers, as the book prints it; the block engine is held against it."""

from __future__ import annotations

import torch


def next_layer(
    Theta: torch.Tensor,
    E_ss: torch.Tensor,
    E_dd: torch.Tensor,
    C_W: float,
    C_b: float,
    lambda_W: float,
    lambda_b: float,
) -> tuple[torch.Tensor, torch.Tensor]:
    """(K, Θ) of the next layer from Θ and the expectations under this layer's K: PDLT (10.44) and (10.45)."""
    K_next = C_b + C_W * E_ss
    Theta_next = lambda_b + lambda_W * E_ss + C_W * E_dd * Theta
    return K_next, Theta_next
