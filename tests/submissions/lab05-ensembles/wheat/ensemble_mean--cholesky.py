# exercise: ensemble_mean
# why: two triangular solves
import scipy.linalg


def ensemble_mean(Theta_train, Theta_test, y):
    return Theta_test @ scipy.linalg.cho_solve(scipy.linalg.cho_factor(Theta_train), y)
