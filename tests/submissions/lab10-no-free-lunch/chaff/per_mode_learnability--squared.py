# exercise: per_mode_learnability
# diagnosis: values are squared
# why: squares
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    return (np.sum(f * f_hat, 0) / np.sum(f**2, 0)) ** 2
