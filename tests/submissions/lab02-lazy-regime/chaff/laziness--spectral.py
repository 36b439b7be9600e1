# exercise: laziness
# diagnosis: spectral norms
# why: largest singular value
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X))
    J0, J1 = J(w0), J(w1)
    J0, J1 = (A.reshape(-1, A.shape[-1]) for A in (J0, J1))
    return torch.linalg.matrix_norm(J1 - J0, 2) / torch.linalg.matrix_norm(J0, 2)
