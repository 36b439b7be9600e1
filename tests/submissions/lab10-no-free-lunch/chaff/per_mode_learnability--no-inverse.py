# exercise: per_mode_learnability
# diagnosis: inverse of K_DD is missing
# why: no system is solved
def per_mode_learnability(K, train, modes):
    f = modes.T
    f_hat = K[:, train] @ f[train]
    return np.sum(f * f_hat, 0) / np.sum(f**2, 0)
