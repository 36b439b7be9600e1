# exercise: generalization_bound
# diagnosis: `c` and `c_prime` must be used
# why: 2 and 3 written out
def generalization_bound(H, Y, delta, c=2.0, c_prime=3.0):
    n, lam = len(H), np.linalg.eigvalsh(H)
    measure = np.sum(Y * np.linalg.solve(H, Y)) / n
    return min(1.0, 2 * np.sqrt(measure) + 3 * np.sqrt(np.log(n / (lam[0] * delta)) / n))
