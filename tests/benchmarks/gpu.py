"""The same on a CUDA GPU, where there is one."""

from __future__ import annotations

from functools import partial

import torch

from ntklab.kernels import ntk
from ntklab.networks import NTKNet, train_ensemble
from ntklab.regression import fit_streaming, kernel_regression

from .jobs import Size, job
from .kernels import RELU3, D, inputs
from .measure import Row, seconds, take_turns
from .networks import loop_over_networks
from .regression import NETWORK, RIDGE, STREAMED, STREAMED_D, problem


@job("gpu", "On a CUDA GPU, float32")
def gpu(size: Size) -> list[Row]:
    if not torch.cuda.is_available():
        return [Row("NOT RUN: no CUDA GPU on this machine; its numbers stay open", float("nan"), "")]
    card = torch.cuda.get_device_name()
    rows = on_device("cuda", size)
    return [Row(**{**row.__dict__, "context": {**row.context, "card": card}}) for row in rows]


def on_device(device: str, size: Size) -> list[Row]:
    """The jobs of the GPU, on any device so that they can be tried without one."""
    n = size.pick(quick=400, full=50_000)
    X = inputs(n, D, torch.float32).to(device)
    gram = take_turns({"NTK": lambda: ntk(X, mlp=RELU3), "X Xᵀ": lambda: X @ X.T}, budget=size.budget(30))
    rows = [gram.row(f"Gram: time / X Xᵀ, n = {n:,}", "NTK", "X Xᵀ", at_most=2)]
    del X

    X, y, Z = (torch.from_numpy(A).to(device, torch.float32) for A in problem(n, 1000))

    def regress() -> object:
        return kernel_regression(ntk(X, mlp=NETWORK), ntk(Z, X, mlp=NETWORK), y, RIDGE)

    regression = take_turns({"Gram, Cholesky, prediction": regress}, budget=size.budget(60), fewest=1, most=3)
    rows.append(_seconds(f"NTK regression, n = {n:,}", regression.median("Gram, Cholesky, prediction")))
    del X, y, Z

    points = inputs(size.pick(quick=8, full=256), 8, torch.float32).sign().to(device)
    parity, nets = points[:, :3].prod(dim=1), size.pick(quick=4, full=1000)

    def factory(seed: int) -> NTKNet:
        width = size.pick(quick=16, full=500)
        return NTKNet(8, width, 4, C_b=0.01, readout=(1.0, 0.0), seed=seed).to(device, torch.float32)

    few, steps = min(nets, 100), size.pick(quick=3, full=200)
    against_loop = take_turns(
        {
            "ensemble": lambda: train_ensemble(factory, range(few), points, parity, 0.5, steps),
            "loop": lambda: loop_over_networks(factory, range(few), points, parity, 0.5, steps),
        },
        budget=size.budget(60),
        most=3,
    )
    rows.append(against_loop.row(f"speed / loop: {few} nets, {steps} steps", "ensemble", "loop", at_least=20))
    many = take_turns(
        {"nets": lambda: train_ensemble(factory, range(nets), points, parity, 0.5, steps)},
        budget=size.budget(30),
        fewest=1,
        most=3,
    )
    rows.append(_seconds(f"{nets:,} nets, {steps} steps", many.median("nets")))

    if size.name != "full":  # quick: to see that it works; large: beyond a dense matrix
        n = size.pick(quick=400, full=0, large=100_000)
        X, y, Z = (torch.from_numpy(A).to(device, torch.float64) for A in problem(n, 100, STREAMED_D))
        streamed = take_turns(
            {"fit, predict": lambda: fit_streaming(partial(ntk, mlp=STREAMED), X, y, RIDGE).predict(Z)},
            budget=1,
            fewest=1,
            most=1,
        )
        rows.append(_seconds(f"streaming regression, n = {n:,}, float64", streamed.median("fit, predict")))
    return rows


def _seconds(what: str, value: float) -> Row:
    return Row(what, value, "s", context={"time": seconds(value)})
