# exercise: train_network
# diagnosis: AttributeError
# why: gives NumPy to the network, which answers without gradients
def train_network(net, X, Y, eta, steps):
    net = networks.NTKNet.from_config(net.config, net.flat_weights())
    losses = []
    for _ in range(steps + 1):
        loss = ((net(X) - Y) ** 2).sum() / (2 * len(X))
        losses.append(float(loss))
        loss.backward()
    return net, losses
