# exercise: hypercube_eigenvalues
# diagnosis: divided by d + 1
# why: the distances taken for equally likely
def hypercube_eigenvalues(profile):
    d = len(profile) - 1
    P = np.array([[sum((-1) ** j * comb(k, j) * comb(d - k, h - j) for j in range(min(k, h) + 1)) for h in range(d + 1)] for k in range(d + 1)], dtype=float)
    mults = np.array([comb(d, k) for k in range(d + 1)], dtype=float)
    return P @ profile / (d + 1), mults
