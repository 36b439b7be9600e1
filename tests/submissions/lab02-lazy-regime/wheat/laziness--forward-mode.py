# exercise: laziness
# why: jacfwd and sums of squares
def laziness(f, w0, w1, X):
    def jacobian(w):
        return torch.func.jacfwd(lambda v: f(v, X))(w)


    before, after = jacobian(w0), jacobian(w1)
    return (((after - before) ** 2).sum() / (before**2).sum()) ** 0.5
