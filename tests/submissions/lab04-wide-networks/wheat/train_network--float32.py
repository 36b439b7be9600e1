# exercise: train_network
# why: single precision
def train_network(net, X, Y, eta, steps):
    net = networks.NTKNet.from_config(net.config, net.flat_weights().float())
    X, Y = torch.as_tensor(X, dtype=torch.float32), torch.as_tensor(Y, dtype=torch.float32)
    losses = []
    for step in range(steps + 1):
        net.zero_grad()
        loss = (net(X) - Y).square().sum() / (2 * len(X))
        losses.append(loss.detach())
        if step < steps:
            loss.backward()
            for w in net.parameters():
                w.data -= eta * w.grad
    return net, torch.stack(losses)
