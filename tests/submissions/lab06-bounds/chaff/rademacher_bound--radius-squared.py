# exercise: rademacher_bound
# diagnosis: the radius is squared
# why: W²
def rademacher_bound(K, radius):
    return radius**2 * np.sqrt(np.trace(K)) / len(K)
