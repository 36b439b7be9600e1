# exercise: rademacher_bound
# diagnosis: the Frobenius norm
# why: the norm of K
def rademacher_bound(K, radius):
    return radius * np.linalg.norm(K) / len(K)
