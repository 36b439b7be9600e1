"""Grades for Canvas, for Moodle and as a table: the columns they want, the roster's ids, everything that is missing."""

from __future__ import annotations

import csv
import io
import json

import pytest
from grading_lab import NAME, POINTS
from marking import DUE, open_classroom

from ntklab.cli import main
from ntklab.grading.export import plain

TOTAL = sum(POINTS.values())
CANVAS = f"""\
Student,ID,SIS User ID,SIS Login ID,Section,Lab 97 (11),Lab 98: grading (4711),Current Score
    Points Possible,,,,,5,{TOTAL + 5:g},(read only)
"Lovelace, Ada",101,s-1,ada,Mon,5,,90
"Noether, Emmy",102,s-2,emmy,Mon,4,,80
"Hopper, Grace",103,s-3,grace,Tue,3,,70
"Student, Test",999,,9e1f,,,,
"""
WORKSHEET = """\
Identifier,Full name,ID number,Email address,Status,Grade,Maximum grade,Last modified (submission),Last modified (grade)
Participant 7001,Ada Lovelace,ada,ada@example.org,Submitted,-,{top},"Monday, 12 October 2026, 11:00 AM",-
Participant 7002,Emmy Noether,emmy,emmy@example.org,Submitted,-,{top},"Monday, 12 October 2026, 11:00 AM",-
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory, invented, grader, light_sandbox):
    """ada: all right, 4 by hand; emmy: two days late at 10 %, 3 by hand; zoe: in no roster; kurt: unmarked."""
    room = open_classroom(tmp_path_factory.mktemp("export"), invented.source)
    room.configure(f'c.LatePolicy.due = {{"{NAME}": "{DUE}"}}', "c.LatePolicy.percent_per_day = 10")
    room.submit("ada", at=DUE)
    room.submit("emmy", at="2026-10-14 11:00:00 UTC")
    room.submit("zoe", doubled="def doubled(x):\n    return x")
    room.grade()
    room.mark({"ada": 4.0, "emmy": 3.0, "zoe": 0.0})
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NTKLAB_ROOT", str(room.root))
        yield room


ADA, EMMY = TOTAL + 4, 0.8 * (TOTAL + 3)


def run(capsys, *argv) -> tuple[int, list[str], list[str]]:
    code = main(["export", NAME, *map(str, argv)])
    said = capsys.readouterr()
    return code, said.out.splitlines(), [line.strip() for line in said.err.splitlines()]


def table(path) -> list[list[str]]:
    return list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def roster(tmp_path, text, name="roster.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


# --- Canvas ---------------------------------------------------------------------------------------------------------


def test_canvas_gets_its_columns_its_points_row_and_the_assignments_own_heading(room, tmp_path, capsys):
    out = tmp_path / "out.csv"
    code, said, faults = run(capsys, "--to", "canvas", "--roster", roster(tmp_path, CANVAS), "--out", out)
    assert table(out) == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Lab 98: grading (4711)"],
        ["    Points Possible", "", "", "", "", "12"],
        ["Lovelace, Ada", "101", "s-1", "ada", "Mon", f"{ADA:g}"],
        ["Noether, Emmy", "102", "s-2", "emmy", "Mon", f"{EMMY:g}"],
    ]
    assert code == 1
    assert said == [f"2 students in {out}"]
    assert faults == [
        "ntklab: 2 faults:",
        "zoe: not in roster.csv, so left out: add a row, or name the column of ids with --id",
        f"grace: roster.csv line 5: nothing of {NAME} is graded, so left out: "
        "collect and grade a submission, or enter the points there",
    ]


def test_a_new_assignment_is_announced_and_another_points_possible_too(room, tmp_path, capsys):
    text = CANVAS.replace("Lab 98: grading (4711)", "Lab 98 (4711)").replace(f"{TOTAL + 5:g}", "100")
    _, _, faults = run(capsys, "--to", "canvas", "--roster", roster(tmp_path, text), "--out", tmp_path / "o.csv")
    assert "Lab 98 (4711): roster.csv says 100 points possible, the lab has 12: set them in Canvas" in faults
    text = CANVAS.replace("Lab 98: grading (4711)", "Lab 980 (4711)")
    _, said, _ = run(capsys, "--to", "canvas", "--roster", roster(tmp_path, text), "--out", tmp_path / "o.csv")
    assert table(tmp_path / "o.csv")[0][-1] == NAME
    assert f"Canvas makes a new assignment '{NAME}', unless one is called so" in said[1]
    run(
        capsys,
        "--to",
        "canvas",
        "--roster",
        roster(tmp_path, text),
        "--out",
        tmp_path / "o.csv",
        "--assignment",
        "X (9)",
    )
    assert table(tmp_path / "o.csv")[0][-1] == "X (9)"


def test_a_table_of_ones_own_serves_canvas(room, tmp_path, capsys):
    own = roster(
        tmp_path, "student,name,canvas_id,email\nada,Ada L,101,ada@example.org\nemmy,Emmy N,102,\nzoe,Zoe,103,\n"
    )
    code, _, faults = run(capsys, "--to", "canvas", "--roster", own, "--out", tmp_path / "o.csv")
    assert table(tmp_path / "o.csv") == [
        ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", NAME],
        ["    Points Possible", "", "", "", "", "12"],
        ["Ada L", "101", "", "ada@example.org", "", f"{ADA:g}"],
        ["Emmy N", "102", "", "emmy", "", f"{EMMY:g}"],
        ["Zoe", "103", "", "zoe", "", "3"],  # quadrupled calls doubled: 7 - 3 - 1
    ]
    assert (code, faults) == (0, [])


# --- Moodle ---------------------------------------------------------------------------------------------------------


def test_moodles_worksheet_comes_back_with_its_grades(room, tmp_path, capsys):
    sheet = roster(tmp_path, WORKSHEET.format(top="12.00"))
    code, said, faults = run(capsys, "--to", "moodle", "--roster", sheet, "--out", tmp_path / "o.csv")
    before, after = table(sheet), table(tmp_path / "o.csv")
    assert after[0] == before[0]
    assert [row[5] for row in after[1:]] == [f"{ADA:g}", f"{EMMY:g}"]
    assert [row[:5] + row[6:8] for row in after] == [row[:5] + row[6:8] for row in before]
    assert "Upload grading worksheet" in said[1]
    assert code == 1  # zoe
    assert len(faults) == 2


def test_moodles_maximum_grade_must_be_the_labs(room, tmp_path, capsys):
    sheet = roster(tmp_path, WORKSHEET.format(top="100.00"))
    _, _, faults = run(capsys, "--to", "moodle", "--roster", sheet, "--out", tmp_path / "o.csv")
    assert (
        "ada: roster.csv line 2: at most 100.00 points, the lab has 12: set the assignment's maximum grade in Moodle"
        in faults
    )


def test_moodles_csv_import_gets_id_number_and_email(room, tmp_path, capsys):
    text = (
        "First name,Surname,ID number,Email address,Groups\nAda,Lovelace,7,ada@example.org,A\n"
        "Emmy,Noether,8,emmy@example.org,A\nZoe,Z,zoe,z@example.org,A\n"
    )
    code, _, faults = run(capsys, "--to", "moodle", "--roster", roster(tmp_path, text), "--out", tmp_path / "o.csv")
    assert [line.split(":")[0] for line in faults[1:]] == [
        "ada",
        "emmy",
        "7",
        "8",
    ]  # their folders are called otherwise
    text = text.replace(",7,", ",ada,").replace(",8,", ",emmy,")
    code, said, faults = run(
        capsys,
        "--to",
        "moodle",
        "--roster",
        roster(tmp_path, text),
        "--out",
        tmp_path / "o.csv",
        "--assignment",
        "Lab 98",
    )
    assert table(tmp_path / "o.csv") == [
        ["First name", "Surname", "ID number", "Email address", "Lab 98"],
        ["Ada", "Lovelace", "ada", "ada@example.org", f"{ADA:g}"],
        ["Emmy", "Noether", "emmy", "emmy@example.org", f"{EMMY:g}"],
        ["Zoe", "Z", "zoe", "z@example.org", "3"],
    ]
    assert (code, faults) == (0, [])
    assert "map 'ID number' to the user and 'Lab 98' to the grade item" in said[1]


# --- the plain table and JSON -----------------------------------------------------------------------------------------


def test_the_plain_table_needs_no_roster(room, capsys):
    code, said, _ = run(capsys)
    assert code == 0
    path = room.course.folder / f"export-{NAME}-csv.csv"
    assert said == [f"3 students in {path}"]
    rows = {row["student"]: row for row in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8")))}
    assert rows["emmy"] == {
        "student": "emmy", "name": "", "automatic": "7", "automatic_max": "7", "manual": "3", "manual_max": "5",
        "late_penalty": "2", "score": "8", "max": "12", "waiting": "",
    }  # fmt: skip


def test_json_tells_the_same(room, tmp_path, capsys):
    own = roster(tmp_path, "id,name\nada,Ada L\nemmy,Emmy N\nkurt,Kurt G\n")
    code = main(["export", NAME, "--to", "csv", "--roster", str(own), "--out", str(tmp_path / "o.csv"), "--json"])
    value = json.loads(capsys.readouterr().out)
    assert code == 1
    assert set(value) == {"lab", "to", "file", "students", "faults", "notes"}
    assert (value["lab"], value["to"], value["file"]) == (NAME, "csv", str(tmp_path / "o.csv"))
    assert value["students"]["emmy"]["score"] == EMMY
    assert value["students"]["emmy"]["late_penalty"] == pytest.approx(0.2 * (TOTAL + 3))
    assert value["students"]["ada"]["name"] == "Ada L"
    assert [line.split(":")[0] for line in value["faults"]] == ["zoe", "kurt"]


def test_what_waits_for_a_mark_is_named(room, capsys):
    with room.course.gradebook() as book:
        grade = book.find_grade("why-twice", NAME, NAME, "zoe")
        grade.manual_score, grade.needs_manual_grade = None, True
        book.find_grade("why-twice", NAME, NAME, "ada").needs_manual_grade = True
        book.db.commit()
    try:
        code, _, faults = run(capsys)
        assert code == 1
        remedy = "mark it in the formgrader and export again"
        assert faults[1:] == [
            f"ada: {NAME}: why-twice has changed since it was marked and counts as before: {remedy}",
            f"zoe: {NAME}: why-twice waits for a mark and counts 0 here: {remedy}",
        ]
    finally:
        room.mark({"ada": 4.0, "zoe": 0.0})


# --- what spreadsheets and instructors get wrong ----------------------------------------------------------------------


def test_no_cell_becomes_a_formula(room, tmp_path, capsys):
    evil = '=HYPERLINK("http://192.0.2.1")'
    text = f'student,name,email\nada,"{evil.replace(chr(34), chr(34) * 2)}",+a@example.org\nemmy,@x,\nzoe,-Z,\n'
    for to in ("csv", "canvas", "moodle"):
        code, _, faults = run(capsys, "--to", to, "--roster", roster(tmp_path, text), "--out", tmp_path / "o.csv")
        cells = [cell for row in table(tmp_path / "o.csv") for cell in row]
        assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
        if to != "moodle":
            assert f"'{evil}" in cells
        assert code == 1
        assert sum("begins like a formula and is written as text" in line for line in faults) == 3
    assert plain("=1") == "'=1"


def test_two_folders_of_one_person(room, tmp_path, capsys):
    own = roster(tmp_path, "student,username,name\nada,emmy,Ada\nzoe,z,Zoe\n")
    code, _, faults = run(capsys, "--roster", own, "--out", tmp_path / "o.csv")
    assert "emmy: roster.csv line 2 is ada too, so left out: keep one folder" in faults
    assert code == 1


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["--to", "canvas"], "--to canvas needs the class list: --roster FILE (Canvas: Grades, Export)"),
        (
            ["--to", "moodle"],
            "--to moodle needs the class list: --roster FILE (Moodle: the assignment, Download grading",
        ),
        (["--to", "blackboard"], "invalid choice: 'blackboard'"),
        (["--out", "/nowhere/at/all.csv"], "cannot be written (No such file or directory)"),
    ],
)
def test_usage(room, capsys, argv, said):
    code, out, err = run(capsys, *argv)
    assert (code, out, len(err)) == (2, [], 1)
    assert said in err[0]


def test_nothing_graded(tmp_path, invented, monkeypatch, capsys):
    empty = open_classroom(tmp_path, invented.source)
    empty.configure()
    monkeypatch.setenv("NTKLAB_ROOT", str(tmp_path))
    code, _, err = run(capsys)
    assert code == 2
    assert f"nothing of {NAME} is graded in" in err[0]
    assert f"run `ntklab grade {NAME}` first" in err[0]
