"""What a lab withholds: in this process, in the copy for the sandbox, and whatever would give it away."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import numpy as np
import pytest

import ntklab
from ntklab import gaussian, kernels, lab
from ntklab.lab import sources, stand_ins, stripping, withheld
from ntklab.lab.checks import hidden_inputs_from

LAB03 = "lab03-two-layer-ntk"

# --- an invented library -------------------------------------------------------------------------------------

FILES = {
    "__init__.py": "_MODULES = ('area', 'shapes')\n",
    "_check.py": "def positive(v):\n    return v\n",
    "area/__init__.py": (
        "from ntklab.area.circle import circle_area, Disc\nfrom ntklab.area.square import square_area\n"
        "__all__ = ['Disc', 'circle_area', 'square_area']\n"
    ),
    "area/circle.py": (
        '"""The area is pi r^2."""\nfrom ntklab._check import positive\nfrom ntklab.area import engine as e\n'
        "# secret comment\n_TABLE = {'r2': lambda r: r * r}\nLIMIT = 3\n"
        "def circle_area(r):\n    '''pi r^2'''\n    return e.pi() * _square(positive(r)) * _TABLE['r2'](1)\n"
        "def _square(r):\n    return shared(r) * r\n"
        "def shared(r):\n    return r\n"
        "def unrelated():\n    return 7\n"
        "class Disc:\n    '''A disc.'''\n    def __init__(self, r):\n        self.r = r\n"
        "    def area(self):\n        return circle_area(self.r)\n"
    ),
    "area/engine.py": "def pi():\n    from ntklab.area.digits import digits\n    return digits()\n",
    "area/digits.py": "def digits():\n    return 3.14159\n",
    "area/square.py": "from .circle import shared\ndef square_area(a):\n    return shared(a) * a\n",
    "shapes.py": (
        "import ntklab.area\nfrom ntklab.area import circle_area as ca\nfrom ntklab.area.engine import pi\n"
        "def ring(a, b):\n    return ca(b) - ntklab.area.circle_area(a)\n"
        "def half_turn():\n    return pi()\n"
    ),
}


@pytest.fixture
def library(tmp_path):
    folder = tmp_path / "ntklab"
    for name, text in FILES.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def names(folder, monkeypatch, table, kept=()):
    monkeypatch.setattr(withheld, "WITHHELD", {"lab": table})
    monkeypatch.setattr(withheld, "KEPT", tuple(kept))
    return {f"{module.removeprefix('ntklab.')}.{name}" for module, name in withheld.closure("lab", folder)}


def test_what_a_withheld_function_uses_goes_with_it(library, monkeypatch):
    # its helpers in other files and inside functions, but neither `_check` nor what is not its own
    assert names(library, monkeypatch, {"area.circle_area": "x"}) == {
        "area.circle.circle_area",
        "area.circle._square",
        "area.circle._TABLE",
        "area.circle.shared",
        "area.engine.pi",
        "area.digits.digits",
    }


def test_what_something_kept_needs_stays(library, monkeypatch):
    found = names(library, monkeypatch, {"area.circle_area": "x", "area.square_area": None})
    assert "area.circle.shared" not in found
    assert "area.circle._square" in found


def test_a_public_function_that_uses_an_engine_does_not_save_it(library, monkeypatch):
    # shapes.half_turn is not withheld, but it would hand out pi: it must fail when called
    found = names(library, monkeypatch, {"area.circle_area": "x"})
    assert "area.engine.pi" in found
    assert "shapes.half_turn" not in found
    assert "area.engine.pi" not in names(library, monkeypatch, {"area.circle_area": "x", "shapes.half_turn": None})
    assert "area.engine.pi" not in names(library, monkeypatch, {"area.circle_area": "x"}, kept=["shapes.*"])


def test_a_star_takes_everything_public_but_what_is_named_none(library, monkeypatch):
    found = names(library, monkeypatch, {"area.*": "x", "area.square_area": None})
    assert {"area.circle.circle_area", "area.circle.Disc"} <= found
    assert "area.square.square_area" not in found
    assert "area.circle.unrelated" not in found  # private and unused by anything withheld


def test_a_name_of_its_own_says_its_own_exercise(library, monkeypatch):
    monkeypatch.setattr(withheld, "WITHHELD", {"lab": {"area.*": "any", "area.circle_area": "own"}})
    found = withheld.closure("lab", library)
    assert found["ntklab.area.circle", "circle_area"] == ("area.circle_area", "own")
    assert found["ntklab.area.square", "square_area"] == ("area.square_area", "any")
    assert found["ntklab.area.digits", "digits"] == ("area.circle_area", "own")  # helpers speak of what they help


def test_a_private_name_can_be_withheld_by_its_path(library, monkeypatch):
    assert names(library, monkeypatch, {"area.circle.unrelated": "x"}) == {"area.circle.unrelated"}


def test_an_attribute_or_entry_set_later_does_not_hide_a_function(library, monkeypatch):
    square = library / "area" / "square.py"
    square.write_text(square.read_text(encoding="utf-8") + "square_area.__test__ = False\n", encoding="utf-8")
    circle = library / "area" / "circle.py"
    circle.write_text(circle.read_text(encoding="utf-8") + "_TABLE['r3'] = 3\n", encoding="utf-8")
    found = names(library, monkeypatch, {"area.*": "x"})
    assert {"area.square.square_area", "area.circle._TABLE"} <= found


def test_a_table_that_names_what_is_not_there(library, monkeypatch):
    with pytest.raises(ValueError, match=r"the library has no area\.triangle: mend WITHHELD"):
        names(library, monkeypatch, {"area.triangle": "x"})
    with pytest.raises(ValueError, match="no lab is called 'lob': did you mean 'lab'"):
        withheld.closure("lob", library)


def test_a_stripped_file_keeps_nothing_of_its_text(library, tmp_path):
    found = {("ntklab.area.circle", name): "say this" for name in ("circle_area", "_square", "_TABLE", "Disc")}
    (library / "area" / "__pycache__").mkdir()
    (library / "area" / "__pycache__" / "circle.cpython-311.pyc").write_bytes(b"secret")
    target = stripping.copy_without(sources.Library(library), found, tmp_path / "copy" / "ntklab")
    text = (target / "area" / "circle.py").read_text(encoding="utf-8")
    for secret in ("r^2", "secret comment", "r * r", "shared(r) * r", "self.r = r", "A disc"):
        assert secret not in text
    assert text.count("say this") == 5  # two functions, one lambda, two methods
    assert "return 7" in text
    assert "LIMIT = 3" in text
    assert not list(target.rglob("*.pyc"))
    tree = ast.parse(text)
    arguments = {n.name: len(n.args.args) for n in ast.walk(tree) if isinstance(n, ast.FunctionDef)}
    assert arguments == {"circle_area": 1, "_square": 1, "shared": 1, "unrelated": 0, "__init__": 2, "area": 1}
    assert (target / "area" / "square.py").read_text(encoding="utf-8") == FILES["area/square.py"]


# --- lab 3, in this process ----------------------------------------------------------------------------------


@pytest.fixture
def started():
    lab.start(LAB03)
    yield
    stand_ins.lift()


def test_a_withheld_function_says_who_is_to_write_it(started):
    with pytest.raises(lab.WithheldError, match="you are asked to write this yourself in exercise relu_kappa"):
        kernels.relu_kappa(np.ones(2))
    with pytest.raises(lab.WithheldError, match="exercise gaussian_expectation"):
        gaussian.gaussian_expectations("relu", np.ones(2), np.eye(2), np.ones(2))


def test_every_module_that_holds_the_function_is_patched(started):
    for name, module in list(sys.modules.items()):
        if name.startswith("ntklab.") and hasattr(module, "nngp_and_ntk"):
            with pytest.raises(lab.WithheldError, match="exercise relu_ntk"):
                module.nngp_and_ntk(np.eye(2), mlp=kernels.MLP())


def test_the_reference_still_works_and_gives_nothing_back_for_good(started):
    kappa = lab.reference("kernels.relu_kappa")
    np.testing.assert_allclose(kappa(np.array([1.0, 0.0, -1.0])), [1, 1 / (2 * np.pi), 0], atol=1e-15)
    ntk = lab.reference("ntklab.kernels.ntk")  # its private engine is withheld too
    np.testing.assert_allclose(ntk(np.eye(2), mlp=kernels.MLP()), np.array([[2.0, 1 / np.pi], [1 / np.pi, 2.0]]))
    with pytest.raises(ValueError, match="must have 2 axes"):
        ntk(np.ones(2), mlp=kernels.MLP())
    with pytest.raises(lab.WithheldError, match="exercise relu_kappa"):
        kernels.relu_kappa(np.ones(2))  # also after an error in the reference


def test_a_reference_may_call_another(started):
    outer = lab.reference("kernels.two_layer_ntk")
    assert outer(np.eye(1)).item() == pytest.approx(1.0)
    inner = lab.reference("kernels.arc_cosine")
    assert outer(inner(np.eye(1))).item() == pytest.approx(0.25)
    with pytest.raises(lab.WithheldError, match="exercise relu_ntk"):
        kernels.two_layer_ntk(np.eye(1))


def test_a_reference_within_a_reference_takes_nothing_back_too_early(started):
    with stand_ins._given_back():
        with stand_ins._given_back():
            pass
        assert kernels.relu_kappa(np.ones(1)).item() == 1.0
    with pytest.raises(lab.WithheldError, match="exercise relu_kappa"):
        kernels.relu_kappa(np.ones(1))


def test_starting_twice_and_lifting_leaves_no_trace(started):
    before = kernels.relu_kappa
    lab.start(LAB03)
    with pytest.raises(lab.WithheldError):
        kernels.relu_kappa(np.ones(1))
    assert not hasattr(kernels.relu_kappa, "__wrapped__")  # the original cannot be had from the stand-in
    stand_ins.lift()
    assert kernels.relu_kappa is not before
    assert kernels.relu_kappa(np.ones(1)).item() == 1.0


def test_a_class_is_withheld_and_given_back_with_the_constructor_it_had(monkeypatch):
    from ntklab.depth import GaussianAverage
    from ntklab.empirical.features import LayerFeatures  # a NamedTuple: no constructor of its own

    own = vars(GaussianAverage)["__init__"]
    lab.start(LAB03)
    try:
        for call in (lambda: GaussianAverage(abs), lambda: LayerFeatures(1, 2)):
            with pytest.raises(lab.WithheldError, match="you are asked to write this"):
                call()
    finally:
        stand_ins.lift()
    assert vars(GaussianAverage)["__init__"] is own
    assert "__init__" not in vars(LayerFeatures)


def test_what_the_lab_uses_stays(started):
    from ntklab import datasets, networks

    assert gaussian.activation("relu").f(np.array([-1.0, 2.0])).tolist() == [0.0, 2.0]
    net = networks.NTKNet(d=3, width=4, activation=gaussian.activation("erf"))
    assert net(np.ones((2, 3))).shape == (2, 1)
    assert kernels.linear_kernel(np.eye(2)).tolist() == [[1.0, 0.0], [0.0, 1.0]]
    assert datasets.digits()[0].shape == (1797, 64)


def test_reference_of_what_is_not_there_or_not_withheld():
    assert lab.reference("kernels.MLP") is kernels.MLP
    assert lab.reference("kernels.linear_kernel")(np.eye(1)).item() == 1.0
    with pytest.raises(ValueError, match=r"the library has no kernels\.nothing: give a public name"):
        lab.reference("kernels.nothing")
    with pytest.raises(ValueError, match=r"the library has no nowhere\.f"):
        lab.reference("nowhere.f")


def test_nothing_is_withheld_on_the_graders_trusted_side():
    with hidden_inputs_from(b"secret"):
        lab.start(LAB03)
        assert kernels.relu_kappa(np.ones(1)).item() == 1.0


def test_an_unknown_lab_cannot_be_started():
    with pytest.raises(ValueError, match=r"no lab is called 'lab03': did you mean 'lab03-two-layer-ntk'\?"):
        lab.start("lab03")


@pytest.mark.parametrize("name", withheld.WITHHELD)
def test_every_table_names_what_the_library_has_and_exercises_of_the_lab(name):
    told = withheld.closure(name)
    assert told
    exercises = {exercise for _, exercise in told.values()}
    source = Path(ntklab.__file__).parents[1] / "solutions" / name / f"{name}.py"
    if source.is_file():
        text = source.read_text(encoding="utf-8")
        assert all(f'role="answer" exercise="{exercise}"' in text for exercise in exercises)
