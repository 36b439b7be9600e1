# exercise: nearest_neighbour_predict
# diagnosis: the nearest one is left out
# why: the nearest skipped as if it were the point itself
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return y[np.roll(order, -1, axis=1)[:, :k]].mean(axis=1)
