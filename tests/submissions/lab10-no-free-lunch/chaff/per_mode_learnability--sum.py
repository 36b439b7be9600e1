# exercise: per_mode_learnability
# diagnosis: the sum over the targets
# why: one number
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    return np.sum(np.sum(f * f_hat, 0) / np.sum(f**2, 0))
