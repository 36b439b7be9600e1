# exercise: train_network
# diagnosis: the ½ of the loss is missing
# why: a training loop as most tutorials write it: mse_loss, one loss for each step
def train_network(net, X, Y, eta, steps):
    optimiser = torch.optim.SGD(net.parameters(), lr=eta)
    X, Y = torch.tensor(X), torch.tensor(Y)
    losses = []
    for _ in range(steps):
        optimiser.zero_grad()
        loss = torch.nn.functional.mse_loss(net(X), Y)
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return net, losses
