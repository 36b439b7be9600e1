# exercise: relu_kappa
# why: one number at a time with math, put back into shape
import math


def relu_kappa(xi):
    xi = np.asarray(xi, dtype=float)
    values = []
    for c in xi.ravel():
        c = min(1.0, max(-1.0, c))
        values.append(2 * c / math.pi * (math.pi - math.acos(c)) + math.sqrt(1 - c * c) / math.pi)
    return np.reshape(values, xi.shape)
