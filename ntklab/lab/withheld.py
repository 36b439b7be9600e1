"""Library functions that a lab asks the student to write: withheld in that lab, with whatever gives them away.

In the student's own Jupyter and on the grader's trusted side :func:`withhold` puts a function that raises in place of
each, and :func:`reference` still finds the true one. The grader's sandbox gets a copy of the library without the
bodies (:func:`stripped_copy`). Both take the same set, :func:`closure`, so an answer that works in Jupyter works when
it is graded.
"""

from __future__ import annotations

import contextlib
import difflib
import functools
import importlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NoReturn

from ntklab.lab.checks import AnswerError
from ntklab.lab.sources import Library, Node
from ntklab.lab.stripping import copy_without

__all__ = ["WITHHELD", "WithheldError", "closure", "reference", "stripped_copy", "withheld_names", "withhold"]

# lab -> public name, or "module.*" for all that a module makes public -> the exercise that asks for it.
# None keeps a name that a "*" would take, with all it needs; _KEPT is kept in every lab. Private helpers follow by
# themselves: whatever a withheld function uses goes too, unless something kept needs it.
WITHHELD: dict[str, dict[str, str | None]] = {
    "lab01-kernel-trick": {
        "kernels.gaussian_kernel": "gaussian_kernel",
        "kernels.linear_kernel": None,
        "regression.*": "kernel_predict",
        "regression.estimator.KernelRegressor": "kernel_predict",
        "regression.linear_regression": "linear_regression",
        "dynamics.*": "kernel_predict",
        "bounds.*": "kernel_predict",
        "learnability.*": "kernel_predict",
        "interpolation.*": "kernel_predict",
        "experiments.*": "kernel_predict",
    },
    "lab02-lazy-regime": {
        "dynamics.*": "gradient_descent",
        "dynamics.gd_limit": "gd_limit",
        "dynamics.verify_gd_limit": "gd_limit",
        "dynamics.max_stable_step": "max_stable_step",
        "dynamics.residual_after": "residual_after",
        "dynamics.newton_step": "newton_step",
        "dynamics.newton_tensor": "newton_step",
        "dynamics.cross_entropy_limit": "newton_step",
        "dynamics.predict_at_time": "newton_step",
        "dynamics.posterior_at_time": "newton_step",
        "dynamics.softmax": None,
        "dynamics.soft_labels": None,
        "dynamics.error_factor": None,
        "dynamics.training_loss": None,
        "regression.*": "newton_step",
        "regression.estimator.KernelRegressor": "newton_step",
        "interpolation.*": "newton_step",
        "experiments.*": "newton_step",
        "empirical.laziness": "laziness",
        "empirical.lazy_criterion": "laziness",
        "empirical.empirical_ntk": None,
        "empirical.kernel_drift": None,
        "empirical.representation_change": None,
        "empirical.verify_network_limit": None,
    },
    "lab03-two-layer-ntk": {
        "gaussian.*": "gaussian_expectation",
        "gaussian.activation": None,
        "gaussian.Activation": None,
        "kernels.*": "relu_ntk",
        "kernels.arc_cosine": "arc_cosine_kernels",
        "kernels.relu_kappa": "relu_kappa",
        "kernels.MLP": None,
        "kernels.gaussian_kernel": None,
        "kernels.linear_kernel": None,
        "empirical.*": "finite_width_ntk",
        "depth.*": "gaussian_expectation",
        "depth.fit_exponent": "convergence_slope",
        "interpolation.*": "relu_ntk",
        "experiments.*": "finite_width_ntk",
    },
    "lab04-wide-networks": {
        "regression.*": "ntk_predict",
        "regression.estimator.KernelRegressor": "ntk_predict",
        "regression.linear_regression": None,
        "dynamics.newton_step": "ntk_predict",
        "dynamics.train_outputs": "output_at_time",
        "dynamics.predict_at_time": "output_at_time",
        "dynamics.posterior_at_time": "output_at_time",
        "dynamics.gradient_descent": None,
        "dynamics.sgd": None,
        "dynamics.gd_limit": None,
        "dynamics.max_stable_step": None,
        "dynamics.residual_after": None,
        "interpolation.*": "ntk_predict",
        "networks.train_ensemble": "train_network",
        "empirical.empirical_ntk": None,
        "empirical.laziness": None,
        "empirical.lazy_criterion": None,
        "empirical.verify_network_limit": None,
        "empirical.kernel_drift": "kernel_drift",
        "empirical.representation_change": "representation_change",
        "experiments.*": "digits_experiment",
    },
    "lab05-ensembles": {
        "kernels.nngp": "deep_relu_kernels",
        "kernels.ntk": "deep_relu_kernels",
        "kernels.nngp_and_ntk": "deep_relu_kernels",
        "kernels.arc_cosine": None,
        "kernels.relu_kappa": None,
        "gaussian.*": None,
        "empirical.*": None,
        "depth.*": "deep_relu_kernels",
        "interpolation.*": "deep_relu_kernels",
        "regression.*": "ensemble_covariance",
        "regression.linear_regression": None,
        "regression.kernel_regression": "ensemble_mean",
        "regression.estimator.KernelRegressor": "ensemble_mean",
        "regression.fit_streaming": "ensemble_mean",
        "regression.StreamedRegression": "ensemble_mean",
        "regression.bayesian_posterior": "bayesian_posterior",
        "regression.bias_variance": "bias_variance",
        "regression.expected_loss": "expected_loss",
        "dynamics.newton_step": "ensemble_mean",
        "dynamics.predict_at_time": "ensemble_mean",
        "dynamics.posterior_at_time": "ensemble_covariance",
        "dynamics.gradient_descent": None,
        "dynamics.sgd": None,
        "dynamics.gd_limit": None,
        "dynamics.max_stable_step": None,
        "dynamics.residual_after": None,
        "experiments.*": "deep_relu_kernels",
    },
    "lab06-bounds": {
        "bounds.*": "generalization_bound",
        "bounds.rademacher_complexity": "rademacher_ball",
        "bounds.rademacher_bound": "rademacher_bound",
        "bounds.solution_norm": "solution_norm",
        "bounds.complexity_measure": "complexity_measure",
        "bounds.corrupted_complexity": "complexity_measure",
        "bounds.union_bound": "union_bound_radius",
        "bounds.union_bound_radius": "union_bound_radius",
        "bounds.growth_exponent": "growth_exponent",
        "depth.fit_exponent": "growth_exponent",
        "experiments.*": "complexity_measure",
        "regression.*": None,
        "dynamics.*": None,
    },
    "lab07-depth": {
        "depth.*": "depth_recursion",
        "depth.susceptibilities": "susceptibilities",
        "depth.GaussianAverage": "susceptibilities",
        "depth.critical_point": "critical_point",
        "depth.half_stable_point": "critical_point",
        "depth.origin_expansion": "critical_point",
        "depth.scale_invariant_constants": "critical_point",
        "depth.universality_class": "critical_point",
        "depth.fit_exponent": "fit_exponent",
        "bounds.growth_exponent": "fit_exponent",
        "depth.angle_recursion": "angle_recursion",
        "depth.deep_linear_cos_zeta": "angle_recursion",
        "depth.robustness_and_variance": "robustness_and_variance",
        "depth.expanded_robustness_and_variance": "robustness_and_variance",
        "depth.gamma_components": "robustness_and_variance",
        "regression.posterior": "robustness_and_variance",
        "dynamics.posterior_at_time": "robustness_and_variance",
        "interpolation.*": "depth_recursion",
        "experiments.*": "depth_recursion",
        "depth.input_components": None,
        "regression.kernel_regression": None,
    },
    "lab08-star-polation": {
        "interpolation.*": "star_polate",
        "interpolation.linear_star_polation": "linear_star_polation",
        "interpolation.delta_components": "delta_components",
        "interpolation.delta_expansion": "curvature_prediction",
        "interpolation.curvature_prediction": "curvature_prediction",
        "interpolation.check_coefficient": "check_coefficient",
        "interpolation.star_polation_variance": "variance_by_delta",
        "interpolation.variance_by_delta": "variance_by_delta",
        "depth.gamma_components": "delta_components",
        "regression.*": "star_polate",
        "regression.estimator.KernelRegressor": "star_polate",
        "regression.posterior": "variance_by_delta",
        "regression.linear_regression": None,
        "dynamics.newton_step": "star_polate",
        "dynamics.predict_at_time": "star_polate",
        "dynamics.posterior_at_time": "variance_by_delta",
        "experiments.*": "star_polate",
    },
}
_KEPT = ("datasets.*", "networks.*", "plots.*")
_HERE = Path(__file__).resolve().parent.parent
_STRIPPED = "STRIPPED"  # a file that only a stripped copy has


