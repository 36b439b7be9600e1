"""The zip file for students: what is in it and what is not, the same bytes every time; the library in it installs."""

from __future__ import annotations

import base64
import copy
import csv
import hashlib
import io
import json
import subprocess
import sys
import zipfile

import grading_lab
import pytest
from grading_lab import NAME
from marking import DUE, open_classroom

import ntklab
from ntklab._course import Lab, find_lab
from ntklab.cli import main
from ntklab.grading.release import TOP, library_wheel, packed, release

SECRETS = (
    "once_more + once_more",  # a solution
    "fresh_inputs",  # a hidden test
    "repeated addition of the very same number",  # a model answer
    "Five for naming repeated addition",  # a mark scheme
    "BEGIN SOLUTION",
    "BEGIN HIDDEN TESTS",
    "BEGIN MARK SCHEME",
)
WHEEL = f"ntklab-{ntklab.__version__}-py3-none-any.whl"


@pytest.fixture
def root(tmp_path, invented, monkeypatch):
    """The invented lab with what the build demands of a real one (its 20 points), in a course of its own."""
    from ntklab.authoring import build

    monkeypatch.setenv("NTKLAB_ROOT", str(tmp_path))
    room = open_classroom(tmp_path, invented.source)
    room.configure()
    monkeypatch.setattr(build, "structure", lambda source: [])  # its 7 points and short texts are meant
    monkeypatch.setattr(build, "ingredients", lambda source: [])
    return tmp_path


def contents(path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        assert file.testzip() is None
        return {name: file.read(name) for name in file.namelist()}


def test_it_holds_the_notebook_the_library_and_how_to_begin(root, capsys):
    out = root / "labs.zip"
    assert main(["release", NAME, "--out", str(out)]) == 0
    assert capsys.readouterr().out.startswith(f"{out}: {NAME}; ")
    files = contents(out)
    assert set(files) == {f"{TOP}/README.md", f"{TOP}/LICENSE", f"{TOP}/{WHEEL}", f"{TOP}/{NAME}/{NAME}.ipynb"}
    readme = files[f"{TOP}/README.md"].decode()
    assert f"| `{NAME}` | A lab for the grader | 5 | 7 + 5 |" in readme
    assert f"pip install ./{WHEEL}" in readme
    assert f"ntklab check {NAME}/{NAME}.ipynb --exercise doubled" in readme
    assert "## Due" not in readme


def test_no_file_says_what_students_must_not_read(root):
    data, problems = release([find_lab(NAME, root)])
    assert problems == []
    with zipfile.ZipFile(io.BytesIO(data)) as outer:
        texts = {name: outer.read(name) for name in outer.namelist() if not name.endswith(".whl")}
        with zipfile.ZipFile(io.BytesIO(outer.read(f"{TOP}/{WHEEL}"))) as wheel:
            library = {name: wheel.read(name) for name in wheel.namelist()}
    for name, text in texts.items():
        for secret in SECRETS:
            assert secret.encode() not in text, name
    for name, text in library.items():  # the library names the markers; it holds nobody's answers
        for secret in SECRETS[:4]:
            assert secret.encode() not in text, name
        assert name.split("/")[0] in ("ntklab", f"ntklab-{ntklab.__version__}.dist-info")
    notebook = json.loads(texts[f"{TOP}/{NAME}/{NAME}.ipynb"])
    ids = {cell["metadata"].get("nbgrader", {}).get("grade_id"): cell for cell in notebook["cells"]}
    assert "raise NotImplementedError()" in "".join(ids["doubled"]["source"])
    assert not any(cell.get("outputs") for cell in notebook["cells"])


def test_the_same_input_gives_the_same_bytes(root):
    labs = [find_lab(NAME, root)]
    first, second = release(labs)[0], release(labs)[0]
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as file:
        for info in file.infolist():
            assert info.date_time == (1980, 1, 1, 0, 0, 0)
            assert info.external_attr >> 16 == 0o100644
        assert file.namelist() == sorted(file.namelist())


def test_several_labs_and_one_named_twice(root, capsys):
    second = root / "solutions" / "lab99-more" / "lab99-more.py"
    second.parent.mkdir()
    second.write_text(grading_lab.SOURCE.replace("A lab for the grader", "Another lab"))
    assert main(["release", "lab98", "lab99", NAME, "--out", str(root / "two.zip"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {
        "ok": True, "labs": [NAME, "lab99-more"], "file": str(root / "two.zip"), "problems": []
    }  # fmt: skip
    names = [name for name in contents(root / "two.zip") if name.endswith(".ipynb")]
    assert names == [f"{TOP}/{NAME}/{NAME}.ipynb", f"{TOP}/lab99-more/lab99-more.ipynb"]


def test_a_lab_that_leaks_is_not_written(root, capsys):
    path = find_lab(NAME, root).source
    told = path.read_text().replace("Rows times rows.", "Write `return np.einsum('id,jd->ij', X, X)`, then done.")
    path.write_text(told)
    assert main(["release", NAME, "--out", str(root / "labs.zip")]) == 1
    said = capsys.readouterr()
    assert "nothing is written; 2 problems" in said.err
    assert f"{NAME}: gram: a solution statement stands in the student notebook's cell 'gram-hints'" in said.err
    assert f"mend {NAME}.py and release again" in said.err
    assert said.out == ""
    assert not (root / "labs.zip").exists()


def test_a_readme_that_leaks_is_not_written(root):
    path = find_lab(NAME, root).source
    path.write_text(
        path.read_text().replace("title: A lab for the grader", "title: return np.einsum('id,jd->ij', X, X)")
    )
    data, problems = release([find_lab(NAME, root)])
    assert data == b""
    assert "a solution statement stands in the student notebook's cell 'readme'" in problems[0]


def test_a_source_that_does_not_build_stops_its_own_release_only_with_a_line(root, capsys):
    (root / "solutions" / "lab99-broken").mkdir()
    (root / "solutions" / "lab99-broken" / "lab99-broken.py").write_text('# %% role="anser" exercise="x"\n')
    assert main(["release", NAME, "lab99", "--out", str(root / "labs.zip")]) == 1
    assert (
        "lab99-broken: lab99-broken.py line 1: role 'anser' is unknown; did you mean 'answer'?"
        in capsys.readouterr().err
    )


def test_the_due_time_stands_in_the_readme(root, capsys, invented):
    open_classroom(root, invented.source).configure(
        f'c.LatePolicy.due = {{"{NAME}": "{DUE}"}}', "c.LatePolicy.percent_per_day = 10", "c.LatePolicy.cap = 50"
    )
    assert main(["release", NAME, "--out", str(root / "labs.zip")]) == 0
    readme = contents(root / "labs.zip")[f"{TOP}/README.md"].decode()
    assert f"- {NAME}: due {DUE}; each day begun costs 10 % of the points earned, at most 50 %\n" in readme


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["lab97", "--out", "x.zip"], "no lab is called 'lab97'"),
        ([NAME], "--out"),
        (["--out", "x.zip"], "LAB"),
        ([NAME, "--out", "/nowhere/at/all.zip"], "cannot be written (No such file or directory)"),
    ],
)
def test_mistakes_in_calling_are_one_line(root, capsys, argv, said):
    assert main(["release", *argv]) == 2
    err = capsys.readouterr().err
    assert err.count("\n") == 1
    assert said in err


# --- the library ----------------------------------------------------------------------------------------------------


def test_the_wheels_record_is_true():
    name, data = library_wheel()
    assert name == WHEEL
    with zipfile.ZipFile(io.BytesIO(data)) as wheel:
        record = f"ntklab-{ntklab.__version__}.dist-info/RECORD"
        rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(wheel.read(record).decode()))}
        assert set(rows) == set(wheel.namelist())
        for file, (digest, size) in rows.items():
            if file != record:
                told = base64.urlsafe_b64encode(hashlib.sha256(wheel.read(file)).digest()).rstrip(b"=").decode()
                assert (digest, int(size)) == (f"sha256={told}", len(wheel.read(file)))
        about = wheel.read(f"ntklab-{ntklab.__version__}.dist-info/METADATA").decode()
    assert about.startswith("Metadata-Version: ")
    assert f"\nVersion: {ntklab.__version__}\n" in about
    assert "Requires-Dist: torch" in about
    assert "nbgrader" not in about  # students need no instructor's tools


