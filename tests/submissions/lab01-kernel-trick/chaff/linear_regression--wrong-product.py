# exercise: linear_regression
# diagnosis: it raised
# why: Φ Φᵀ where Φᵀ Φ belongs
def linear_regression(Phi, Y, ridge=0.0):
    return np.linalg.solve(Phi @ Phi.T + ridge * np.eye(Phi.shape[1]), Phi.T @ Y)
