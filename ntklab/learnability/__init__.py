"""Eigenlearning: what kernel regression learns of each mode, with which error and spread, before any training is done.

δ is the ridge, absolute: K + δI. Learnabilities and errors are over the whole domain, training points included; only
:func:`learning_curve` speaks of held-out samples.
"""

from ntklab.learnability.conservation import measured_learnability, mode_learnabilities, no_free_lunch_sum
from ntklab.learnability.constant import learnabilities, learnability_constant
from ntklab.learnability.curves import LearningCurve, learning_curve
from ntklab.learnability.errors import initial_slope, test_mse, train_mse
from ntklab.learnability.fluctuations import TransferStatistics, coefficient_covariance, transfer_statistics

__all__ = [
    "LearningCurve",
    "TransferStatistics",
    "coefficient_covariance",
    "initial_slope",
    "learnabilities",
    "learnability_constant",
    "learning_curve",
    "measured_learnability",
    "mode_learnabilities",
    "no_free_lunch_sum",
    "test_mse",
    "train_mse",
    "transfer_statistics",
]