def test_pip_installs_the_wheel(tmp_path):
    name, data = library_wheel()
    (tmp_path / name).write_bytes(data)
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "install", "--quiet", "--no-deps", "--no-index"]
    run = subprocess.run(
        [*pip, "--target", str(tmp_path / "site"), str(tmp_path / name)], capture_output=True, text=True, timeout=120
    )
    assert run.returncode == 0, run.stderr
    code = f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import ntklab.cli; print(ntklab.__file__)"
    found = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert found.stdout.strip() == str(tmp_path / "site" / "ntklab" / "__init__.py")


def test_what_a_student_runs_needs_no_instructors_package():
    code = "import sys, ntklab.grading.grader, ntklab.cli.check; print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert set(run.stdout.split()).isdisjoint({"nbgrader", "sqlalchemy", "jupytext", "psycopg", "playwright"})


def test_order_and_time_do_not_matter_to_the_packing():
    files = {"b": b"2", "a": b"1" * 1000}
    assert packed(files) == packed(dict(reversed(copy.copy(files).items())))
    with zipfile.ZipFile(io.BytesIO(packed(files))) as file:
        assert file.namelist() == ["a", "b"]


@pytest.mark.slow
def test_the_real_lab(tmp_path):
    from pathlib import Path

    root = Path(ntklab.__file__).parent.parent
    data, problems = release([Lab("lab03-two-layer-ntk", root)])
    assert problems == []
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        name = "lab03-two-layer-ntk"
        assert file.read(f"{TOP}/{name}/{name}.ipynb") == (root / "assignments" / name / f"{name}.ipynb").read_bytes()
