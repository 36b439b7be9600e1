# exercise: nfl_sum
# why: a trace of a solved system, and the rank by its own function
def nfl_sum(K, train, ridge=0.0):
    block = K[train][:, train]
    if ridge > 0:
        return np.trace(np.linalg.solve(block + ridge * np.eye(len(train)), block))
    return np.linalg.matrix_rank(block, tol=1e-10 * np.linalg.norm(block, 2), hermitian=True)
