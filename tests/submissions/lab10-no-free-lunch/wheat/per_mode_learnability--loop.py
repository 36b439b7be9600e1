# exercise: per_mode_learnability
# why: a target at a time, with an explicit inverse
def per_mode_learnability(K, train, modes):
    inverse = np.linalg.inv(K[np.ix_(train, train)])
    shares = []
    for mode in modes:
        predicted = [float(K[x, train] @ inverse @ mode[train]) for x in range(len(K))]
        shares.append(sum(a * b for a, b in zip(mode, predicted)) / sum(a * a for a in mode))
    return shares
