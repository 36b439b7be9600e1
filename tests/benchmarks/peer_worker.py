"""One contestant of the Gram job in a process of its own: prints a few entries, then seconds for every line it reads.

Runs in the peers' environment as well as in ours, so it imports nothing of this project but what the contestant is.
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

LAYERS = 3


def ntklab(X: np.ndarray) -> Callable[[], Any]:
    from ntklab.kernels import MLP, ntk

    return lambda: ntk(X, mlp=MLP(LAYERS))


def neural_tangents(X: np.ndarray, second: bool) -> Callable[[], Any]:
    """Jitted; its two calls: k(X, None), and k(X, X), which it computes otherwise."""
    import jax

    jax.config.update("jax_enable_x64", True)
    from neural_tangents import stax

    dense = stax.Dense(1, W_std=math.sqrt(2), b_std=None)
    kernel = stax.serial(*[dense, stax.Relu()] * LAYERS, dense)[2]
    compiled = jax.jit(lambda X: kernel(X, X if second else None, "ntk"))
    on_device = jax.device_put(X)
    return lambda: compiled(on_device).block_until_ready()


def scikit_ntk(X: np.ndarray) -> Callable[[], Any]:
    """Its inputs are not divided by d, its weights have half our variance, and it divides by depth + 1."""
    from skntk import NeuralTangentKernel

    kernel, scale = NeuralTangentKernel(depth=LAYERS, bias=0.0), math.sqrt(2 * (LAYERS + 1) / X.shape[1])
    scaled = scale * X
    return lambda: kernel(scaled)


CONTESTANTS: dict[str, Callable[[np.ndarray], Callable[[], Any]]] = {
    "ntklab": ntklab,
    "neural-tangents k(X, None)": lambda X: neural_tangents(X, second=False),
    "neural-tangents k(X, X)": lambda X: neural_tangents(X, second=True),
    "scikit-ntk": scikit_ntk,
}


def main(name: str, n: int, d: int) -> None:
    run = CONTESTANTS[name](np.random.default_rng(0).standard_normal((n, d)))
    result = np.asarray(run())  # also the warm-up: a jitted kernel compiles here
    print(json.dumps([float(value) for value in result[: min(n, 5), -3:].ravel()]), flush=True)
    del result
    for _ in sys.stdin:
        run()  # while the others had their turns, caches and memory went to them
        start = time.perf_counter()
        kept = run()
        print(json.dumps(time.perf_counter() - start), flush=True)
        del kept


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
