# exercise: nearest_neighbour_predict
# diagnosis: the sum of the targets
# why: no division by k
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return y[order[:, :k]].sum(axis=1)
