"""Kernel regression with a network's kernel as a scikit-learn estimator."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from sklearn.base import BaseEstimator, MultiOutputMixin, RegressorMixin
from sklearn.utils.validation import check_is_fitted, validate_data

from ntklab import _check
from ntklab.kernels import MLP, nngp, nngp_and_ntk, ntk
from ntklab.regression.ensemble import covariance_after
from ntklab.regression.solve import Cholesky

_BLOCK = 1024  # test rows at a time: memory beyond the fitted n × n stays at 1024 × n
_KERNELS = ("ntk", "nngp", "precomputed")

Kernel = str | Callable[[np.ndarray, np.ndarray], np.ndarray]


class KernelRegressor(MultiOutputMixin, RegressorMixin, BaseEstimator):
    r"""Kernel regression with the kernel of an infinitely wide network, for scikit-learn.

    .. math:: \hat f(x) = \sum_i k(x, x_i)\, \alpha_i, \qquad \alpha = (K + \delta I)^{-1} y

    PDLT (10.40) for ``"ntk"``: the mean over an ensemble of wide networks trained to the end. It works in pipelines and
    grid searches, takes several targets at once, and pickles. The fit keeps one n × n matrix, factorised in place.

    Args:
        kernel: ``"ntk"`` or ``"nngp"`` of ``mlp``; a function (X (n, d), Z (m, d)) → (n, m), for example
            ``functools.partial(gaussian_kernel, length_scale=2)``; or ``"precomputed"``, X being the kernel matrix
            itself.
        mlp: the network, an :class:`ntklab.kernels.MLP`; None means one hidden ReLU layer with C_b = 0.1. Only for the
            two kernels of networks.
        ridge: δ ≥ 0, absolute; on the diagonal of the kernel.

    Attributes:
        X_fit_: the training inputs, (n, d); None with a precomputed kernel.
        dual_coef_: α, (n,) or (n, c).
        n_features_in_: d.

    >>> X = np.array([[0.0], [1.0], [2.0]])
    >>> model = KernelRegressor(kernel=lambda X, Z: X @ Z.T, ridge=1.0).fit(X, [0.0, 1.0, 2.0])
    >>> model.predict([[6.0]]).round(12)  # 6 · Σ x y / (Σ x² + 1) = 6 · 5/6
    array([5.])
    """

    def __init__(self, kernel: Kernel = "ntk", mlp: MLP | None = None, ridge: float = 1e-6) -> None:
        self.kernel = kernel
        self.mlp = mlp
        self.ridge = ridge

    def fit(self, X: Any, y: Any) -> KernelRegressor:
        """Fit to inputs X (n, d), or a kernel matrix (n, n), and targets y (n,) or (n, c).

        Raises:
            ValueError: as scikit-learn's own estimators; an unknown kernel, a negative ridge, or a kernel matrix that
                is singular with the ridge added (the message names the rank).
        """
        X, y = validate_data(self, X, y, dtype=(np.float64, np.float32), multi_output=True, y_numeric=True)
        if not callable(self.kernel):
            _check.choice("kernel", self.kernel, _KERNELS)
        ridge = _check.nonnegative("ridge", self.ridge)
        if self.kernel == "precomputed":
            _check.kernel_matrix("X, the precomputed kernel,", X)
            K, self.X_fit_ = np.array(X), None
        else:
            self.X_fit_ = np.array(X)  # a later change of the caller's array must not change predictions
            K = self._kernel(self.X_fit_)
            if callable(self.kernel):
                _check.finite("kernel(X, X)", torch.from_numpy(K))
                _check.kernel_matrix("kernel(X, X)", K)
        self._factor = Cholesky(torch.from_numpy(K), ridge, name="the kernel matrix", overwrite=True)
        self.dual_coef_ = self._factor.solve(torch.from_numpy(np.array(y, dtype=K.dtype))).numpy()
        return self

    def predict(self, X: Any, return_std: bool = False, return_cov: bool = False) -> Any:
        r"""Predict at inputs X (m, d), or from the kernel test × train (m, n) if it is precomputed.

        The spread is that of one output without noise. With ``"ntk"`` it is the ensemble's, PDLT (10.41): how far
        trained networks differ by their initialisation. With any other kernel it is the Gaussian-process posterior
        under observation noise of variance δ.

        Args:
            X: test inputs.
            return_std: also return the standard deviation, shaped like the prediction.
            return_cov: also return the covariance, (m, m) or (m, m, c), as scikit-learn's Gaussian processes do.

        Returns:
            Predictions, (m,) or (m, c); with ``return_std`` or ``return_cov`` a pair.

        Raises:
            ValueError: as scikit-learn's own estimators; both spreads at once; a spread from a precomputed kernel.
        """
        check_is_fitted(self)
        X = validate_data(self, X, dtype=(np.float64, np.float32), reset=False)
        if return_std and return_cov:
            raise ValueError("return_std and return_cov exclude each other; the diagonal of the covariance is std²")
        if (return_std or return_cov) and self.X_fit_ is None:
            raise ValueError(
                "a precomputed kernel says nothing of test × test inputs; use ntklab.regression.bayesian_posterior "
                "(or posterior, for an NTK)"
            )
        if return_cov:
            mean, covariance = self._moments(X)
            return mean, _for_each_output(covariance, mean)
        blocks = [X[start : start + _BLOCK] for start in range(0, len(X), _BLOCK)]
        if not return_std:
            return np.concatenate([self._test_kernel(block) @ self.dual_coef_ for block in blocks])
        K_train = nngp(self.X_fit_, mlp=self._network()) if self.kernel == "ntk" else None
        means, variances = [], []
        for block in blocks:
            mean, covariance = self._moments(block, K_train)
            means.append(mean)
            variances.append(covariance.diagonal())
        mean = np.concatenate(means)
        std = np.sqrt(np.clip(np.concatenate(variances), 0, None))  # rounding may leave −1e-17 at a training point
        return mean, _for_each_output(std, mean)

    def _moments(self, X: np.ndarray, K_train: np.ndarray | None = None) -> tuple[np.ndarray, np.ndarray]:
        """Mean, (m,) or (m, c), and covariance of one output, (m, m)."""
        if self.kernel == "ntk":
            mlp = self._network()
            K_train = nngp(self.X_fit_, mlp=mlp) if K_train is None else K_train
            K_s, Theta_s = nngp_and_ntk(X, self.X_fit_, mlp=mlp)
            K, K_s, K_ss, Theta_s = map(torch.from_numpy, (K_train, K_s, nngp(X, mlp=mlp), Theta_s))
            covariance = covariance_after(self._factor.solve(Theta_s.mT).mT, K, K_s, K_ss)
        else:
            Theta_s, K_ss = torch.from_numpy(self._test_kernel(X)), torch.from_numpy(self._kernel(X))
            half = self._factor.half_solve(Theta_s.mT)
            covariance = K_ss - half.mT @ half
        return Theta_s.numpy() @ self.dual_coef_, covariance.numpy()

    def _test_kernel(self, X: np.ndarray) -> np.ndarray:
        return X if self.X_fit_ is None else self._kernel(X, self.X_fit_)

    def _kernel(self, X: np.ndarray, Z: np.ndarray | None = None) -> np.ndarray:
        if callable(self.kernel):
            K = np.array(self.kernel(X, X if Z is None else Z))
            rows, columns = len(X), len(X if Z is None else Z)
            _check.matrix("kernel(X, Z)", K, rows=rows, columns=columns)
            return K
        return {"ntk": ntk, "nngp": nngp}[self.kernel](X, Z, mlp=self._network())

    def _network(self) -> MLP:
        return MLP(C_b=0.1) if self.mlp is None else self.mlp

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.pairwise = self.kernel == "precomputed"
        return tags


def _for_each_output(spread: np.ndarray, mean: np.ndarray) -> np.ndarray:
    """The outputs are independent and share one spread."""
    return spread if mean.ndim == 1 else np.repeat(spread[..., None], mean.shape[1], axis=-1)
