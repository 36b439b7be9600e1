# exercise: linearize
# diagnosis: entries are wrong
# why: ones everywhere
def linearize(f, w0, w, X):
    return np.ones((len(X), f.net.config["n_out"]))
