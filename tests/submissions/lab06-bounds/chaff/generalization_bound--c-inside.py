# exercise: generalization_bound
# diagnosis: c stands inside the root
# why: one root too long
def generalization_bound(H, Y, delta, c=2.0, c_prime=3.0):
    n, lam = len(H), np.linalg.eigvalsh(H)
    measure = np.sum(Y * np.linalg.solve(H, Y)) / n
    return min(1, np.sqrt(c * measure) + c_prime * np.sqrt(np.log(n / (lam[0] * delta)) / n))
