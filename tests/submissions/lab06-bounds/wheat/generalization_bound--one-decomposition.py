# exercise: generalization_bound
# why: everything from one eigendecomposition
def generalization_bound(H, Y, delta, c=2.0, c_prime=3.0):
    values, vectors = np.linalg.eigh(H)
    n = len(values)
    bound = c * np.sqrt(np.sum((vectors.T @ Y) ** 2 / values) / n)
    bound += c_prime * np.sqrt((np.log(n) - np.log(values.min()) - np.log(delta)) / n)
    return min(1.0, bound)
