"""What students get: one zip file with notebooks, the library to install, and how to begin. Same input, same bytes."""

from __future__ import annotations

import base64
import email
import hashlib
import io
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import ntklab
from ntklab._course import Lab, UsageError
from ntklab.authoring import AuthoringError, exercises, notebook_bytes, written
from ntklab.authoring.build import Built, build, check
from ntklab.authoring.leaks import leaks

TOP = "ntklab-labs"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest time a zip file can hold


def release(labs: list[Lab], terms: dict[str, str] | None = None) -> tuple[bytes, list[str]]:
    """The zip file's bytes, and one line for each thing that forbids to hand it out (then there are no bytes).

    Args:
        labs: what to hand out.
        terms: lab -> a sentence on when it is due, for the README.
    """
    problems: list[str] = []
    done: list[Built] = []
    for lab in labs:
        try:
            built = build(lab)
            problems += [f"{lab.name}: {problem}: mend {lab.source.name} and release again" for problem in check(built)]
            done.append(built)
        except AuthoringError as error:
            problems.append(f"{lab.name}: {error}")
    if problems:
        return b"", problems
    wheel_name, wheel = library_wheel()
    files = {f"{TOP}/README.md": readme(done, wheel_name, terms or {}).encode(), f"{TOP}/{wheel_name}": wheel}
    for built in done:
        files[f"{TOP}/{built.lab.name}/{built.lab.name}.ipynb"] = notebook_bytes(built.student)
    for path in (Path(ntklab.__file__).parent.parent / "LICENSE", labs[0].root / "LICENSE"):
        if path.is_file():
            files[f"{TOP}/LICENSE"] = path.read_bytes()
    problems = [problem for built in done for problem in _leaks_in(files, built)]
    return (b"" if problems else packed(files)), problems


def _leaks_in(files: dict[str, bytes], built: Built) -> list[str]:
    """What the texts beside the notebooks give away; the notebooks themselves have been checked cell by cell."""
    from nbformat.v4 import new_markdown_cell, new_notebook

    texts = {name: data.decode() for name, data in files.items() if name.endswith(".md")}
    page = new_notebook(cells=[new_markdown_cell(text, id="readme") for text in texts.values()])
    return [f"{built.lab.name}: {problem}" for problem in leaks(built.source, page)]


def packed(files: dict[str, bytes]) -> bytes:
    """A zip file of these files, in the order of their names and without a time or a user in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, data in sorted(files.items()):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system, info.external_attr = 3, 0o100644 << 16  # the same on every system
            archive.writestr(info, data, zipfile.ZIP_DEFLATED, 9)
    return buffer.getvalue()


def library_wheel() -> tuple[str, bytes]:
    """File name and bytes of the library as pip installs it, made of the files that run here.

    Raises:
        UsageError: the package is not installed, so what it needs is not known.
    """
    try:
        about = metadata.distribution("ntklab")
    except metadata.PackageNotFoundError:
        raise UsageError("ntklab is not installed here: pip install -e . and release again") from None
    said = email.message_from_string(about.read_text("METADATA") or about.read_text("PKG-INFO") or "")
    kept = ("Metadata-Version", "Name", "Summary", "Requires-Python", "License-Expression", "Requires-Dist")
    lines = [f"Version: {ntklab.__version__}"]
    lines += [f"{k}: {v}" for k, v in said.items() if k in kept and "extra ==" not in v]  # no instructor's tools
    info = f"ntklab-{ntklab.__version__}.dist-info"
    package = Path(ntklab.__file__).parent
    files = {
        f"ntklab/{path.relative_to(package).as_posix()}": path.read_bytes()
        for path in package.rglob("*.py")
        if "__pycache__" not in path.parts
    }
    files[f"{info}/METADATA"] = "\n".join([*sorted(lines, key=lambda x: x[:16] != "Metadata-Version"), ""]).encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: ntklab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/entry_points.txt"] = b"[console_scripts]\nntklab = ntklab.cli:main\n"
    record = [f"{name},sha256={_digest(data)},{len(data)}" for name, data in sorted(files.items())]
    files[f"{info}/RECORD"] = "\n".join([*record, f"{info}/RECORD,,", ""]).encode()
    return f"ntklab-{ntklab.__version__}-py3-none-any.whl", packed(files)


def _digest(data: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def readme(done: list[Built], wheel: str, terms: dict[str, str]) -> str:
    """How to begin, for a student who has never seen any of this."""
    rows = [_row(built) for built in done]
    first = done[0].lab.name
    exercise = exercises(done[0].source)[0].name
    due = [f"- {lab}: {sentence}" for lab, sentence in terms.items()]
    return "\n".join(
        [
            "# Labs on the neural tangent kernel",
            "",
            "| lab | about | minutes | points: tests + by hand |",
            "|---|---|---|---|",
            *rows,
            "",
            "## Set up, once",
            "",
            "You need Python 3.11 or newer. In this folder:",
            "",
            "    python -m venv .venv",
            "    source .venv/bin/activate          # on Windows: .venv\\Scripts\\activate",
            f"    pip install ./{wheel}",
            "",
            "On Linux without a GPU, install PyTorch's CPU build first (*Get Started* on PyTorch's pages has the",
            "line to copy): it saves 2 GB.",
            "",
            "## Work",
            "",
            "    jupyter lab",
            "",
            f"Open `{first}/{first}.ipynb` and run the cells from the top. You write code where it",
            "says `YOUR CODE HERE`; the cell below tests it at once. Text goes where it says `YOUR ANSWER HERE`.",
            f'`lab.hint("{exercise}")` gives the next hint. On the command line:',
            "",
            f"    ntklab check {first}/{first}.ipynb",
            f"    ntklab check {first}/{first}.ipynb --exercise {exercise}",
            f"    ntklab hint {first}/{first}.ipynb {exercise}",
            "",
            "## Hand in",
            "",
            f"Save, and hand in the notebook itself (`{first}.ipynb`), not a zip file of it. You may",
            "hand in again: the latest counts. Points come when all tests of an exercise pass, on inputs you have not",
            "seen too. Outputs, prints, warnings and cells of your own never cost points; changes to the test cells",
            "change nothing.",
            *(["", "## Due", "", *due] if due else []),
            "",
        ]
    )


def _row(built: Built) -> str:
    about: dict[str, Any] = built.source.metadata.get("ntklab", {})
    tests = sum(exercise.points for exercise in exercises(built.source))
    by_hand = sum(question.points for question in written(built.source))
    return f"| `{built.lab.name}` | {about.get('title', '')} | {about.get('minutes', '')} | {tests} + {by_hand} |"
