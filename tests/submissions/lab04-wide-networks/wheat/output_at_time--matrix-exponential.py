# exercise: output_at_time
# why: the integral of the flow as a block of one matrix exponential
from scipy.linalg import expm


def output_at_time(K_train, K_test, Y, f0_train, f0_test, t):
    n = len(K_train)
    block = np.zeros((2 * n, 2 * n))
    block[:n, :n], block[:n, n:] = -K_train * t, np.eye(n) * t
    return f0_test + K_test @ expm(block)[:n, n:] @ (Y - f0_train)
