# exercise: laziness
# diagnosis: only the first output counts
# why: other outputs dropped
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X))
    J0, J1 = J(w0), J(w1)
    return (J1 - J0)[:, 0].norm() / J0[:, 0].norm()
