# exercise: nearest_neighbour_predict
# diagnosis: the farthest neighbours
# why: sorted the wrong way
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return y[order[:, -k:]].mean(axis=1)
