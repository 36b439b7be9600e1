# exercise: rademacher_bound
# diagnosis: the largest eigenvalue
# why: the spectral norm
def rademacher_bound(K, radius):
    return radius * np.sqrt(np.linalg.eigvalsh(K)[-1]) / len(K)
