# exercise: per_mode_learnability
# diagnosis: training points were left out
# why: projects on the other points
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    rest = np.setdiff1d(np.arange(len(K)), train)
    return np.sum((f * f_hat)[rest], 0) / np.sum(f[rest] ** 2, 0)