class WithheldError(AnswerError):
    """The function called is one that this lab asks the student to write."""


def message(name: str, exercise: str) -> str:
    """What calling a withheld function says; ``name`` is its public name or the module it helps."""
    return f"you are asked to write this yourself in exercise {exercise} ({name} is withheld in this lab)"


def refuse(text: str) -> NoReturn:
    """Raise a :class:`WithheldError`: what a lambda in a stripped copy calls."""
    raise WithheldError(text)


def closure(lab: str, folder: Path = _HERE) -> dict[Node, tuple[str, str]]:
    """All that is withheld in ``lab``: definition -> (name to tell, exercise that asks for it).

    Args:
        lab: a key of :data:`WITHHELD`.
        folder: where the package's source lies.

    Raises:
        ValueError: an unknown lab, or a name of the table that the library does not have.
    """
    if lab not in WITHHELD:
        begins = [name for name in WITHHELD if lab and name.startswith(lab)]
        near = begins or difflib.get_close_matches(lab, WITHHELD, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(WITHHELD)}"
        raise ValueError(f"no lab is called {lab!r}: {hint}")
    library = _library(folder)
    public = {row: library.public(row) for row in library.rows()}
    table = WITHHELD[lab]
    kept = [node for name, exercise in table.items() if exercise is None for node in _nodes(name, public, library)]
    taken: dict[Node, tuple[str, str]] = {}
    for name in sorted(table, key=lambda name: name.endswith("*")):  # a name of its own before a "*"
        exercise = table[name]
        if exercise is not None:
            for node, told in _nodes(name, public, library).items():
                if node not in kept:
                    taken.setdefault(node, (told, exercise))
    kept += [node for name in _KEPT for node in _nodes(name, public, library)]
    needed = library.reach(kept, stop=taken)
    others = {node for names in public.values() for node in names.values()} - set(taken)
    found = dict(taken)
    for node, about in taken.items():
        for helper in library.reach([node], stop=(needed | others | set(taken)) - {node}):
            found.setdefault(helper, about)
    return {node: about for node, about in found.items() if library.computes(node)}


