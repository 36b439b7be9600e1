# exercise: bayesian_posterior
# why: a Cholesky factor, as in a textbook on Gaussian processes
import scipy.linalg


def bayesian_posterior(K_train, K_test, K_test_test, y):
    L = np.linalg.cholesky(K_train)
    alpha = scipy.linalg.cho_solve((L, True), y)
    v = scipy.linalg.solve_triangular(L, K_test.T, lower=True)
    return K_test @ alpha, K_test_test - v.T @ v
