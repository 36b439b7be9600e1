# exercise: generalization_bound
# diagnosis: λ stands in the numerator
# why: n / λ · δ misread
def generalization_bound(H, Y, delta, c=2.0, c_prime=3.0):
    n, lam = len(H), np.linalg.eigvalsh(H)
    measure = np.sum(Y * np.linalg.solve(H, Y)) / n
    return min(1, c * np.sqrt(measure) + c_prime * np.sqrt(np.log(n * lam[0] / delta) / n))
