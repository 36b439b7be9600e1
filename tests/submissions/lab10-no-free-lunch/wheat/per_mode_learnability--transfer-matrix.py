# exercise: per_mode_learnability
# why: the diagonal of modes T modesᵀ
def per_mode_learnability(K, train, modes):
    T = np.zeros(K.shape)
    T[:, train] = np.linalg.solve(K[np.ix_(train, train)], K[train]).T
    return np.diag(modes @ T @ modes.T) / np.diag(modes @ modes.T)
