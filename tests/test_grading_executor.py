"""One submission through sandbox and tests: a right answer gets its points in any style, a wrong one its reason."""

from __future__ import annotations

import grading_lab
import pytest

FULL = grading_lab.POINTS
TOTAL = sum(FULL.values())


def scores(outcome) -> dict[str, float]:
    return {name: result.score for name, result in outcome.exercises.items()}


def diagnosis(outcome, exercise="doubled") -> str:
    return outcome.exercises[exercise].diagnosis


def shown(outcome, key="doubled") -> str:
    return "\n".join(str(o.get("text", o.get("evalue"))) for o in outcome.outputs.get(key, []))


# --- points --------------------------------------------------------------------------------------------------------


def test_the_solution_scores_full(grade):
    outcome = grade()
    assert scores(outcome) == FULL
    assert (outcome.score, outcome.max) == (TOTAL, TOTAL)
    assert (outcome.status, outcome.reason) == ("graded", "")
    for result in outcome.exercises.values():
        assert result.diagnosis is None
        assert result.visible_passed == result.visible_total > 0


def test_the_untouched_notebook_scores_exactly_zero(grade, invented):
    outcome = grade(invented.student)
    assert outcome.score == 0
    assert outcome.status == "graded"
    for name, result in outcome.exercises.items():
        assert f"`{name}` is not written yet" in result.diagnosis


def test_visible_tests_alone_earn_nothing(grade):
    outcome = grade(
        doubled="def doubled(x):\n"
        "    table = {(3,): [2.0, -4.0, 1.0], (): 3.0}\n"
        "    return table.get(np.shape(x), np.zeros(np.shape(x)))"
    )
    result = outcome.exercises["doubled"]
    assert (result.visible_passed, result.visible_total, result.score) == (2, 2, 0.0)
    assert result.diagnosis == "some entries are wrong"  # the hidden tests', without a number


def test_a_recognised_mistake_is_named(grade):
    assert diagnosis(grade(doubled="def doubled(x):\n    return np.asarray(x) ** 2")) == "you squared x"


def test_a_mistake_that_only_hidden_inputs_show_is_named_too(grade):
    source = "def doubled(x):\n    x = np.asarray(x)\n    return x**2 if x.ndim == 2 else 2 * x"
    assert diagnosis(grade(doubled=source)) == "you squared x"


# --- fairness: what a right answer may look like ---------------------------------------------------------------------

RIGHT = {
    "warns": "import warnings\ndef doubled(x):\n    warnings.warn('careful')\n    return 2 * np.asarray(x)",
    "prints": "def doubled(x):\n    print('x is', x)\n    return 2 * np.asarray(x)\nprint(doubled(np.ones(2)))",
    "writes to stderr": "import sys\nsys.stderr.write('!' * 1000)\ndef doubled(x):\n"
    "    sys.stderr.write('!')\n    return 2 * np.asarray(x)",
    "numpy warns": "np.log(np.zeros(1))\ndef doubled(x):\n    np.log(np.zeros(1))\n    return 2 * np.asarray(x)",
    "a loop": "def doubled(x):\n    x = np.array(x, dtype=float)\n    for i in np.ndindex(x.shape):\n"
    "        x[i] = x[i] + x[i]\n    return x",
    "einsum": "def doubled(x):\n    return np.einsum('i,...->...', np.ones(2), x)",
    "a lambda": "doubled = lambda x: np.add(x, x)",
    "a class with __call__": "class Double:\n    def __call__(self, x):\n        return 2 * np.asarray(x)\n"
    "doubled = Double()",
    "a partial": "from functools import partial\ndoubled = partial(np.multiply, 2)",
    "float32": "def doubled(x):\n    return np.float32(2) * np.asarray(x, dtype=np.float32)",
    "lists": "def doubled(x):\n    return (2 * np.asarray(x)).tolist()",
    "changes its argument": "def doubled(x):\n    x = np.asarray(x)\n    if x.ndim:\n        x *= 2\n        return x\n"
    "    return 2 * x",
    "a decorator": "from functools import cache, wraps\ndef shout(f):\n    @wraps(f)\n    def g(x):\n"
    "        return f(x)\n    return g\n@shout\ndef doubled(x):\n    return 2 * np.asarray(x)",
    "magics and a shell": "%precision 3\n!true\ndef doubled(x):\n    return 2 * np.asarray(x)",
    "its own subprocess": "import subprocess, sys\ndef doubled(x):\n"
    "    subprocess.run([sys.executable, '-c', 'pass'], check=True)\n    return 2 * np.asarray(x)",
    "threads": "from concurrent.futures import ThreadPoolExecutor\ndef doubled(x):\n"
    "    with ThreadPoolExecutor(2) as pool:\n        return pool.submit(lambda: 2 * np.asarray(x)).result()",
    "files of its own": "import tempfile\ndef doubled(x):\n    with tempfile.TemporaryFile() as file:\n"
    "        np.save(file, 2 * np.asarray(x))\n        file.seek(0)\n        return np.load(file)",
    "ends with an error": "def doubled(x):\n    return 2 * np.asarray(x)\nprint(doubled(None))",
    "sys.exit in its cell": "import sys\ndef doubled(x):\n    return 2 * np.asarray(x)\nsys.exit(1)",
    "waits for input": "def doubled(x):\n    return 2 * np.asarray(x)\nname = input('your name? ')",
    "a global random state": "np.random.seed(0)\ndef doubled(x):\n    np.random.rand()\n    return 2 * np.asarray(x)",
}


@pytest.mark.parametrize("style", RIGHT)
def test_a_right_answer_of_another_style_scores_full(grade, style):
    outcome = grade(doubled=RIGHT[style])
    assert scores(outcome) == FULL, diagnosis(outcome)
    assert outcome.status == "graded"


