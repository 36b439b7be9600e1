# exercise: hypercube_eigenvalues
# diagnosis: it raised
# why: the whole matrix: right on few bits, impossible on 40
def hypercube_eigenvalues(profile):
    d = len(profile) - 1
    if d > 12:
        raise MemoryError("2^d corners")
    X = datasets.cube(d)
    distance = ((1 - X) / 2).sum(1).astype(int)
    eigs = [(np.asarray(profile)[distance] * X[:, :k].prod(1)).mean() for k in range(d + 1)]
    return np.array(eigs), np.array([comb(d, k) for k in range(d + 1)])
