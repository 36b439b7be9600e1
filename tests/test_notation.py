"""course/notation.md against the library: every name it gives exists, and every row is complete."""

import importlib
import inspect
import re
from pathlib import Path

import numpy as np
import pytest

import ntklab

TEXT = (Path(__file__).parents[1] / "course" / "notation.md").read_text(encoding="utf-8")
ROWS = [line for line in TEXT.splitlines() if line.startswith("|") and not line.startswith("|---")]
MODULES = "|".join(name for name in dir(ntklab) if not name.startswith("_"))
NAMES = sorted(set(re.findall(rf"`((?:{MODULES})(?:\.\w+)+)`", TEXT)))


def test_there_are_names_to_check():
    assert len(NAMES) > 60


@pytest.mark.parametrize("name", NAMES)
def test_the_name_exists(name):
    module, *path = name.split(".")
    found = importlib.import_module(f"ntklab.{module}")
    for part in path:
        found = getattr(found, part)
    assert callable(found)


@pytest.mark.parametrize(
    ("argument", "function"),
    re.findall(r"`(\w+)`[^`|]* of `(\w+\.\w+)`", TEXT),
)
def test_the_argument_exists(argument, function):
    module, name = function.split(".")
    found = getattr(importlib.import_module(f"ntklab.{module}"), name)
    known = set(inspect.signature(found).parameters) | set(dir(found))
    if function == "depth.origin_expansion":
        known |= set(dir(found("tanh")))
    assert argument in known


def test_the_keys_exist():
    from ntklab.depth import depth_recursion
    from ntklab.interpolation import delta_components
    from ntklab.kernels import MLP

    keys = set(depth_recursion("tanh", 0.0, 1.0, 1.0, 0.1, [1.0], [1.0]))
    keys |= set(delta_components(MLP(1, "erf", C_b=0.1), np.eye(2)[0], np.eye(2)[1]))
    assert keys == set(re.findall(r'`"(\w+)"`', TEXT))


def test_every_row_has_the_cells_of_its_table():
    table = 0
    for line in TEXT.splitlines():
        if line.startswith("|---"):
            table = line.count("|")
        elif line.startswith("|") and table:
            assert line.count("|") == table, line
        elif not line.startswith("|"):
            table = 0
    assert len(ROWS) > 120
