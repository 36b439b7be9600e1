"""A lab's percent source becomes nbgrader's source notebook, the same bytes every time.

A cell of the source says in its own short options what it is::

    # %% role="hidden" exercise="relu_kappa" points=3

and this file, alone, knows which nbgrader metadata that means.
"""

from __future__ import annotations

import base64
import difflib
import re
from pathlib import Path
from typing import Any

from ntklab.authoring import markers
from ntklab.authoring.errors import AuthoringError

# role -> (cell type, options it must have, options it may have)
ROLES: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "setup": ("code", (), ()),
    "answer": ("code", ("exercise",), ("difficulty", "minutes")),
    "visible": ("code", ("exercise",), ()),
    "hidden": ("code", ("exercise", "points"), ()),
    "hints": ("markdown", ("exercise",), ()),
    "written": ("markdown", ("exercise", "points"), ("minutes",)),
    "figure": ("code", ("name",), ("picture",)),
    "gpu": ("code", ("name",), ("picture",)),
    "demo": ("code", ("name",), ("picture",)),
    "quiz": ("code", ("name",), ()),
}
SHOWS = ("figure", "gpu", "demo", "quiz")  # cells that only show something: skipped when grading

KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
PICTURE = re.compile(r"!\[(?P<alt>.*?)\]\((?P<file>[^()\s:]+)\)")
_FROM_JUPYTEXT = ("lines_to_next_cell", "lines_to_end_of_cell_marker")
_NAME = re.compile(r"[A-Za-z0-9_-]{1,56}")


def source_notebook(path: str | Path, pictures: bool = True) -> Any:
    """The source notebook (an ``nbformat`` node) of the lab whose percent source is ``path``.

    Cell ids come from ``grade_id`` or position and nothing depends on time or chance, so two builds are equal to
    the byte. ``![alt](name.png)`` in a text cell becomes an attachment holding that file, which lies beside the
    source; ``pictures=False`` leaves the references alone (for the run that makes the pictures).

    Raises:
        AuthoringError: an unreadable source, an unknown option or role, an id used twice, a missing picture.
    """
    import jupytext
    import nbformat

    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise AuthoringError(f"{path} cannot be read ({error}): a lab's source is a UTF-8 text file") from None
    try:
        read = jupytext.reads(text, fmt="py:percent")
    except Exception as error:  # its header is YAML: any parser error may surface
        raise AuthoringError(f"{path.name}: the header or a cell line cannot be parsed: {error}") from None

    places = _places(path.name, text, len(read.cells))
    cells = []
    for position, (cell, place) in enumerate(zip(read.cells, places, strict=True)):
        try:
            cells.append(_cell(cell, position))
        except AuthoringError as error:
            raise AuthoringError(f"{place}: {error}") from None
    _unique(cells, places)
    if pictures:
        for cell, place in zip(cells, places, strict=True):
            _embed(cell, path.parent, place)
    header = dict(read.metadata.get("ntklab", {}))
    metadata = {
        "kernelspec": dict(read.metadata.get("kernelspec", KERNELSPEC)),
        "language_info": {"name": "python"},
        "ntklab": {"lab": path.stem, **header},
    }
    notebook = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    notebook.nbformat_minor = 5
    nbformat.validate(notebook)
    return notebook


def notebook_bytes(notebook: Any) -> bytes:
    """The notebook's file, as nbconvert's writer makes it."""
    import nbformat

    text = nbformat.writes(notebook, version=4)
    return (text if text.endswith("\n") else text + "\n").encode("utf-8")


def read_notebook(path: str | Path) -> Any:
    """The notebook in a file."""
    import nbformat

    try:
        return nbformat.read(path, as_version=4)
    except OSError as error:
        raise AuthoringError(f"{path} cannot be read: {error.strerror}") from None
    except Exception as error:  # nbformat raises several kinds, all meaning the same
        raise AuthoringError(f"{path} is not a notebook: {str(error).splitlines()[0]}") from None


def role(cell: Any) -> str | None:
    """What the cell is for: a key of :data:`ROLES`, or None for plain text."""
    return cell.metadata.get("ntklab", {}).get("role")


def _places(file: str, text: str, count: int) -> list[str]:
    """Where each cell begins, for messages: a line number where cells and ``# %%`` lines agree."""
    lines = [n for n, line in enumerate(text.splitlines(), 1) if re.match(r"# ?%%(?!%)", line)]
    if len(lines) == count:
        return [f"{file} line {line}" for line in lines]
    return [f"{file} cell {number + 1}" for number in range(count)]


