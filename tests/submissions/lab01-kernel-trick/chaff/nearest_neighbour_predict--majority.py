# exercise: nearest_neighbour_predict
# diagnosis: the most frequent target
# why: a vote for classes
def nearest_neighbour_predict(X, y, Z, k):
    order = np.argsort(np.linalg.norm(Z[:, None] - X, axis=2), axis=1, kind="stable")[:, :k]
    answers = []
    for targets in y[order]:
        values, counts = np.unique(targets, return_counts=True)
        answers.append(values[counts.argmax()])
    return np.array(answers)
