"""Test cells must run where only the setup cell has run, and pass values only."""

from __future__ import annotations

import ast

import pytest
import tiny_lab

from ntklab import authoring
from ntklab.authoring.testcells import bound, free, problems_in_tests
from ntklab.lab import withheld


def problems(tmp_path, old="", new=""):
    assert old in tiny_lab.SOURCE
    text = tiny_lab.SOURCE.replace(old, new, 1) if old else tiny_lab.SOURCE
    return problems_in_tests(authoring.source_notebook(tiny_lab.write(tmp_path, text)))


def test_the_tiny_lab_is_clean(tmp_path):
    assert problems(tmp_path) == []


CALL = 't.close("by hand", lambda: added(1.0, 2.0), 3.0)'


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            CALL,
            CALL.replace("1.0,", "X[0],"),
            "cell 'added-visible': uses the name 'X', which is neither in the setup cell",
        ),
        (CALL, f"import scipy\n{CALL}", "cell 'added-visible': imports scipy: test cells use ntklab and NumPy"),
        (CALL, f"from torch import tensor\n{CALL}", "imports torch: test cells use ntklab and NumPy"),
        (CALL, CALL.replace("1.0,", "lambda: 1,"), "passes a lambda to added: only values may cross, never functions"),
        (CALL, CALL.replace("1.0,", "np.sin,"), "passes np.sin to added"),
        (CALL, CALL.replace("1.0,", "[1, doubled],"), "passes the function doubled to added"),
        (CALL, CALL.replace("1.0, 2.0", "1.0, b=f").join(["f = lambda: 1\n", ""]), "passes the function f to added"),
        (CALL, CALL.replace("2.0)", "2.0)()"), "calls what added returns: only values may cross"),
        (CALL, "", "cell 'added-visible': checks nothing: use t.close, t.holds or t.raises"),
        ('t = lab.tests("added")', 't = lab.tests("doubled")', "opens lab.tests('doubled'), not lab.tests('added')"),
        ('t = lab.tests("added")', 't = lab.tests("added", hidden=True)', "not lab.tests('added')"),
        ('t = lab.tests("added", hidden=True)', 't = lab.tests("added")', "not lab.tests('added', hidden=True)"),
        ('t = lab.tests("added")', "", "opens 0 times `lab.tests('added')`, not once"),
        (f"{CALL}\nt.report()", CALL, "does not end with t.report(): without it a wrong answer passes"),
        (f"{CALL}\nt.report()", f"t.report()\n{CALL}\nt.report()", "calls report() more than once"),
        (CALL, f'lab.reference("kernels.ntk")\n{CALL}', "visible tests use hand values and laws, never lab.reference"),
        (CALL, f"%time 1\n{CALL}", "cell 'added-visible' is not plain Python"),
    ],
)
def test_each_rule_that_a_test_cell_breaks_is_named(tmp_path, old, new, message):
    found = problems(tmp_path, old, new)
    assert any(message in line for line in found), found


def test_a_name_of_an_earlier_test_cell_is_foreign(tmp_path):
    # X is set in doubled's hidden cell; added's runs alone
    old = "pair = t.rng.normal(size=2)\n"
    assert "uses the name 'X'" in problems(tmp_path, old, f"{old}pair = pair + X[:2]\n")[0]


def test_names_bound_in_comprehensions_functions_and_loops_are_the_cells_own(tmp_path):
    new = (
        "def helper(v, *rest, w=1):\n    k = v + w\n    return k\n\n\n"
        "for i, j in [(1, 2)]:\n    values = [helper(z) + i + j for z in range(3) if (y := z) >= 0]\n"
        "with np.errstate(all='ignore') as state:\n    total = sum(values)\n"
        f"{CALL}"
    )
    assert problems(tmp_path, CALL, new) == []


def test_withheld_functions_are_named_in_every_cell(tmp_path, monkeypatch):
    monkeypatch.setattr(withheld, "WITHHELD", {tiny_lab.NAME: {"kernels.relu_kappa": "doubled"}})
    new = f"from ntklab.kernels import relu_kappa\n{CALL}"
    assert "cell 'added-visible': uses kernels.relu_kappa, which this lab withholds" in problems(tmp_path, CALL, new)[0]
    demo = 'print("twice two is", doubled(np.array([2.0]))[0])'
    found = problems(tmp_path, demo, "import ntklab\n\nntklab.kernels.relu_kappa(1.0)")
    assert "cell 'demo-once': uses kernels.relu_kappa, which this lab withholds" in found[0]


def test_bound_and_free():
    tree = ast.parse("import a.b as c, d.e\nx, (y, *z) = f(u)\nlambda p: p + q\n[r for r in s]\nx += 1")
    assert bound(tree) == {"c", "d", "x", "y", "z"}
    assert free(tree) - bound(tree) == {"f", "u", "q", "s"}
