# exercise: nearest_neighbour_predict
# diagnosis: equal distances
# why: the last of equal ones first
def nearest_neighbour_predict(X, y, Z, k):
    apart = np.linalg.norm(Z[:, None] - X, axis=2)
    order = np.argsort(apart, axis=1, kind="stable")
    return y[::-1][np.argsort(apart[:, ::-1], axis=1, kind="stable")[:, :k]].mean(axis=1)
