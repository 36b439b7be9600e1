"""Percent source to source notebook: ids, metadata, pictures, the same bytes every time, and what bad sources get."""

from __future__ import annotations

import tiny_lab

from ntklab import authoring


def test_two_builds_are_equal_to_the_byte(tmp_path):
    path = tiny_lab.write_with_picture(tmp_path)
    first, second = (authoring.source_notebook(path) for _ in range(2))
    assert authoring.notebook_bytes(first) == authoring.notebook_bytes(second)
    students = [authoring.notebook_bytes(authoring.student_notebook(nb)) for nb in (first, second)]
    assert students[0] == students[1]


def test_nothing_of_jupytext_is_left(tmp_path):
    raw = authoring.notebook_bytes(authoring.source_notebook(tiny_lab.write(tmp_path)))
    assert b"jupytext" not in raw
    assert b"lines_to_next_cell" not in raw
