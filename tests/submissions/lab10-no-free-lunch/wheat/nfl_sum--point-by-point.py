# exercise: nfl_sum
# why: the basis of points: predicts the indicator of each, and adds up
def nfl_sum(K, train, ridge=0.0):
    D = [int(i) for i in train]
    A = K[:, D][D] + ridge * np.eye(len(D))
    total = 0.0
    for x in range(len(K)):
        f = np.zeros(len(K))
        f[x] = 1.0
        total += K[x, D] @ (np.linalg.pinv(A, rcond=1e-10) @ f[D])
    return total
