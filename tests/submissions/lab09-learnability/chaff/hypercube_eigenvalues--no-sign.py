# exercise: hypercube_eigenvalues
# diagnosis: sign (−1)^j is missing
# why: all terms added
def hypercube_eigenvalues(profile):
    d = len(profile) - 1
    mults = np.array([comb(d, k) for k in range(d + 1)], dtype=float)
    return np.array([sum(sum(comb(k, j) * comb(d - k, h - j) for j in range(min(k, h) + 1)) * profile[h] for h in range(d + 1)) / 2.0**d for k in range(d + 1)]), mults
