# exercise: network_nfl
# diagnosis: share
# why: one network with an output for each mode
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    one = networks.train_ensemble(
        lambda s: networks.NTKNet.from_mlp(mlp, domain.shape[1], width, n_out=len(modes), seed=s),
        [seed],
        domain[train],
        modes[:, train].T,
        eta,
        steps,
    )
    return np.sum(modes * one.outputs(domain)[0].T, axis=1) / np.sum(modes**2, axis=1)
