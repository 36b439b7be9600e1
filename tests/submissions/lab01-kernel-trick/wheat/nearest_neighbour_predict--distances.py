# exercise: nearest_neighbour_predict
# why: all differences at once, true distances
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None, :] - X[None, :, :], axis=-1)
    nearest = np.argsort(apart, axis=-1, kind="mergesort")[:, :k]
    return np.take(y, nearest).sum(axis=1) / k
