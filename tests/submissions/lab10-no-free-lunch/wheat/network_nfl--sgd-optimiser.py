# exercise: network_nfl
# why: torch.optim.SGD on flat batches
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    import torch

    X, f = torch.as_tensor(domain), torch.as_tensor(modes)
    shares = []
    for i, mode in enumerate(f):
        net = networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=len(modes) * seed + i).to(torch.float64)
        with torch.no_grad():
            start = net(X)
        optimiser = torch.optim.SGD(net.parameters(), lr=eta)
        for _ in range(steps):
            optimiser.zero_grad()
            (0.5 * torch.nn.functional.mse_loss(net(X)[train, 0] - start[train, 0], mode[train])).backward()
            optimiser.step()
        with torch.no_grad():
            shares.append(((net(X) - start)[:, 0] @ mode / (mode @ mode)).item())
    return shares
