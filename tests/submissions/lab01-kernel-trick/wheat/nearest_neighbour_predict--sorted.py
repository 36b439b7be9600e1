# exercise: nearest_neighbour_predict
# why: plain Python, sorted by distance and place
def nearest_neighbour_predict(X, y, Z, k):
    answers = []
    for z in Z:
        order = sorted(range(len(X)), key=lambda i: (float(np.sum((X[i] - z) ** 2)), i))
        answers.append(sum(y[i] for i in order[:k]) / k)
    return answers
