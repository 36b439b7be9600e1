# exercise: per_mode_learnability
# diagnosis: only the training points
# why: projects on the training points
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    return np.sum((f * f_hat)[train], 0) / np.sum(f[train] ** 2, 0)
