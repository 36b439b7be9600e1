# exercise: ntk_predict
# why: Cholesky factor and two triangular solves
from scipy.linalg import cho_factor, cho_solve


def ntk_predict(K_train, K_test, Y, f0_train, f0_test):
    return f0_test + K_test @ cho_solve(cho_factor(K_train), Y - f0_train)
