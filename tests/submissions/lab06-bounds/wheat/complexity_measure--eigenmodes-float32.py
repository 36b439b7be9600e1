# exercise: complexity_measure
# why: by eigenvectors, a float32 answer
def complexity_measure(H, Y):
    values, vectors = np.linalg.eigh(H)
    powers = (vectors.T @ np.asarray(Y).reshape(len(H), -1)) ** 2
    return np.float32((powers / values[:, None]).sum() / len(values))
