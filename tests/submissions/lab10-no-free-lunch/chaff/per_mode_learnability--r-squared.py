# exercise: per_mode_learnability
# diagnosis: R²
# why: one minus the relative error
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    return 1 - np.sum((f - f_hat) ** 2, 0) / np.sum(f**2, 0)
