# exercise: rademacher_bound
# diagnosis: the Frobenius norm in place of the trace
# why: the norm of K for its trace
def rademacher_bound(K, radius):
    return radius * np.sqrt(np.linalg.norm(K)) / len(K)
