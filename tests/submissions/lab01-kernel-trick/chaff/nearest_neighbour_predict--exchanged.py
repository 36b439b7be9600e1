# exercise: nearest_neighbour_predict
# diagnosis: it should return shape
# why: neighbours of X among Z
def nearest_neighbour_predict(X, y, Z, k):
    order = np.argsort(np.linalg.norm(X[:, None] - Z, axis=2), axis=1, kind="stable")[:, :k]
    return y[order].mean(axis=1)
