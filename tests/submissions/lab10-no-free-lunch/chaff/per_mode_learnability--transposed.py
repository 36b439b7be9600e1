# exercise: per_mode_learnability
# diagnosis: rows and columns of modes are exchanged
# why: a target a column, as in the library
def per_mode_learnability(K, train, modes):
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], modes[train])
    return np.sum(modes * f_hat, 0) / np.sum(modes**2, 0)
