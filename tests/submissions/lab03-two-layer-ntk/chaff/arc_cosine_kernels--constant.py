# exercise: arc_cosine_kernels
# diagnosis: entries are wrong
# why: the value for orthogonal inputs, everywhere
def arc_cosine_kernels(X, Z):
    return np.full((len(X), len(Z)), 0.25), np.full((len(X), len(Z)), 0.25)
