# exercise: generalization_bound
# why: from the distance; singular values; float32 answer
def generalization_bound(H, Y, delta, c=2.0, c_prime=3.0):
    smallest = np.linalg.svd(H, compute_uv=False)[-1]
    first = c * solution_norm(H, Y) / len(Y) ** 0.5
    second = c_prime * (np.log(len(Y) / smallest / delta) / len(Y)) ** 0.5
    return np.float32(max(0.0, min(first + second, 1.0)))
