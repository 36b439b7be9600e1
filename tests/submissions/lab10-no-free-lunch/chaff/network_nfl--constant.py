# exercise: network_nfl
# diagnosis: entries are wrong
# why: n shared out evenly
def network_nfl(mlp, width, seed, domain, train, modes, eta, steps):
    return np.full(len(modes), len(train) / len(modes))
