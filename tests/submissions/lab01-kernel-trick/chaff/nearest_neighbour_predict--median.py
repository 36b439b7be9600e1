# exercise: nearest_neighbour_predict
# diagnosis: the median of the targets
# why: median for mean
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return np.median(y[order[:, :k]], axis=1)
