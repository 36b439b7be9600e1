# exercise: cost_exponent
# diagnosis: 1/p
# why: the axes are exchanged
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    return float(np.polyfit(np.log(seconds.min(1)[keep]), np.log(ns[keep]), 1)[0])
