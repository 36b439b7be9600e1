# exercise: per_mode_learnability
# diagnosis: predictions stand below
# why: divides by the prediction's power
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    return np.sum(f * f_hat, 0) / np.sum(f_hat**2, 0)
