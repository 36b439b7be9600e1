"""S0's Figure 2: learnabilities of all modes of a circle add up to the number of training points."""

from __future__ import annotations

import numpy as np

from ntklab.datasets import circle, circle_modes
from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.experiments.steps import stable_step
from ntklab.kernels import MLP, ntk
from ntklab.learnability import measured_learnability, mode_learnabilities
from ntklab.networks import NTKNet, train_ensemble

POINTS = 10
READOUT = (1.0, 0.0)
NETS = {
    "ReLU, 1 hidden": MLP(1, "relu", C_W=2.0, C_b=0.01, readout=READOUT),
    "ReLU, 4 hidden": MLP(4, "relu", C_W=2.0, C_b=0.01, readout=READOUT),
    "tanh, 1 hidden": MLP(1, "tanh", C_W=2.25, C_b=0.01, readout=READOUT),
    "tanh, 4 hidden": MLP(4, "tanh", C_W=2.25, C_b=0.01, readout=READOUT),
}


def units(settings: Settings) -> list[Unit]:
    """Ten networks, one a mode, for each architecture, n and trial."""
    shared = {name: settings[name] for name in ("width", "stop_mse", "max_steps", "seed")}
    found = []
    for net in settings["nets"]:
        for n in settings["ns"]:
            eta, cost = step_size(settings, net, n), n * NETS[net].hidden_layers ** 2 * settings["width"] ** 2
            found += [
                Unit(
                    f"{net}-n{n}-{trial}",
                    trial_of_modes,
                    shared | {"net": net, "n": n, "trial": trial, "eta": eta},
                    cost,
                )
                for trial in range(settings["trials"])
            ]
    return found


def training_set(seed: int, trial: int, n: int) -> np.ndarray:
    """Indices of n points of the circle, drawn without replacement; the same for every mode and architecture."""
    return np.random.default_rng([seed, trial]).permutation(POINTS)[:n]


def step_size(settings: Settings, net: str, n: int) -> float:
    """One for all trials."""
    K = ntk(circle(POINTS), mlp=NETS[net])
    sets = [training_set(settings["seed"], trial, n) for trial in range(settings["trials"])]
    return stable_step(settings["step"], [K[np.ix_(rows, rows)] for rows in sets])


def trial_of_modes(
    net: str, n: int, trial: int, seed: int, width: int, eta: float, stop_mse: float, max_steps: int, device: str
) -> Arrays:
    """Learnability (modes,) of every mode on one training set, by kernel and by a network each."""
    X, (modes, _), mlp = circle(POINTS), circle_modes(POINTS), NETS[net]
    train = training_set(seed, trial, n)
    seeds = [(seed * 10_000 + trial) * POINTS + mode for mode in range(POINTS)]
    members = np.repeat(X[None, train], POINTS, axis=0).astype(np.float32)
    ensemble = train_ensemble(
        lambda s: NTKNet.from_mlp(mlp, 2, width, seed=s),
        seeds,
        members,
        modes[train].T.astype(np.float32),
        eta=eta,
        steps=max_steps,
        stop_loss=stop_mse / 2,
        device=device,
    )
    learned = ensemble.outputs(X)[:, :, 0].T
    return {
        "kernel": np.asarray(mode_learnabilities(ntk(X, mlp=mlp), train, modes)),
        "net": np.asarray(measured_learnability(modes, learned)),
        "steps": np.asarray(ensemble.steps_taken),
    }


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """Means over the trials by (architecture, n, mode), and mean and standard deviation of the sums."""
    shape = (len(settings["nets"]), len(settings["ns"]), settings["trials"], POINTS)
    data: Data = {"nets": settings["nets"], "ns": np.array(settings["ns"]), "settings": settings}
    data["frequencies"] = circle_modes(POINTS)[1]
    for name in ("kernel", "net"):
        values = np.stack([results[unit.name][name] for unit in units(settings)]).reshape(shape)
        data[name] = values.mean(2)
        data[f"{name}_sum"], data[f"{name}_sum_sd"] = values.sum(3).mean(2), values.sum(3).std(2, ddof=1)
    return data


def agreement(data: Data) -> list[Check]:
    """The theorem is exact for the kernel; networks follow as far as they are wide."""
    gap = np.abs(data["kernel_sum"] - data["ns"]).max()
    checks = [Check("kernel: largest |Σ L − n|", float(gap), high=1e-8)]
    for i, net in enumerate(data["nets"]):
        for j, n in enumerate(data["ns"]):
            value = float(data["net_sum"][i, j] / n - 1)
            checks.append(Check(f"networks, {net}, n = {n}: mean Σ L / n − 1", value, -0.03, 0.03))
    return checks


SHARED: Settings = {"nets": list(NETS), "ns": [3, 6], "width": 500, "trials": 5, "seed": 0}
SHARED |= {"step": 0.5, "stop_mse": 1e-5, "max_steps": 10_000}
EXPERIMENT = Experiment(
    name="fig2",
    title="Learnabilities add up to the number of training points",
    caption=(
        "Learnability of all ten Fourier modes of a circle of ten points, stacked from the constant (dark) to the "
        "highest frequency (light), after training on n = 3 and 6 of the points; left bars kernel regression, "
        "right bars networks, one trained on each mode. Triangles and dots mark the sums, the dashed line n. Means "
        "over five training sets, the same for every mode; error bars: one standard deviation of the networks' "
        "sum."
    ),
    sizes={"small": SHARED, "paper": SHARED},  # the published settings take half a minute
    units=units,
    gather=gather,
    agreement=agreement,
)
