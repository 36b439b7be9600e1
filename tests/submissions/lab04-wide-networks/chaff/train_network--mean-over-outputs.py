# exercise: train_network
# diagnosis: the mean is taken over the outputs too
# why: half the mean over all entries
def train_network(net, X, Y, eta, steps):
    net = networks.NTKNet.from_config(net.config, net.flat_weights())
    X, Y = torch.as_tensor(X), torch.as_tensor(Y)

    def loss():
        return ((net(X) - Y) ** 2).mean() / 2

    losses = [loss().item()]
    for _ in range(steps):
        net.zero_grad()
        loss().backward()
        with torch.no_grad():
            for w in net.parameters():
                w.sub_(eta * w.grad)
        losses.append(loss().item())
    return net, losses