def _cell(cell: Any, position: int) -> Any:
    import nbformat

    options = {key: value for key, value in cell.metadata.items() if key not in _FROM_JUPYTEXT}
    source = cell.source.rstrip("\n")
    if cell.cell_type == "markdown" and not options:
        return nbformat.v4.new_markdown_cell(source, id=f"text-{position:03d}")
    if cell.cell_type not in ("code", "markdown"):
        raise AuthoringError(f"a {cell.cell_type} cell: a lab has code and markdown cells only")

    kind = options.get("role")
    if kind is None:
        raise AuthoringError(f'a {cell.cell_type} cell without a role: write role="..." ({", ".join(ROLES)})')
    _check_options(kind, options, cell.cell_type)
    about = {key: value for key, value in options.items() if key != "points"}
    if kind == "hints":
        return nbformat.v4.new_markdown_cell(source, id=f"{options['exercise']}-hints", metadata={"ntklab": about})
    if kind == "written":
        source = _mark_scheme_within_solution(source)
    if kind in ("answer", "written"):
        about["stub"] = markers.stub(source, code=kind == "answer")
    metadata: dict[str, Any] = {"nbgrader": _nbgrader(kind, options), "ntklab": about}
    if kind == "visible":  # folded: the diagnosis should be read first, and the text not be torn apart by tests
        metadata["jupyter"] = {"source_hidden": True}
    new = nbformat.v4.new_code_cell if cell.cell_type == "code" else nbformat.v4.new_markdown_cell
    return new(source, id=metadata["nbgrader"]["grade_id"], metadata=metadata)


def _check_options(kind: str, options: dict[str, Any], cell_type: str) -> None:
    if kind not in ROLES:
        near = difflib.get_close_matches(str(kind), ROLES, n=1)
        raise AuthoringError(f"role {kind!r} is unknown; " + (f"did you mean {near[0]!r}?" if near else _known_roles()))
    wanted_type, needed, allowed = ROLES[kind]
    if cell_type != wanted_type:
        raise AuthoringError(f"a cell with role {kind!r} is a {wanted_type} cell, not {cell_type}")
    for option in needed:
        if option not in options:
            raise AuthoringError(f"a cell with role {kind!r} needs {option}=...")
    unknown = [option for option in options if option not in ("role", *needed, *allowed)]
    if unknown:
        raise AuthoringError(f"a cell with role {kind!r} has no option {unknown[0]!r}; it takes {needed + allowed}")
    for option in ("exercise", "name"):
        if option in options and not _NAME.fullmatch(str(options[option])):
            raise AuthoringError(f"{option}={options[option]!r}: at most 56 letters, digits, - and _")
    points = options.get("points", 0)
    if isinstance(points, bool) or not isinstance(points, int) or points < 0:
        raise AuthoringError(f"points={points!r}: a whole number, at least 0")


def _known_roles() -> str:
    return f"there are {', '.join(ROLES)}"


def _nbgrader(kind: str, options: dict[str, Any]) -> dict[str, Any]:
    """The metadata (schema 3) that makes the cell what its role says."""
    name = options.get("exercise", options.get("name", ""))
    grade_id = {"setup": "setup", "answer": name, "written": name}.get(kind)
    if grade_id is None:
        grade_id = f"{kind}-{name}" if kind in SHOWS else f"{name}-{kind}"
    metadata: dict[str, Any] = {
        "grade": kind in ("visible", "hidden", "written"),
        "grade_id": grade_id,
        "locked": kind not in ("answer", "written"),
        "schema_version": 3,
        "solution": kind in ("answer", "written"),
        "task": False,
    }
    if metadata["grade"]:
        metadata["points"] = options.get("points", 0)
    return metadata


def _mark_scheme_within_solution(source: str) -> str:
    """nbgrader cuts a mark scheme from task cells only; within a solution region it goes with the solution."""
    schemes, solutions = (markers.regions(source, name) for name in (markers.MARK_SCHEME, markers.SOLUTION))
    if not schemes:
        return source
    lines = source.split("\n")
    scheme_begin, scheme_end = schemes[0][0], schemes[-1][1]
    if not solutions:
        lines.insert(scheme_end + 1, f"### END {markers.SOLUTION}")
        lines.insert(scheme_begin, f"### BEGIN {markers.SOLUTION}")
        return "\n".join(lines)
    begin, end = solutions[-1]
    if begin < scheme_begin and scheme_end < end:
        return source
    if scheme_begin < end or any(line.strip() for line in lines[end + 1 : scheme_begin]):
        raise AuthoringError("the mark scheme must follow the model answer: BEGIN MARK SCHEME right after END SOLUTION")
    lines.insert(scheme_end + 1, lines[end])
    del lines[end]
    return "\n".join(lines)


def _unique(cells: list[Any], places: list[str]) -> None:
    seen: dict[str, str] = {}
    for cell, place in zip(cells, places, strict=True):
        if cell.id in seen:
            raise AuthoringError(f"{place}: the id {cell.id!r} is already taken at {seen[cell.id]}: every id once")
        seen[cell.id] = place


def _embed(cell: Any, folder: Path, place: str) -> None:
    """Put the pictures that a text cell shows into the cell."""
    if cell.cell_type != "markdown":
        return
    attachments = {}

    def attach(match: re.Match[str]) -> str:
        file = match["file"]
        try:
            data = (folder / file).read_bytes()
        except OSError:
            raise AuthoringError(
                f"{place}: the picture {file} is missing: draw it with `ntklab build {folder.name} --pictures`"
            ) from None
        if not data.startswith(b"\x89PNG\r\n\x1a\n"):
            raise AuthoringError(f"{place}: {file} is not a PNG picture")
        attachments[Path(file).name] = {"image/png": base64.b64encode(data).decode("ascii")}
        return f"![{match['alt']}](attachment:{Path(file).name})"

    cell.source = PICTURE.sub(attach, cell.source)
    if attachments:
        cell.attachments = attachments
