# exercise: rademacher_bound
# why: the sum of the diagonal, 1/√n and a mean
def rademacher_bound(K, radius):
    diagonal = np.diagonal(np.asarray(K))
    return radius * np.sqrt(diagonal.mean() / len(diagonal))
