"""Gram matrices: what a kernel costs beside the product of inner products that it needs anyway."""

from __future__ import annotations

import numpy as np
import torch

from ntklab.kernels import MLP, nngp_and_ntk, ntk

from .jobs import Size, job
from .measure import MB, Row, in_fresh_process, megabytes, peak_beyond, take_turns

D = 784
RELU3 = MLP(hidden_layers=3)


def inputs(n: int, d: int = D, dtype: torch.dtype = torch.float64, seed: int = 0) -> torch.Tensor:
    return torch.from_numpy(np.random.default_rng(seed).standard_normal((n, d))).to(dtype)


@job("gram", f"NTK Gram matrix, 3 hidden ReLU layers, d = {D}, float64")
def gram(size: Size) -> list[Row]:
    n = size.pick(quick=800, full=4000)
    X = inputs(n)
    times = take_turns({"NTK": lambda: ntk(X, mlp=RELU3), "X Xᵀ": lambda: X @ X.T}, budget=size.budget(15), calls=2)
    memory = in_fresh_process(gram_memory, n=n)
    return [
        times.row(f"time / X Xᵀ, n = {n:,}", "NTK", "X Xᵀ", at_most=1.4),
        Row(
            "memory beyond the result",
            (memory["peak"] - memory["result"]) / MB,
            "MB",
            at_most=64,
            context={"peak": megabytes(memory["peak"]), "result": megabytes(memory["result"])},
        ),
    ]


def gram_memory(n: int) -> dict[str, float]:
    X = inputs(n)
    X[:256] @ X[:256].T  # what the product's own library keeps is not the kernel's
    ntk(X[:8], mlp=RELU3)
    with peak_beyond() as peak:
        Theta = ntk(X, mlp=RELU3)
    return {"peak": peak.bytes, "result": Theta.nbytes}


@job("gram-variants", "The same in float32, and between two sets")
def variants(size: Size) -> list[Row]:
    n = size.pick(quick=800, full=4000)
    m = n // 2
    X, Z, X32 = inputs(n), inputs(m, seed=1), inputs(n, dtype=torch.float32)
    single = take_turns(
        {"NTK": lambda: ntk(X32, mlp=RELU3), "X Xᵀ": lambda: X32 @ X32.T}, budget=size.budget(10), calls=2
    )
    cross = take_turns({"NTK": lambda: ntk(X, Z, mlp=RELU3), "X Zᵀ": lambda: X @ Z.T}, budget=size.budget(10), calls=2)
    return [
        single.row(f"float32: time / X Xᵀ, n = {n:,}", "NTK", "X Xᵀ", at_most=1.6),
        cross.row(f"between two sets: time / X Zᵀ, {n:,} × {m:,}", "NTK", "X Zᵀ", at_most=1.8),
    ]


@job("gram-both", "NNGP and NTK together")
def both(size: Size) -> list[Row]:
    n = size.pick(quick=800, full=4000)
    X = inputs(n)
    # So near to 1 that the median needs many rounds.
    times = take_turns(
        {"NNGP and NTK": lambda: nngp_and_ntk(X, mlp=RELU3), "NTK": lambda: ntk(X, mlp=RELU3)},
        budget=size.budget(130),
        most=150,
        calls=2,
    )
    return [times.row(f"time / NTK alone, n = {n:,}", "NNGP and NTK", "NTK", at_most=1.1)]


@job("tanh", "NTK of 2 hidden tanh layers, d = 784, float64: an activation without closed form")
def tanh(size: Size) -> list[Row]:
    n = size.pick(quick=100, full=2000)
    free = inputs(n) * torch.linspace(0.5, 2, n, dtype=torch.float64)[:, None]
    equal = free * (D**0.5 / torch.linalg.vector_norm(free, dim=1, keepdim=True))
    tanh2, relu2 = MLP(2, "tanh"), MLP(2)
    same = take_turns(
        {"tanh": lambda: ntk(equal, mlp=tanh2), "ReLU": lambda: ntk(equal, mlp=relu2)}, budget=size.budget(8)
    )
    any_norm = take_turns(
        {"tanh": lambda: ntk(free, mlp=tanh2), "ReLU": lambda: ntk(free, mlp=relu2)}, budget=size.budget(12)
    )
    i, j = np.random.default_rng(2).integers(n, size=(2, size.pick(quick=20, full=200)))
    i[:5] = j[:5]  # the diagonal, too
    errors = {}
    for name, X in (("equal", equal), ("any", free)):
        found, wanted = ntk(X, mlp=tanh2)[i, j].numpy(), tanh_by_trapezoid(X.numpy(), i, j, hidden_layers=2)
        errors[name] = float(abs(found - wanted).max() / abs(wanted).max())
    ratio, _ = any_norm.ratio("tanh", "ReLU")
    return [
        same.row(f"equal norms: time / ReLU, n = {n:,}", "tanh", "ReLU", at_most=3),
        Row(
            f"any norms: time, n = {n:,}",
            any_norm.median("tanh"),
            "s",
            at_most=2,
            context={**any_norm.context(), "ratio": f"{ratio:.3g} ×"},
        ),
        Row("equal norms: largest error / largest entry", errors["equal"], "", at_most=1e-10, only_full=False),
        Row("any norms: largest error / largest entry", errors["any"], "", at_most=1e-10, only_full=False),
    ]


def tanh_by_trapezoid(X: np.ndarray, i: np.ndarray, j: np.ndarray, hidden_layers: int) -> np.ndarray:
    """Θ(x_i, x_j) of a tanh network with C_W = 2, C_b = 0, by the trapezoid rule in two independent normals.

    tanh(√q a) has its nearest pole at distance π/(2√q), q ≤ 8 here, so steps of 0.07
    leave exp(−2π · 0.55/0.07) ~ 1e-21.
    """
    a = np.arange(-9.1, 9.1 + 1e-9, 0.07)
    weight = np.exp(-(a**2) / 2) * 0.07 / np.sqrt(2 * np.pi)
    q = 2 * np.einsum("nd,nd->n", X, X) / X.shape[1]
    K = 2 * np.einsum("nd,nd->n", X[i], X[j]) / X.shape[1]
    Theta = K.copy()
    for _ in range(hidden_layers):
        qx, qz = q[i], q[j]
        rho = np.clip(K / np.sqrt(qx * qz), -1, 1)
        E_ss, E_dd = np.empty_like(K), np.empty_like(K)
        for pair in range(len(K)):
            u = np.tanh(np.sqrt(qx[pair]) * a)
            v = np.tanh(np.sqrt(qz[pair]) * (rho[pair] * a[:, None] + np.sqrt(1 - rho[pair] ** 2) * a))
            E_ss[pair] = (weight * u) @ (v @ weight)
            E_dd[pair] = (weight * (1 - u**2)) @ ((1 - v**2) @ weight)
        K, Theta = 2 * E_ss, 2 * E_ss + 2 * E_dd * Theta
        q = 2 * (np.tanh(np.sqrt(q)[:, None] * a) ** 2 @ weight)
    return Theta
