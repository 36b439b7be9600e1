"""Gradient flow of wide networks: one network, the ensemble's mean and its covariance at any time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch

from ntklab import _check
from ntklab._check import Array
from ntklab.dynamics.modes import spectrum
from ntklab.regression import inputs, posterior
from ntklab.regression.ensemble import covariance_after
from ntklab.regression.prediction import predict

Time = float | Sequence[float]


def predict_at_time(
    Theta_train: Array,
    Theta_test: Array,
    y: Array,
    t: Time,
    f0_train: Array | None = None,
    f0_test: Array | None = None,
    ridge: float = 0.0,
) -> Array:
    r"""Prediction of a wide network after training for a time t by gradient flow.

    .. math:: f_t = f_{0,\text{test}} + \Theta_\text{test}\,
        Q\, \frac{1 - e^{-(\Lambda + \delta) t}}{\Lambda + \delta}\, Q^\top (y - f_{0,\text{train}}),
        \qquad \Theta_\text{train} = Q \Lambda Q^\top

    The continuous form of PDLT (10.33); t = ∞ gives (10.39), :func:`ntklab.regression.kernel_regression`. Clock: the
    flow of exp(−Θ t) with no 1/n, that of the sum loss ½ Σ (f − y)² (10.5), so t = η·steps as η → 0. It is t =
    η·steps/n for the loss with 1/(2n), 2η·steps/n for the mean square without ½, and η·steps/(n·c) for neural-tangents.

    Args:
        Theta_train: NTK of the training inputs, (n, n).
        Theta_test: NTK of test × training inputs, (m, n); Theta_train itself gives the training outputs.
        y: targets, (n,) or (n, c).
        t: time ≥ 0, in units of 1/Θ; may be infinite. A sequence of T times costs little more than one.
        f0_train: outputs at the start at the training inputs, shaped like ``y``.
        f0_test: the same at the test inputs, (m,) or (m, c). Give both or neither.
        ridge: δ ≥ 0, absolute: the loss gains ½ δ |w − w0|².

    Returns:
        Predictions, (m,) or (m, c); for a sequence of times (T, m) or (T, m, c).

    Raises:
        ValueError: a shape does not fit, an entry is not finite, t < 0, Θ_train is not positive semi-definite, or it is
            singular at δ = 0 and t so long that rounding would decide the answer.

    A point with Θ = 2 goes from 0 to 1: half of the way after the time ½·ln 2, all of it at infinity.

    >>> predict_at_time([[2]], [[2]], [1], [0, 0.5 * np.log(2), np.inf]).ravel().round(12)
    array([0. , 0.5, 1. ])
    """
    if _is_infinite(t):
        return predict(Theta_train, Theta_test, y, ridge, f0_train, f0_test, names=("Theta_train", "Theta_test"))
    (Theta, Theta_s, y, f0_train, f0_test), leave = _check.enter(
        Theta_train=Theta_train, Theta_test=Theta_test, y=y, f0_train=f0_train, f0_test=f0_test
    )
    inputs.problem(Theta, Theta_s, y, train="Theta_train", test="Theta_test")
    inputs.initial_outputs(f0_train, f0_test, y, len(Theta_s))
    residual = y if f0_train is None else y - f0_train
    flow = _Flow(Theta, Theta_s, ridge)
    learned = flow.at(t, lambda A: A @ residual)
    return leave(learned if f0_test is None else f0_test + learned)


def posterior_at_time(
    Theta_train: Array,
    Theta_test: Array,
    K_train: Array,
    K_test: Array,
    K_test_test: Array,
    y: Array,
    t: Time,
    ridge: float = 0.0,
) -> tuple[Array, Array]:
    r"""Mean and covariance, over random initialisations, of wide networks trained for a time t by gradient flow.

    .. math:: m_t = A_t y, \quad \mathrm{Cov}_t = K_{**} - A_t K_*^\top - K_* A_t^\top + A_t K A_t^\top, \quad
        A_t = \Theta_* Q\, \frac{1 - e^{-(\Lambda + \delta) t}}{\Lambda + \delta}\, Q^\top

    PDLT (10.40), (10.41) with Θ⁻¹ replaced by what has been learned at time t, once in the mean and four times in the
    covariance. t = 0 gives mean 0 and covariance K_test_test, t = ∞ :func:`ntklab.regression.posterior`. Clock: that of
    :func:`predict_at_time`, exp(−Θ t) with no 1/n, t = η·steps with the sum loss (10.5).

    Args:
        Theta_train: NTK of the training inputs, (n, n).
        Theta_test: NTK of test × training inputs, (m, n).
        K_train: NNGP kernel of the training inputs, (n, n). For a Gaussian process that learns from noisy data of
            variance δ, give K + δI both here and as Theta_train, with ridge 0.
        K_test: NNGP kernel of test × training inputs, (m, n).
        K_test_test: NNGP kernel of the test inputs, (m, m).
        y: targets, (n,) or (n, c).
        t: time ≥ 0, in units of 1/Θ; may be infinite; a sequence of T times costs little more than one.
        ridge: δ ≥ 0, absolute, added to Θ only: K is never regularised.

    Returns:
        Mean, (m,) or (m, c), and covariance of one output, (m, m); each with a leading axis T for a sequence of times.

    Raises:
        ValueError: as :func:`predict_at_time`, for each of the matrices.

    One point with Θ = 2, K = 1, seen again at test time, half-way through training: variance (1 − ½)².

    >>> mean, covariance = posterior_at_time([[2]], [[2]], [[1]], [[1]], [[1]], [3], t=0.5 * np.log(2))
    >>> mean.round(12), covariance.round(12)
    (array([1.5]), array([[0.25]]))
    """
    if _is_infinite(t):
        return posterior(Theta_train, Theta_test, K_train, K_test, K_test_test, y, ridge)
    (Theta, Theta_s, K, K_s, K_ss, y), leave = _check.enter(
        Theta_train=Theta_train, Theta_test=Theta_test, K_train=K_train, K_test=K_test, K_test_test=K_test_test, y=y
    )
    inputs.joint_problem(Theta, Theta_s, K, K_s, K_ss, y)
    flow = _Flow(Theta, Theta_s, ridge)
    mean = flow.at(t, lambda A: A @ y)
    return leave(mean), leave(flow.at(t, lambda A: covariance_after(A, K, K_s, K_ss)))


class _Flow:
    """A_t = Θ* Q g_t(Λ) Qᵀ for many times from one eigendecomposition."""

    def __init__(self, Theta: torch.Tensor, Theta_s: torch.Tensor, ridge: float) -> None:
        self.ridge = _check.nonnegative("ridge", ridge)
        eigenvalues, self.Q = spectrum("Theta_train", Theta)
        self.rates = eigenvalues + self.ridge
        self.Theta_s_Q = Theta_s @ self.Q

    def at(self, t: Time, function: Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
        """``function(A_t)``, stacked along a leading axis if t is a sequence."""
        values = [function((self.Theta_s_Q * self._gain(_time(one))) @ self.Q.mT) for one in np.ravel(t)]
        if not values:
            raise ValueError("t must not be empty")
        return values[0] if np.ndim(t) == 0 else torch.stack(values)

    def _gain(self, t: float) -> torch.Tensor:
        """(1 − e^{−λt})/λ, which is t where λ = 0 (or, by rounding, below) and 1/λ at t = ∞."""
        rates = self.rates
        # A mode lost in rounding has an unknown rate; that begins to matter where rate × time may exceed 1.
        rounding = 10 * torch.finfo(rates.dtype).eps * float(rates[-1])
        lost = int((rates <= rounding).sum())
        if lost and not t * rounding <= 1:
            raise ValueError(
                f"Theta_train has rank {len(rates) - lost} (to rounding) but {len(rates)} rows, so rounding decides "
                f"the prediction at t={t:g}; pass a larger ridge or an earlier time, or drop repeated inputs"
            )
        return torch.where(rates > 0, -torch.expm1(-rates * t) / rates, t)


def _time(t: float) -> float:
    try:
        number = float(t)
    except (TypeError, ValueError):
        raise TypeError(f"t must be a time at least 0, or a sequence of them; got {t!r}") from None
    if not number >= 0:
        raise ValueError(f"t must be at least 0 (infinity is allowed); got {t!r}")
    return number


def _is_infinite(t: Time) -> bool:
    return np.ndim(t) == 0 and _time(t) == np.inf  # type: ignore[arg-type]
