"""Every entry of course/errata.md names a test that exists where it says."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
TEXT = (ROOT / "course" / "errata.md").read_text()
TESTS = sorted({*re.findall(r"`(test_\w+)`", TEXT)} - {"test_mse"})
DEFINED = {
    name
    for path in (ROOT / "tests").glob("test_*.py")
    for name in re.findall(r"^def (test_\w+)", path.read_text(), re.MULTILINE)
}


@pytest.mark.parametrize("name", TESTS)
def test_the_named_test_exists(name):
    assert name in DEFINED


def test_the_named_files_and_functions_exist():
    for path in set(re.findall(r"`(tests/[\w/]+\.py)`", TEXT)):
        assert (ROOT / path).is_file(), path
    import ntklab

    for module, name in set(re.findall(r"`(\w+)\.(\w+)[`(]", TEXT)):
        assert hasattr(getattr(ntklab, module), name), f"{module}.{name}"


def test_every_erratum_of_the_theory_sheet_has_an_entry():
    numbers = {int(n) for n in re.findall(r"^### (\d+)\b", TEXT, re.MULTILINE)}
    assert numbers == set(range(1, 11))
