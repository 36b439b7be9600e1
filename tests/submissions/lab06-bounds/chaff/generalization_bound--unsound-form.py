# exercise: generalization_bound
# diagnosis: log(1/δ) in place of
# why: the slide before
def generalization_bound(H, Y, delta, c=2.0, c_prime=3.0):
    n, lam = len(H), np.linalg.eigvalsh(H)
    measure = np.sum(Y * np.linalg.solve(H, Y)) / n
    return min(1, c * np.sqrt(measure) + c_prime * np.sqrt(np.log(1 / delta) / n))
