# exercise: hypercube_eigenvalues
# why: the textbook's polynomials with the factor C(d, h)/C(d, k) between the two
def hypercube_eigenvalues(profile):
    d = len(profile) - 1
    mults = np.array([comb(d, k) for k in range(d + 1)], dtype=float)
    eigs = np.zeros(d + 1)
    for k in range(d + 1):
        for h in range(d + 1):
            K = sum((-1) ** j * comb(h, j) * comb(d - h, k - j) for j in range(k + 1))
            eigs[k] += mults[h] / 2.0**d / mults[k] * K * profile[h]
    return eigs, mults
