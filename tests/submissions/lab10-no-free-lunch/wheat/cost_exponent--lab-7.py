# exercise: cost_exponent
# why: the fit of lab 7 after the two rules
def cost_exponent(ns, seconds):
    from ntklab import depth

    seconds = np.array(seconds)
    least = seconds if seconds.ndim == 1 else seconds.min(1)
    keep = np.flatnonzero(ns >= max(ns) / 4)
    return depth.fit_exponent(ns[keep][np.argsort(ns[keep])], least[keep][np.argsort(ns[keep])])
