"""Class lists: which column holds the ids, whatever the spreadsheet wrote, and what is wrong with a row."""

from __future__ import annotations

import pytest

from ntklab._course import UsageError
from ntklab.grading.roster import read_roster

CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,Lab 97 (11),Lab 98: grading (4711),Current Score
    Points Possible,,,,,5,12,(read only)
"Lovelace, Ada",101,s-1,ada,Mon,5,,90
"Noether, Emmy",102,s-2,emmy,Mon,4,,80
"Hopper, Grace",103,s-3,grace,Tue,3,,70
"Student, Test",999,,9e1f,,,,
"""


def roster(tmp_path, text, name="roster.csv", encoding="utf-8"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("ids", ["ID", "SIS User ID", "SIS Login ID"])
def test_submissions_may_lie_under_any_of_canvas_ids(tmp_path, ids):
    people = read_roster(roster(tmp_path, CANVAS), ids).people
    assert len(people) == 3  # neither the row of points nor Canvas's test student
    assert [p.name for p in people.values()] == ["Lovelace, Ada", "Noether, Emmy", "Hopper, Grace"]
    found = read_roster(roster(tmp_path, CANVAS), ids)
    assert {found.find(key).cells["ID"] for key in ("101", "s-1", "ada", "ADA")} == {"101"}
    assert found.find("nobody") is None


def test_semicolons_and_another_encoding(tmp_path):
    text = CANVAS.replace('"', "").replace(", ", "@").replace(",", ";").replace("@", ", ").replace("Noether", "Nöther")
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        people = read_roster(roster(tmp_path, text, encoding=encoding)).people
        assert people["emmy"].name == "Nöther, Emmy"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "holds no table"),
        ("name,grade\nAda,1\n", "has no column of ids: name one 'student'"),
        ("student,name\n", "names nobody"),
        ("PK\x03\x04", "is no CSV file: export it"),
    ],
)
def test_a_roster_that_is_none(tmp_path, text, said):
    with pytest.raises(UsageError, match=said):
        read_roster(roster(tmp_path, text))


def test_a_roster_with_odd_rows_names_them(tmp_path):
    found = read_roster(roster(tmp_path, "student,name\nada,Ada\n,Nobody\nada,Ada again\n\nemmy,Emmy\n"))
    assert list(found.people) == ["ada", "emmy"]
    assert found.people["emmy"].line == 6
    assert found.faults == [
        "Nobody: roster.csv line 3: no 'student': fill it in",
        "ada: roster.csv line 4: already on line 2: delete one",
    ]
    with pytest.raises(UsageError, match="has no column 'matricle': it has student, name"):
        read_roster(roster(tmp_path, "student,name\nada,Ada\n"), "matricle")
    with pytest.raises(UsageError, match="cannot be read"):
        read_roster(tmp_path / "nowhere.csv")


def test_the_first_column_of_ids_that_is_filled_is_taken(tmp_path):
    text = CANVAS.replace("s-2,emmy", "s-2,")
    assert list(read_roster(roster(tmp_path, text)).people) == ["s-1", "s-2", "s-3"]  # not everybody has a login
    assert list(read_roster(roster(tmp_path, text), "sis login id").people) == ["ada", "grace"]
