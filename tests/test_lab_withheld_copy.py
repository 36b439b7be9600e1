"""The library in each lab: no line of it does an exercise, in the sandbox's copy as in the student's own Jupyter.

``tests/one_liners/LAB.txt`` holds what is given, the lines that would do an exercise, by every road the library has,
and lines that must stay open.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ntklab
from ntklab.lab import sources, withheld

FOLDER = Path(__file__).parent / "one_liners"
SCRIPT = """
import json, sys
import numpy as np
from ntklab import bounds, datasets, depth, dynamics, empirical, gaussian, interpolation, kernels, lab
from ntklab import learnability, networks, regression, spectra
import ntklab
name, given, lines = json.load(sys.stdin)
exec(given)


def say(line):
    try:
        eval(line)
        return "a value"
    except Exception as error:
        return type(error).__name__


said = {}
if "copy" in sys.argv:  # it must not depend on `lab.start`, which a student can leave out
    said["before"] = {line: say(line) for line in lines}
lab.start(name)
said["started"] = {line: say(line) for line in lines}
print(json.dumps([ntklab.__file__, said]))
"""


def read(lab: str) -> tuple[str, list[str], list[str]]:
    """(what is given, lines that must end in WithheldError, lines that must give a value)."""
    given, rest = (FOLDER / f"{lab}.txt").read_text(encoding="utf-8").removeprefix("[given]\n").split("\n[ends]\n")
    ends, stays = rest.split("\n[stays]\n")
    return given, ends.strip().splitlines(), stays.strip().splitlines()


def test_every_lab_has_its_lines():
    assert {path.stem for path in FOLDER.glob("*.txt")} == set(withheld.WITHHELD)


@pytest.mark.parametrize("where", ["copy", "here"])
@pytest.mark.parametrize("lab", withheld.WITHHELD)
def test_no_line_does_an_exercise(tmp_path, lab, where):
    folder = Path(ntklab.__file__).parents[1]
    if where == "copy":
        folder = withheld.stripped_copy(lab, tmp_path).parent
    given, ends, stays = read(lab)
    assert len(ends) >= 10
    assert len(stays) >= 4
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, where],
        input=json.dumps([lab, given, ends + stays]),
        env={**os.environ, "PYTHONPATH": str(folder)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    file, said = json.loads(run.stdout)
    assert Path(file).parents[1] == folder
    assert list(said) == (["before", "started"] if where == "copy" else ["started"])
    if where == "here":  # hidden tests run on this side: the reference works
        ends = [line for line in ends if "lab.reference" not in line]
    wanted = dict.fromkeys(ends, "WithheldError") | dict.fromkeys(stays, "a value")
    for words in said.values():
        assert {line: words[line] for line in wanted if words[line] != wanted[line]} == {}


@pytest.mark.parametrize("lab", withheld.WITHHELD)
def test_the_copy_holds_no_body_of_what_is_withheld(tmp_path, lab):
    withheld.stripped_copy(lab, tmp_path)
    original, copy = sources.Library(Path(ntklab.__file__).parent), sources.Library(tmp_path / "ntklab")
    for module, name in withheld.closure(lab):
        before = ast.unparse(original.modules[module].definitions[name])
        after = ast.unparse(copy.modules[module].definitions[name])
        assert "raise WithheldError" in after or "refuse(" in after or "class " in after
        body = [line.strip() for line in before.splitlines() if line.strip().startswith("return ") and len(line) > 30]
        assert all(line not in after for line in body)
