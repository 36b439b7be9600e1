# exercise: hypercube_eigenvalues
# why: coefficients of (1 - t)^k (1 + t)^(d - k)
def hypercube_eigenvalues(profile):
    d = len(profile) - 1
    eigs = []
    for k in range(d + 1):
        row = np.array([1.0])
        for factor in [-1.0] * k + [1.0] * (d - k):
            row = np.convolve(row, [0.5, 0.5 * factor])
        eigs.append(row @ profile)
    return np.array(eigs), np.array([comb(d, k) for k in range(d + 1)])
