# exercise: nearest_neighbour_predict
# diagnosis: only the k-th neighbour
# why: k-th in place of the first k
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return y[order[:, k - 1]]
