"""The design's table of modules against the code: a module imports only from the rows above it."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import ntklab

# One line each, in the order of the table; a module may import from the lines above its own.
ROWS = (
    "_check",
    "_course",
    "_imports",
    "_processes",
    "_executors",
    "_threads",
    "_scratch",
    "_elementwise",
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
PACKAGE = Path(ntklab.__file__).parent
# What may cross between a test and an answer; the grader knows these types and no other mathematics.
CROSSING = {"MLP", "Activation", "activation", "NTKNet", "NetFunction"}
MATHEMATICS = ROWS[ROWS.index("gaussian") : ROWS.index("lab")]


def row_of(path: Path) -> str:
    return path.relative_to(PACKAGE).with_suffix("").parts[0]


def imports(path: Path) -> Iterator[tuple[str, str, int]]:
    """(module row, name, line) for each import from the package, also inside functions."""
    base = ["ntklab", *path.relative_to(PACKAGE).parent.parts]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            for alias in node.names:
                parts = alias.name.split(".")
                if parts[0] == "ntklab" and len(parts) > 1:
                    yield parts[1], "", node.lineno
        elif isinstance(node, ast.ImportFrom):
            parts = (node.module or "").split(".") if node.module else []
            if node.level:
                parts = base[: len(base) - node.level + 1] + parts
            if parts[:1] != ["ntklab"]:
                continue
            for alias in node.names:
                yield (parts[1], alias.name, node.lineno) if len(parts) > 1 else (alias.name, "", node.lineno)


FILES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != PACKAGE or path.name[:2] != "__")


def test_every_module_has_its_row():
    assert {row_of(path) for path in FILES} <= set(ROWS)
    assert [row for row in ROWS if row[0] != "_"] == list(ntklab._MODULES)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_imports_only_from_rows_above(path):
    own = ROWS.index(row_of(path))
    for row, name, line in imports(path):
        where = f"{path.relative_to(PACKAGE)}:{line} imports {row}.{name}"
        assert row in ROWS, f"{where}, which has no row"
        assert ROWS.index(row) <= own, f"{where}, a row below its own"


def test_grading_imports_no_mathematics_but_the_types_that_cross():
    for path in FILES:
        if row_of(path) == "grading":
            wrong = [
                (row, name, line) for row, name, line in imports(path) if row in MATHEMATICS and name not in CROSSING
            ]
            assert not wrong, f"{path.relative_to(PACKAGE)} imports {wrong}"


def test_finds_an_import_hidden_in_a_function(tmp_path, monkeypatch):
    hidden = tmp_path / "gaussian" / "inner.py"
    hidden.parent.mkdir()
    hidden.write_text("def f():\n    from ..kernels import ntk\n    import ntklab.cli\n    from ntklab import plots\n")
    monkeypatch.setattr(sys.modules[__name__], "PACKAGE", tmp_path)
    assert list(imports(hidden)) == [("kernels", "ntk", 2), ("cli", "", 3), ("plots", "", 4)]


def fresh(code: str) -> str:
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, check=True)
    return run.stdout


HEAVY = ("torch", "matplotlib", "nbgrader", "jupytext", "sklearn", "scipy")


def test_importing_the_package_is_quick_and_light():
    code = "import time, sys; t = time.perf_counter(); import ntklab; print(time.perf_counter() - t, *sys.modules)"
    seconds, loaded = [], set()
    for _ in range(3):  # the fastest of three: the machine may be busy
        first, *names = fresh(code).split()
        seconds.append(float(first))
        loaded = set(names)
    assert min(seconds) < 0.3
    assert loaded.isdisjoint(HEAVY)


def test_a_notebook_needs_none_of_the_instructors_tools():
    loaded = set(fresh("import sys, ntklab.lab; print(*sys.modules)").split())
    assert loaded.isdisjoint(("nbgrader", "jupytext", "nbclient", "nbconvert", "matplotlib", "torch"))


def test_the_command_line_starts_without_the_heavy_packages():
    loaded = set(fresh("import sys, ntklab.cli; ntklab.cli.parser(); print(*sys.modules)").split())
    assert loaded.isdisjoint(HEAVY)
