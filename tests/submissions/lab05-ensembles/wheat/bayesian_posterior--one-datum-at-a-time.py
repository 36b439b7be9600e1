# exercise: bayesian_posterior
# why: conditions on one training point after the other
def bayesian_posterior(K_train, K_test, K_test_test, y):
    n = len(K_train)
    K = np.block([[K_train, K_test.T], [K_test, K_test_test]])
    mean = np.zeros((len(K), *np.shape(y)[1:]))
    for a in range(n):
        gain = K[:, a] / K[a, a] if K[a, a] > 1e-12 else np.zeros(len(K))
        mean = mean + np.multiply.outer(gain, y[a] - mean[a])
        K = K - np.outer(gain, K[a])
    return mean[n:], K[n:, n:]
