# exercise: representation_change
# diagnosis: not relative
# why: no division
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[-2] for net in (net0, net1))
    return np.linalg.norm(z1 - z0)
