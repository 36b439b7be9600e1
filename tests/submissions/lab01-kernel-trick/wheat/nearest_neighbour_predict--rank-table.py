# exercise: nearest_neighbour_predict
# why: a table of who counts, times the targets
def nearest_neighbour_predict(X, y, Z, k):
    squares = np.einsum("mnd,mnd->mn", Z[:, None] - X, Z[:, None] - X)
    place = np.broadcast_to(np.arange(len(X)), squares.shape)
    rank = np.argsort(np.lexsort((place, squares), axis=1), axis=1)
    return (rank < k) @ y / k
