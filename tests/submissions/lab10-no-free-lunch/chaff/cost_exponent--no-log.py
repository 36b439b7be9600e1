# exercise: cost_exponent
# diagnosis: no logarithm
# why: a straight line in seconds
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    return float(np.polyfit(ns[keep], seconds.min(1)[keep], 1)[0])
