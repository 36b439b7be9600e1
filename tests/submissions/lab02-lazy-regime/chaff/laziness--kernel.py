# exercise: laziness
# diagnosis: this is the change of the kernel
# why: kernel drift
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X))
    J0, J1 = J(w0), J(w1)
    J0, J1 = (A.reshape(-1, A.shape[-1]) for A in (J0, J1))
    return (J1 @ J1.T - J0 @ J0.T).norm() / (J0 @ J0.T).norm()
