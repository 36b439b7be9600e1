"""What the README promises: its Python runs, its commands and files exist."""

import re
from pathlib import Path

from ntklab.cli import VERBS

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "README.md").read_text()


def test_the_python_in_it_runs():
    (code,) = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    names: dict = {}
    exec(code, names)
    assert names["Theta"].shape == (200, 200)
    assert names["mean"].shape == names["std"].shape == (50,)
    assert (names["std"] > 0).all()


def test_its_commands_exist():
    assert set(re.findall(r"^ntklab (\w+)", TEXT, re.MULTILINE)) <= set(VERBS)
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^make (\w+)", TEXT, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target


def test_its_files_exist():
    for name in re.findall(r"\]\(([^)]+)\)", TEXT):
        assert (ROOT / name).is_file(), name
