# exercise: network_nfl
# diagnosis: mean over points stands
# why: for modes of mean square 1
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    c = len(modes)
    ensemble = networks.train_ensemble(
        lambda s: networks.NTKNet.from_mlp(mlp, domain.shape[1], width, seed=s),
        range(c * seed, c * seed + c),
        np.repeat(domain[None, train], c, axis=0),
        modes[:, train],
        eta,
        steps,
    )
    out = ensemble.outputs(domain)[:, :, 0]
    return np.mean(modes * out, axis=1)
