# exercise: kernel_drift
# why: roots of sums of squares, entry by entry
def kernel_drift(net0, net1, X):
    K0, K1 = (empirical.empirical_ntk(net, X) for net in (net0, net1))
    changed = sum((K1[i, j] - K0[i, j]) ** 2 for i in range(len(X)) for j in range(len(X)))
    return (changed / sum(k**2 for k in K0.ravel())) ** 0.5
