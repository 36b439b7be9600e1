# exercise: nearest_neighbour_predict
# diagnosis: weighted by distance
# why: nearer ones count more
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")[:, :k]
    vote = 1 / (np.take_along_axis(apart, order, axis=1) + 1e-12)
    return (vote * y[order]).sum(axis=1) / vote.sum(axis=1)
