# exercise: solution_norm
# why: Cholesky by hand, loops
def solution_norm(H, Y):
    A, total = np.array(H, dtype=float), 0.0
    z = np.array(Y, dtype=float).reshape(len(A), -1)
    for i in range(len(A)):
        if A[i, i] <= 0:
            raise ValueError("singular")
        total += np.sum(z[i] ** 2) / A[i, i]
        for j in range(i + 1, len(A)):
            factor = A[j, i] / A[i, i]
            A[j] -= factor * A[i]
            z[j] -= factor * z[i]
    return np.sqrt(total)
