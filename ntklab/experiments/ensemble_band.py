"""PDLT (10.40), (10.41): mean and spread of an ensemble of trained wide networks."""

from __future__ import annotations

import numpy as np

from ntklab.experiments.record import Arrays, Check, Data, Experiment, Settings, Unit
from ntklab.experiments.steps import stable_step
from ntklab.kernels import MLP, nngp_and_ntk
from ntklab.networks import NTKNet, train_ensemble
from ntklab.regression import bayesian_posterior, posterior

NET = MLP(1, "relu", C_W=2.0, C_b=0.1)
TRAIN = np.array([-2.6, -1.7, -0.6, 0.4, 1.3, 2.4])  # angles on the circle, unevenly apart
TARGETS = np.array([0.6, -0.8, 0.3, 1.0, -0.4, 0.2])


def on_circle(angle: np.ndarray) -> np.ndarray:
    """Points of norm √2, for which x·x/d = 1."""
    return np.sqrt(2) * np.stack([np.cos(angle), np.sin(angle)], axis=1)


def units(settings: Settings) -> list[Unit]:
    """Blocks of networks."""
    shared = {name: settings[name] for name in ("width", "stop_loss", "max_steps", "points")}
    shared["eta"] = stable_step(np.inf, [nngp_and_ntk(on_circle(TRAIN), mlp=NET)[1]])
    block, nets, seed = settings["nets_per_unit"], settings["nets"], settings["seed"] * 100_000
    return [
        Unit(f"nets-{start}", trained, {**shared, "seeds": [seed + start, seed + min(start + block, nets)]})
        for start in range(0, nets, block)
    ]


def trained(
    seeds: list[int], width: int, eta: float, stop_loss: float, max_steps: int, points: int, device: str
) -> Arrays:
    """Outputs (nets, points) of networks trained from their own random start: not centred."""
    ensemble = train_ensemble(
        lambda seed: NTKNet.from_mlp(NET, 2, width, seed=seed),
        range(*seeds),
        on_circle(TRAIN).astype(np.float32),
        TARGETS.astype(np.float32),
        eta=eta,
        steps=max_steps,
        stop_loss=stop_loss,
        device=device,
        centered=False,
    )
    outputs = ensemble.outputs(on_circle(angles(points)))[:, :, 0]
    return {"outputs": np.asarray(outputs), "steps": np.asarray(ensemble.steps_taken)}


def angles(points: int) -> np.ndarray:
    """Test angles, evenly around the circle."""
    return np.linspace(-np.pi, np.pi, points, endpoint=False)


def gather(settings: Settings, results: dict[str, Arrays]) -> Data:
    """Theory at fine and at test angles; mean and variance of the networks at the test angles."""
    outputs = np.concatenate([results[unit.name]["outputs"] for unit in units(settings)])
    test, fine = angles(settings["points"]), np.linspace(-np.pi, np.pi, 241)
    data: Data = {"angles": test, "fine": fine, "train": TRAIN, "y": TARGETS, "settings": settings}
    K, Theta = nngp_and_ntk(on_circle(TRAIN), mlp=NET)
    for label, where in (("fine_", fine), ("", test)):
        K_test, Theta_test = nngp_and_ntk(on_circle(where), on_circle(TRAIN), mlp=NET)
        K_test_test, _ = nngp_and_ntk(on_circle(where), mlp=NET)
        mean, covariance = posterior(Theta, Theta_test, K, K_test, K_test_test, TARGETS)
        data[f"{label}mean"], data[f"{label}variance"] = mean, np.diag(covariance).clip(0)
        bayes = bayesian_posterior(K, K_test, K_test_test, TARGETS)[1]
        data[f"{label}bayes_variance"] = np.diag(bayes).clip(0)
    data["net_mean"], data["net_variance"] = outputs.mean(0), outputs.var(0, ddof=1)
    data["nets"] = len(outputs)
    return data


def agreement(data: Data) -> list[Check]:
    """Mean within 4 standard errors + 0.1 s.d.; variance within 3 sampling s.d., √(2/(S − 1)) of itself."""
    S, sd = data["nets"], np.sqrt(data["variance"])
    room = sd > 0.05 * sd.max()  # beside a training point nothing is left to compare with
    gap = np.abs(data["net_mean"] - data["mean"])[room] / (4 * sd / np.sqrt(S) + 0.1 * sd)[room]
    ratio = (data["net_variance"] / np.maximum(data["variance"], 1e-300) - 1)[room]
    spread = np.abs(ratio) / np.sqrt(2 / (S - 1))
    return [
        Check("mean: largest gap, in units of 4 s.e. + 0.1 s.d.", float(gap.max()), high=1.0),
        Check("variance: largest gap, in sampling s.d.", float(spread.max()), high=3.0),
        Check("variance: mean of measured over (10.41)", float(ratio.mean() + 1)),
    ]


SHARED: Settings = {"width": 2048, "stop_loss": 1e-6, "max_steps": 20_000, "points": 36, "seed": 0}
EXPERIMENT = Experiment(
    name="ensemble-band",
    title="An ensemble of trained networks, predicted",
    caption=(
        "Networks with one hidden layer of 2,048 ReLU units, trained on six points of a circle (circles) from as "
        "many random starts. Left: mean over the networks (dots, with bars of one standard deviation) on the "
        "predicted mean (line) and band of one standard deviation. Right: variance over the networks, with bars of "
        "its one sampling standard deviation, and the prediction; dashed, for comparison, the smaller variance of "
        "Bayesian inference."
    ),
    sizes={
        "small": SHARED | {"nets": 100, "nets_per_unit": 25},
        "paper": SHARED | {"nets": 1000, "nets_per_unit": 250},
    },
    units=units,
    gather=gather,
    agreement=agreement,
)
