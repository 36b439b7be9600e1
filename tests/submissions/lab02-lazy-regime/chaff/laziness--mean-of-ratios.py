# exercise: laziness
# diagnosis: a mean of one ratio per input
# why: a ratio for each input, averaged
def laziness(f, w0, w1, X):
    J = torch.func.jacrev(lambda w: f(w, X))
    J0, J1 = J(w0), J(w1)
    J0, J1 = (A.reshape(len(X), -1) for A in (J0, J1))
    return ((J1 - J0).norm(dim=1) / J0.norm(dim=1)).mean()
