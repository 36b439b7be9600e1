"""ntklab: the neural tangent kernel, from the kernel trick to predicting generalisation.

Modules load when first used, so ``import ntklab`` is quick and brings in neither torch nor matplotlib::

    import ntklab
    Theta = ntklab.kernels.ntk(X, mlp=ntklab.kernels.MLP(hidden_layers=3))
"""

from __future__ import annotations

import importlib
from types import ModuleType

__version__ = "0.1.0"

# The course's order: a module imports only from those above it (tests/test_imports.py holds this).
_MODULES = (
    "gaussian",
    "kernels",
    "regression",
    "dynamics",
    "bounds",
    "spectra",
    "learnability",
    "depth",
    "interpolation",
    "networks",
    "empirical",
    "datasets",
    "experiments",
    "plots",
    "lab",
    "authoring",
    "grading",
    "cli",
)


def __getattr__(name: str) -> ModuleType:
    if name in _MODULES:
        return importlib.import_module(f"ntklab.{name}")
    raise AttributeError(f"module 'ntklab' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULES])
