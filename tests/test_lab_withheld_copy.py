"""The copy of the library for the sandbox: no line in it does an exercise of the lab."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import ntklab
from ntklab.lab import sources, withheld

LAB03 = "lab03-two-layer-ntk"

# One line that would do an exercise, by every road the library has; each must end in WithheldError.
ONE_LINERS = """
kernels.arc_cosine(X)
kernels.arc_cosine(X, order=0)
kernels.relu_kappa(np.ones(2))
kernels.two_layer_ntk(X)
kernels.two_layer_ntk(X, normalization='he')
kernels.ntk(X, mlp=kernels.MLP(1))
kernels.nngp(X, mlp=kernels.MLP(1))
kernels.nngp_and_ntk(X, mlp=kernels.MLP(1))
kernels.nngp_and_ntk(X, mlp=kernels.MLP(1, lambda_W=(0, 1)))
gaussian.gaussian_expectations('relu', np.ones(3), np.eye(3), np.ones(3))
gaussian.gaussian_expectations(gaussian.activation(np.tanh), np.ones(3), np.eye(3), np.ones(3))
empirical.empirical_ntk(net, X)
empirical.verify_network_limit(kernels.MLP(1), X)
depth.susceptibilities('relu', 2.0, 1.0)
regression.KernelRegressor('ntk').fit(X, np.ones(3)).predict(X)
regression.KernelRegressor('nngp', mlp=kernels.MLP(1)).fit(X, np.ones(3)).predict(X)
depth.GaussianAverage(lambda z: z * z)(1.0)
depth.fit_exponent(np.arange(1, 9), np.arange(1, 9))
lab.reference('kernels.relu_kappa')(np.ones(2))
lab.reference('gaussian.gaussian_expectations')('relu', np.ones(3), np.eye(3), np.ones(3))
"""
STAYS = """
kernels.MLP(2, activation='erf')
kernels.linear_kernel(X)
kernels.gaussian_kernel(X)
gaussian.activation('gelu').derivative(X)
net(X)
networks.NetFunction(net)(net.flat_weights(), X)
datasets.digits()[0]
regression.kernel_regression(np.eye(3), np.eye(3), np.ones(3))
networks.default_device(), networks.pick_size(cpu=1, cuda=2)
"""
SCRIPT = """
import json, sys
import numpy as np
from ntklab import datasets, depth, empirical, gaussian, kernels, lab, networks, regression
import ntklab
X, net = np.eye(3), networks.NTKNet(3, 5)


def say(line):
    try:
        eval(line)
        return "a value"
    except Exception as error:
        return type(error).__name__


lines, said = sys.stdin.read().splitlines(), {}
if "copy" in sys.argv:  # it must not depend on `lab.start`, which a student can leave out
    said["before"] = {line: say(line) for line in lines}
lab.start("lab03-two-layer-ntk")
said["started"] = {line: say(line) for line in lines}
print(json.dumps([ntklab.__file__, said]))
"""


@pytest.mark.parametrize("where", ["copy", "here"])
def test_nothing_in_lab_3_does_an_exercise_in_one_line(tmp_path, where):
    folder = Path(ntklab.__file__).parents[1]
    if where == "copy":
        folder = withheld.stripped_copy(LAB03, tmp_path).parent
    run = subprocess.run(
        [sys.executable, "-c", SCRIPT, where],
        input=ONE_LINERS.strip() + STAYS.rstrip(),
        env={**os.environ, "PYTHONPATH": str(folder)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
        timeout=120,
    )
    file, said = json.loads(run.stdout)
    assert Path(file).parents[1] == folder
    assert list(said) == (["before", "started"] if where == "copy" else ["started"])
    for words in said.values():
        assert len(words) == 29
        if where == "here":  # hidden tests run on this side: the reference works
            words = {line: word for line, word in words.items() if "lab.reference" not in line}
        assert {line: w for line, w in words.items() if w != ("a value" if line in STAYS else "WithheldError")} == {}


def test_the_copy_holds_no_body_of_what_is_withheld(tmp_path):
    withheld.stripped_copy(LAB03, tmp_path)
    original, copy = sources.Library(Path(ntklab.__file__).parent), sources.Library(tmp_path / "ntklab")
    for module, name in withheld.closure(LAB03):
        before = ast.unparse(original.modules[module].definitions[name])
        after = ast.unparse(copy.modules[module].definitions[name])
        assert "raise WithheldError" in after or "refuse(" in after or "class " in after
        body = [line.strip() for line in before.splitlines() if line.strip().startswith("return ") and len(line) > 30]
        assert all(line not in after for line in body)