@functools.lru_cache(maxsize=2)
def _library(folder: Path) -> Library:
    return Library(folder)  # reading and parsing every file takes a third of a second


def withheld_names(lab: str) -> set[str]:
    """The public names that ``lab`` withholds; none where no lab is called so."""
    return {told for told, _ in closure(lab).values()} if lab in WITHHELD else set()


def _nodes(name: str, public: dict[str, dict[str, Node]], library: Library) -> dict[Node, str]:
    """The definitions that an entry of the table means, each with its public name."""
    row, _, rest = name.partition(".")
    if rest == "*":
        return {node: f"{row}.{n}" for n, node in public.get(row, {}).items()}
    node = public.get(row, {}).get(rest)
    if node is None:
        module, _, last = name.rpartition(".")
        node = library.find(f"ntklab.{module}", last)
    if node is None:
        raise ValueError(f"the library has no {name}: mend WITHHELD in ntklab/lab/withheld.py")
    return {node: name}


def stripped_copy(lab: str, destination: str | Path) -> Path:
    """Write the library to ``destination/ntklab`` with every withheld body replaced by ``raise WithheldError``.

    Nothing of the original text of a file that holds a withheld function is copied: it is written anew from its
    syntax tree, without comments; no compiled file is copied.
    """
    told = {node: message(*about) for node, about in closure(lab).items()}
    copied = copy_without(_library(_HERE), told, Path(destination) / "ntklab")
    (copied / _STRIPPED).write_text(f"{lab}\n", encoding="utf-8")
    return copied


