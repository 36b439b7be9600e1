# exercise: representation_change
# diagnosis: the square of the change
# why: no root
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[-2] for net in (net0, net1))
    return np.sum((z1 - z0) ** 2) / np.sum(z0**2)
