# exercise: solution_norm
# why: SciPy's Cholesky
from scipy.linalg import cho_factor, cho_solve


def solution_norm(H, Y):
    Y = np.asarray(Y).reshape(len(H), -1)
    return np.trace(Y.T @ cho_solve(cho_factor(H), Y)) ** 0.5