# What is withheld in this process: id of an original -> (original, stand-in), and the same from stand-ins back.
_stand_ins: dict[int, tuple[Any, Any]] = {}
_originals: dict[int, tuple[Any, Any]] = {}
_inits: dict[type, tuple[Any, Any]] = {}
_places: tuple[int, list[tuple[dict[str, Any], str]]] = (0, [])  # modules looked through; where the library holds them
_lifted = 0


def withhold(lab: str) -> None:
    """Withhold the lab's functions in this process, in every module of the library that holds them.

    A lab that was started before is lifted first. Starting the same lab twice changes nothing.
    """
    if (_HERE / _STRIPPED).is_file() and lab in WITHHELD:
        return  # nothing is left here to withhold, and reading the library takes more than half a second
    found = closure(lab)
    lift()
    for (module_name, name), (told, exercise) in found.items():
        original = getattr(importlib.import_module(module_name), name, None)
        if isinstance(original, type):
            own = vars(original).get("__init__")
            _inits[original] = (own, _raiser(own or object.__init__, told, exercise))
        elif callable(original):
            stand_in = _raiser(original, told, exercise)
            _stand_ins[id(original)] = (original, stand_in)
            _originals[id(stand_in)] = (stand_in, original)
    _forget()
    _put(_stand_ins, now=1)


def lift() -> None:
    """Give the true functions back."""
    _put(_originals, now=0)
    for table in (_stand_ins, _originals, _inits):
        table.clear()
    _forget()


def _raiser(original: Any, told: str, exercise: str) -> Callable[..., NoReturn]:
    @functools.wraps(original)
    def stand_in(*args: Any, **kwargs: Any) -> NoReturn:
        raise WithheldError(message(told, exercise))

    del stand_in.__wrapped__  # it would hand the original out
    return stand_in


def _put(table: dict[int, tuple[Any, Any]], now: int) -> None:
    for names, name in _held():
        value = names.get(name)
        if id(value) in table and table[id(value)][0] is value:
            names[name] = table[id(value)][1]
    for cls, inits in _inits.items():
        if inits[now] is not None:
            type.__setattr__(cls, "__init__", inits[now])
        elif "__init__" in vars(cls):  # it had none of its own: its parent's is the true one
            type.__delattr__(cls, "__init__")


def _held() -> list[tuple[dict[str, Any], str]]:
    """Where modules of the library hold a withheld function or its stand-in; looked up again after any import."""
    global _places
    if _places[0] != len(sys.modules):
        modules = list(sys.modules.items())
        held = [
            (vars(module), attribute)
            for name, module in modules
            if name == "ntklab" or name.startswith("ntklab.")
            for attribute, value in vars(module).items()
            if id(value) in _stand_ins or id(value) in _originals
        ]
        _places = (len(modules), held)
    return _places[1]


def _forget() -> None:
    global _places
    _places = (0, [])


@contextlib.contextmanager
def _given_back() -> Iterator[None]:
    global _lifted
    if not _lifted:
        _put(_originals, now=0)
    _lifted += 1
    try:
        yield
    finally:
        _lifted -= 1
        if not _lifted:
            _put(_stand_ins, now=1)


def reference(name: str) -> Any:
    """The true library object of a public name, for hidden tests, even where the lab withholds it.

    >>> reference("_check.integer")("n", 3)
    3
    """
    module_name, _, attribute = name.removeprefix("ntklab.").rpartition(".")
    try:
        value = getattr(importlib.import_module(f"ntklab.{module_name}"), attribute)
    except (ImportError, AttributeError):
        raise ValueError(f"the library has no {name}: give a public name such as 'kernels.relu_kappa'") from None
    value = _originals.get(id(value), (None, value))[1]
    if isinstance(value, type) or not callable(value):
        return value

    @functools.wraps(value)
    def true(*args: Any, **kwargs: Any) -> Any:
        with _given_back():
            return value(*args, **kwargs)

    return true
