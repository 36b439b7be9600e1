"""Finite networks: their tangent kernel against a Jacobian, ensembles against a loop, and the import."""

from __future__ import annotations

import statistics
import subprocess
import sys
from collections.abc import Callable

import torch

from ntklab.empirical import empirical_ntk
from ntklab.networks import NTKNet, train_ensemble

from .jobs import Size, job
from .kernels import inputs
from .measure import MB, ROOT, Row, in_fresh_process, peak_beyond, seconds, take_turns

Layers = list[tuple[torch.Tensor, torch.Tensor | None]]


def outputs(layers: Layers, scales: list[tuple[float, float]], X: torch.Tensor) -> torch.Tensor:
    """A ReLU network written out, as one would without the library: (n, c) for X (n, d)."""
    z = X
    for layer, ((W, b), (weight_scale, bias_scale)) in enumerate(zip(layers, scales, strict=True)):
        z = weight_scale * (z.relu() if layer else z) @ W.T
        z = z if b is None else z + bias_scale * b
    return z


def jacobian_then_product(net: NTKNet, X: torch.Tensor, at_once: int = 32) -> torch.Tensor:
    """Θ = J Jᵀ with J (n, all weights) from torch.func, ``at_once`` rows at a time."""
    weights = [W.detach() for W, _ in net.layers()]

    def f(weights: list[torch.Tensor], x: torch.Tensor) -> torch.Tensor:
        return outputs([(W, None) for W in weights], net.scales, x[None])[0, 0]

    gradient = torch.func.vmap(torch.func.grad(f), (None, 0))
    blocks = [torch.cat([g.flatten(1) for g in gradient(weights, block)], dim=1) for block in X.split(at_once)]
    J = torch.cat(blocks)
    return J @ J.T


@job("empirical", "Tangent kernel of a finite network, one hidden layer, d = 64, float64")
def empirical(size: Size) -> list[Row]:
    width, n = size.pick(quick=512, full=4096), size.pick(quick=64, full=256)
    X, net = inputs(n, 64), NTKNet(64, width)
    torch.testing.assert_close(empirical_ntk(net, X), jacobian_then_product(net, X), rtol=1e-8, atol=1e-10)
    times = take_turns(
        {"empirical_ntk": lambda: empirical_ntk(net, X), "Jacobian, product": lambda: jacobian_then_product(net, X)},
        budget=size.budget(10),
    )
    deep = size.pick(quick=1, full=3)
    memory = in_fresh_process(empirical_memory, width=width, n=n, hidden_layers=deep)
    weights = 64 * width + (deep - 1) * width**2 + width
    return [
        times.row(
            f"speed / Jacobian, then product; width {width:,}, {n} inputs",
            "empirical_ntk",
            "Jacobian, product",
            at_least=3,
        ),
        Row(
            f"extra memory, {deep} hidden layers of width {width:,}",
            memory["peak"] / MB,
            "MB",
            at_most=400,
            context={"Jacobian": f"{n * weights * 8 / 1e9:,.1f} GB"},
        ),
    ]


def empirical_memory(width: int, n: int, hidden_layers: int) -> dict[str, float]:
    X, net = inputs(n, 64), NTKNet(64, width, hidden_layers)
    empirical_ntk(NTKNet(64, 8), X[:2])
    with peak_beyond() as peak:
        empirical_ntk(net, X)
    return {"peak": peak.bytes}


def loop_over_networks(
    factory: Callable[[int], NTKNet], seeds: range, X: torch.Tensor, y: torch.Tensor, eta: float, steps: int
) -> torch.Tensor:
    """The losses (S, steps + 1) of networks trained one after the other, the gradients by autograd."""
    losses = torch.empty(len(seeds), steps + 1, dtype=X.dtype)
    for member, seed in enumerate(seeds):
        net = factory(seed)
        with torch.no_grad():
            goal = y[:, None] + outputs(net.layers(), net.scales, X)
        for step in range(steps + 1):
            loss = (outputs(net.layers(), net.scales, X) - goal).square().sum() / (2 * len(X))
            losses[member, step] = loss.detach()
            if step < steps:
                gradients = torch.autograd.grad(loss, list(net.parameters()))
                with torch.no_grad():
                    for weights, gradient in zip(net.parameters(), gradients, strict=True):
                        weights.sub_(gradient, alpha=eta)
    return losses


def ensemble_row(nets: int, width: int, n: int, hidden_layers: int, steps: int, at_least: float, budget: float) -> Row:
    d, seeds = 8, range(nets)
    X = inputs(n, d).sign()
    y = X[:, :3].prod(dim=1)

    def factory(seed: int) -> NTKNet:
        return NTKNet(d, width, hidden_layers, C_b=0.01, readout=(1.0, 0.0), seed=seed)

    eta = 0.5
    torch.testing.assert_close(
        train_ensemble(factory, range(2), X, y, eta, 3).losses,
        loop_over_networks(factory, range(2), X, y, eta, 3),
        rtol=1e-8,
        atol=1e-10,
    )
    times = take_turns(
        {
            "ensemble": lambda: train_ensemble(factory, seeds, X, y, eta, steps),
            "loop": lambda: loop_over_networks(factory, seeds, X, y, eta, steps),
        },
        budget=budget,
    )
    layers = "1 hidden layer" if hidden_layers == 1 else f"{hidden_layers} hidden layers"
    what = f"speed / loop: {nets} nets, width {width}, {n} inputs, {layers}, {steps} steps"
    return times.row(what, "ensemble", "loop", at_least=at_least)


@job("ensemble-small", "Ensemble of small networks against a Python loop over networks, float64")
def small(size: Size) -> list[Row]:
    nets, steps = size.pick(quick=20, full=100), size.pick(quick=10, full=100)
    return [
        ensemble_row(nets, 64, 16, 1, steps, at_least=10, budget=size.budget(10)),
        ensemble_row(nets, 64, 16, 4, steps, at_least=10, budget=size.budget(15)),
    ]


@job("ensemble-wide", "Ensemble of the first figure's networks against a Python loop over networks, float64")
def wide(size: Size) -> list[Row]:
    nets, width, n = size.pick(quick=4, full=24, large=100), size.pick(quick=128, full=500), 256
    return [ensemble_row(nets, width, n, 4, steps=size.pick(quick=2, full=10), at_least=0.95, budget=size.budget(40))]


@job("import", "import ntklab")
def package(size: Size) -> list[Row]:
    def once(module: str) -> float:
        code = f"import time; t = time.perf_counter(); import {module}; print(time.perf_counter() - t)"
        done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
        return float(done.stdout)

    found: dict[str, list[float]] = {"ntklab": [], "numpy": []}
    for _ in range(size.pick(quick=3, full=9)):
        for module, times in found.items():
            times.append(once(module))
    medians = {module: statistics.median(times) for module, times in found.items()}
    context = {f"import {module}": seconds(median) for module, median in medians.items()}
    return [Row("time", medians["ntklab"], "s", at_most=0.3, context=context)]
