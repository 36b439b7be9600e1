# exercise: per_mode_learnability
# diagnosis: missing below
# why: the inner product alone
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    return np.sum(f * f_hat, 0)
