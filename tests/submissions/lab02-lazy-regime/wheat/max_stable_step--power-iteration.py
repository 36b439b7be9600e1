# exercise: max_stable_step
# why: the largest eigenvalue by many matrix products
def max_stable_step(H, n):
    v = np.linspace(1.0, 2.0, len(H)) ** 3
    for _ in range(20_000):
        v = H @ v
        v = v / np.linalg.norm(v)
    return 2 * n / (v @ H @ v)
