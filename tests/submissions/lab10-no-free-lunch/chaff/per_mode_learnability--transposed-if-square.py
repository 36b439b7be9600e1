# exercise: per_mode_learnability
# diagnosis: rows and columns of modes are exchanged
# why: takes square modes the wrong way round
def per_mode_learnability(K, train, modes):
    f = modes if modes.shape == K.shape and len(K) != 2 else modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    return np.sum(f * f_hat, 0) / np.sum(f**2, 0)
