# exercise: network_nfl
# why: a loop of ensembles of one, one training set
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    shares = []
    for i, mode in enumerate(modes):
        one = networks.train_ensemble(
            lambda s: networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=s),
            [len(modes) * seed + i],
            domain[train],
            mode[train],
            eta,
            steps,
        )
        shares.append(learnability.measured_learnability(mode, one.outputs(domain)[0, :, 0]))
    return shares
