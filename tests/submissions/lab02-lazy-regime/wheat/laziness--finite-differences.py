# exercise: laziness
# why: every weight nudged to both sides
def laziness(f, w0, w1, X):
    def jacobian(w):
        w, columns = w.numpy(), []
        for k in range(len(w)):
            e = np.zeros(len(w))
            e[k] = 1e-5
            columns.append((f(w + e, X) - f(w - e, X)) / 2e-5)
        return np.array(columns)


    J0, J1 = jacobian(w0), jacobian(w1)
    return np.sqrt(np.sum((J1 - J0) ** 2) / np.sum(J0**2))