def test_single_precision_numbers_are_held_to_single_precision(grade):
    source = "def summary(x, rng):\n    total = np.asarray(x, dtype=np.float32).sum()\n"
    source += "    word = 'positive' if total > 0 else 'negative'\n"
    source += "    return {'total': total, 'sign': word, 'draws': rng.normal(size=len(x))}"
    assert scores(grade(summary=source)) == FULL


def test_many_calls_leave_no_process_that_counts(grader):
    # a state that had ended used to stay as a zombie of the one it was forked from: 40 processes are allowed here
    assert grader.limits.processes == 40
    with grader.sandbox.session() as session:
        notebook = session.root.fork()
        notebook.run("def f(x):\n    return x", 5)
        for n in range(90):
            state = notebook.fork()
            assert state.call("f", (n,), {}, 5)[0] == {"op": "value"}
            state.end()


# --- notebooks as they are --------------------------------------------------------------------------------------------


def test_a_later_cell_cannot_clobber_an_answer(grade):
    last = grading_lab.SOURCE.split('exercise="summary"\n', 1)[1].split("\n\n\n# %%")[0]
    clobber = last.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")
    outcome = grade(summary=clobber + "\ndoubled = gram = None\nnp = None")
    assert scores(outcome) == {**FULL, "summary": 0.0}


def test_a_failure_that_another_exercise_causes_says_so_first(grade):
    outcome = grade(doubled="def doubled(x):\n    return 3 * np.asarray(x)")
    assert scores(outcome) == {**FULL, "doubled": 0.0, "quadrupled": 0.0}
    assert diagnosis(outcome, "quadrupled").startswith(
        "`doubled`, which your answer calls, fails its own tests: mend that first. "
    )
    assert "calls" not in diagnosis(outcome)


def test_demo_cells_run_only_when_an_answer_leans_on_them(grade):
    assert "helper" not in " ".join(grade().outputs)
    outcome = grade(doubled="def doubled(x):\n    return 2 * np.asarray(x)")
    assert scores(outcome) == FULL
    outcome = grade(gram="def gram(X):\n    return np.asarray(X) @ np.asarray(X).T + 0 * square(2.0)")
    assert diagnosis(outcome, "gram") == "it should raise ValueError here, but returned a value"


def test_figure_cells_are_skipped(grade):
    assert not any("RuntimeError" in shown(grade(), key) for key in ("figure-line", "line"))


# --- what a student reads ---------------------------------------------------------------------------------------------

WRONG = {
    "def doubled(x) return x": "your cell stops with SyntaxError: expected ':' (line 1)",
    "import nothing_of_this_name": "your cell stops with ModuleNotFoundError: No module named 'nothing_of_this_name'",
    "def twice(x):\n    return 2 * x": "there is no function called `doubled`: keep the name of the stub",
    "doubled = 2": "there is no function called `doubled`: keep the name of the stub",
    "def doubled(x):\n    pass": "it returned None: does the function end in `return`?",
    "def doubled(x):\n    return unknown": "NameError: name 'unknown' is not defined",
    "def doubled():\n    return 2": "it raised TypeError: doubled() takes 0 positional arguments but 1 was given",
    "def doubled(x):\n    return doubled(x)": "it raised RecursionError: maximum recursion depth exceeded",
    "def doubled(x):\n    raise NotImplementedError": "`doubled` is not written yet",
    "def doubled(x):\n    return lambda: 1": "it returned a function or class; an answer is made of numbers, strings",
    "def doubled(x):\n    return -2 * np.asarray(x)": "the sign is wrong",
    "def doubled(x):\n    return str(x)": "it should return numbers; it returned a string",
    "def doubled(x):\n    exit()": "it raised",
}


@pytest.mark.parametrize("source", WRONG)
def test_a_wrong_answer_gets_its_reason(grade, source):
    outcome = grade(doubled=source)
    assert (scores(outcome)["doubled"], scores(outcome)["gram"]) == (0.0, 2.0)
    assert diagnosis(outcome).startswith(WRONG[source])
    assert outcome.status == "graded"


def test_the_students_own_output_and_error_are_kept(grade):
    outcome = grade(doubled="print('before')\nimport sys; print('aside', file=sys.stderr)\n1 / 0")
    text = shown(outcome)
    assert "before" in text
    assert "aside" in text
    assert "division by zero" in text


def test_a_cell_may_show_much_without_being_stopped(grade):
    outcome = grade(gram=right_gram() + "\nfor _ in range(49):\n    display('é' * 5000)\nprint('ü' * 70000)")
    assert outcome.score == TOTAL
    assert shown(outcome, "gram").count("cut)") >= 1
    pictures = (
        "\nfrom IPython.display import Image\nfor _ in range(9):\n    display(Image(b'\\x89PNG' + bytes(700_000)))"
    )
    assert grade(gram=right_gram() + pictures).score == TOTAL


def right_gram() -> str:
    return "def gram(X):\n    if np.ndim(X) != 2:\n        raise ValueError('a matrix')\n    return X @ np.transpose(X)"


def test_hidden_diagnoses_hold_nothing_the_answer_chose(grade):
    tell = "def doubled(x):\n    x = np.asarray(x)\n    if x.ndim < 2:\n        return 2 * x\n    "
    for rest in (
        "raise ValueError(str(x))",
        "return type('T' + str(x.flat[0]), (), {})()",
        "return np.zeros((0, int(abs(x.flat[0]) * 1e6)))",
        "return [0.0] * int(abs(x.flat[0]) * 1e3)",
        "return np.where(np.arange(6).reshape(3, 2) < 2, 0, 2 * x)",
    ):
        said = diagnosis(grade(doubled=tell + rest))
        assert not any(char.isdigit() for char in said), said
        assert "T" not in said
