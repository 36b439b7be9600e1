# exercise: representation_change
# diagnosis: this is the first hidden layer
# why: index 0
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[0] for net in (net0, net1))
    return np.linalg.norm(z1 - z0) / np.linalg.norm(z0)
