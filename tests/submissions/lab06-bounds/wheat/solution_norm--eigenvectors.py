# exercise: solution_norm
# why: eigenvectors, with a check of the smallest eigenvalue
def solution_norm(H, Y):
    values, vectors = np.linalg.eigh(H)
    if values[0] <= 1e-14 * values[-1]:
        raise ValueError("H is singular")
    parts = (vectors.T @ Y).T ** 2 / values
    return np.sqrt(parts.sum())
