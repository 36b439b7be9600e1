# exercise: per_mode_learnability
# diagnosis: clipped
# why: a share must lie between 0 and 1, it thinks
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    return np.clip(np.sum(f * f_hat, 0) / np.sum(f**2, 0), 0, 1)
