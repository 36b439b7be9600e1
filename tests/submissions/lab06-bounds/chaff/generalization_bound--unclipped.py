# exercise: generalization_bound
# diagnosis: not clipped
# why: the plain sum
def generalization_bound(H, Y, delta, c=2.0, c_prime=3.0):
    n, lam = len(H), np.linalg.eigvalsh(H)
    measure = np.sum(Y * np.linalg.solve(H, Y)) / n
    return c * np.sqrt(measure) + c_prime * np.sqrt(np.log(n / (lam[0] * delta)) / n)
