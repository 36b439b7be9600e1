# exercise: bayesian_posterior
# why: single precision
def bayesian_posterior(K_train, K_test, K_test_test, y):
    k, ks, kss, y = (np.asarray(v, dtype=np.float32) for v in (K_train, K_test, K_test_test, y))
    inverse = np.linalg.inv(k)
    return ks @ (inverse @ y), kss - ks @ inverse @ ks.T
