# exercise: rademacher_bound
# why: the trace as a sum of eigenvalues, float32
def rademacher_bound(K, radius):
    total = np.linalg.eigvalsh(np.asarray(K, dtype=np.float32)).sum()
    return np.float32(radius) * np.sqrt(total) / np.float32(len(K))
