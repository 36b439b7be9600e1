# exercise: train_network
# diagnosis: the network that came back is the untrained one
# why: the network as it is and a constant
def train_network(net, X, Y, eta, steps):
    return net, [0.0] * (steps + 1)
