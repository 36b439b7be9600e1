"""What every lab must have: each thing taken away from the tiny lab is missed by name."""

from __future__ import annotations

import pytest
import tiny_lab

from ntklab import authoring
from ntklab.authoring.structure import ingredients, structure


def problems(tmp_path, old="", new="", automatic=3, by_hand=3):
    assert old in tiny_lab.SOURCE
    text = tiny_lab.SOURCE.replace(old, new, 1) if old else tiny_lab.SOURCE
    source = authoring.source_notebook(tiny_lab.write(tmp_path, text), pictures=False)
    return structure(source, automatic=automatic, by_hand=by_hand)


def between(start, end):
    text = tiny_lab.SOURCE
    return text[text.index(start) : text.index(end)]


def test_the_tiny_lab_lacks_nothing(tmp_path):
    assert problems(tmp_path) == []


def test_a_lab_has_twenty_points_and_five_by_hand(tmp_path):
    assert problems(tmp_path, automatic=20, by_hand=5) == [
        "the exercises are worth 3 points together, not 20",
        "the written questions are worth 3 points together, not 5",
    ]


VISIBLE = between('# %% role="visible" exercise="doubled"', '# %% role="hidden" exercise="doubled"')
HIDDEN = between('# %% role="hidden" exercise="doubled"', '# %% [markdown] role="hints" exercise="doubled"')
HINT = between("# <details><summary>Hint 2", "# <details><summary>Hint 3")
SETUP = between('# %% role="setup"', "# %% [markdown]\n# ## Exercise 1")
SCHEME = between("# ### BEGIN MARK SCHEME", '# %% role="quiz"')


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (VISIBLE, "", "doubled: it has no visible tests"),
        (HIDDEN, "", "doubled: it has no hidden tests (they carry the points)"),
        (HINT, "", "doubled: it has 2 hints, not 3 (<details><summary>Hint 1 · concept</summary> ...)"),
        ("Difficulty ●○○ · 3", "3", "doubled: its text does not say its difficulty (such as: Difficulty ●●○)"),
        ("3 minutes · 2", "2", "doubled: its text does not say how many minutes it takes (such as: 10 minutes)"),
        ("· 2 points", "· 4 points", "doubled: its text says 4 points, its hidden cell 2"),
        ('exercise="doubled" points=2', 'exercise="doubled" points=0', "doubled: its hidden tests are worth no points"),
        (
            "# Hidden tests: fresh inputs and zero.\n",
            "",
            "doubled: its hidden cell would be handed out empty: begin it with one comment line",
        ),
        (SETUP, "", 'there is no setup cell: the first code cell needs role="setup"'),
        ("#     minutes: 5\n", "", "the header has no ntklab: minutes"),
        (SCHEME, "\n", "why-twice: a written question needs ### BEGIN MARK SCHEME ... ### END MARK SCHEME"),
        (
            'role="hints" exercise="added"',
            'role="hints" exercise="add"',
            "cell 'add-hints' belongs to no exercise: no answer cell is called 'add'",
        ),
        (
            "POINTS = np.array([1.0, 2.0, 4.0])",
            "# BEGIN HIDDEN TESTS\n# END HIDDEN TESTS",
            "cell 'setup': BEGIN HIDDEN TESTS belongs in a cell with role hidden",
        ),
        (
            "### BEGIN HIDDEN TESTS",
            "###",
            "cell 'doubled-hidden': END HIDDEN TESTS has no BEGIN HIDDEN TESTS before it",
        ),
        # stubs
        (
            'def doubled(x):\n    """Twice x."""\n    ### BEGIN SOLUTION',
            '### BEGIN SOLUTION\ndef doubled(x):\n    """Twice x."""',
            "doubled: the stub defines no function doubled: leave its `def` line outside the solution",
        ),
        ("def doubled(x):", "def double(x):", "doubled: the answer cell defines no function doubled"),
        ('    """Twice x."""\n', "", "doubled: the stub has no docstring: say what comes in and out, with shapes"),
        (
            "    ### BEGIN SOLUTION\n    amount_added = np.multiply(x, 1.0)\n    return np.asarray(x) + amount_added\n"
            "    ### END SOLUTION\n",
            "    return np.asarray(x)\n",
            "doubled: the answer cell has no ### BEGIN SOLUTION ... ### END SOLUTION",
        ),
        # pictures
        (
            "Twice a number, and",
            "![](a.png) and",
            "cell 'text-000': the picture a.png has no alt text: ![what it shows](...)",
        ),
        (
            "Twice a number, and",
            "![x](https://a.org/b.png) and",
            "cell 'text-000': the picture https://a.org/b.png would be fetched: put the file beside",
        ),
        ("Twice a number, and", "<img src='a.png'> and", "cell 'text-000': an <img> has no alt text"),
    ],
)
def test_each_thing_that_lacks_is_named(tmp_path, old, new, message):
    assert message in problems(tmp_path, old, new)


def test_a_solution_outside_the_function_leaves_a_stub_that_does_not_raise(tmp_path):
    old = between("def doubled(x):", '# %% role="visible" exercise="doubled"')
    new = 'def doubled(x):\n    """Twice x."""\n\n\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION\n\n\n'
    assert problems(tmp_path, old, new) == [
        "doubled: the stub does not raise NotImplementedError: put the solution region into the function's body"
    ]


def test_a_second_definition_with_other_arguments_is_no_match(tmp_path):
    old = "    ### BEGIN SOLUTION\n    amount_added"
    new = "    ### BEGIN SOLUTION\n    )\n    amount_added"
    (line,) = [line for line in problems(tmp_path, old, new) if "valid Python" in line]
    assert line.startswith("doubled: the answer cell is not valid Python")


def test_what_the_syllabus_asks_of_every_lab(tmp_path):
    source = authoring.source_notebook(tiny_lab.write(tmp_path))
    assert ingredients(source) == [
        "the lab lacks 5 to 7 exercises (it has 2)",
        "the lab lacks two figures that the student's functions draw",
        "the lab lacks an expected picture to compare with",
        "the lab lacks an interactive figure (lab.slider)",
        "the lab lacks a GPU cell",
        'the lab lacks a "predict, then run" prompt',
        "added: worth 1 points, not 2 to 4",
    ]
    source.metadata.ntklab["lab"] = "lab01-kernel-trick"
    assert "the lab lacks a GPU cell" not in ingredients(source)


def test_a_picture_counts_embedded_or_not(tmp_path):
    path = tiny_lab.write_with_picture(tmp_path)
    for pictures in (True, False):
        source = authoring.source_notebook(path, pictures=pictures)
        assert "the lab lacks an expected picture to compare with" not in ingredients(source)
