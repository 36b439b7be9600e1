# exercise: nearest_neighbour_predict
# diagnosis: the largest inner products
# why: similarity by inner product
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return y[np.argsort(-(Z @ X.T), axis=1, kind="stable")[:, :k]].mean(axis=1)
