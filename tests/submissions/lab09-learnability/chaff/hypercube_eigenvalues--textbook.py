# exercise: hypercube_eigenvalues
# diagnosis: indices exchanged
# why: K_k(h) for P_k(h)
def hypercube_eigenvalues(profile):
    d = len(profile) - 1
    P = np.array([[sum((-1) ** j * comb(k, j) * comb(d - k, h - j) for j in range(min(k, h) + 1)) for h in range(d + 1)] for k in range(d + 1)], dtype=float)
    mults = np.array([comb(d, k) for k in range(d + 1)], dtype=float)
    return P.T @ profile / 2.0**d, mults
