# exercise: representation_change
# diagnosis: these are activations
# why: after the activation function
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[-2] for net in (net0, net1))
    return np.linalg.norm(net1.activation.f(z1) - net0.activation.f(z0)) / np.linalg.norm(net0.activation.f(z0))
