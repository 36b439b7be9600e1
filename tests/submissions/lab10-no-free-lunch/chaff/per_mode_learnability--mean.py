# exercise: per_mode_learnability
# diagnosis: mean over points stands
# why: the mean over the domain, for modes of mean square 1
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ np.linalg.solve(K[np.ix_(train, train)], f[train])
    return np.mean(f * f_hat, 0)
