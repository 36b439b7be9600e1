# exercise: cost_exponent
# diagnosis: only the seconds are in logarithms
# why: one logarithm
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    return float(np.polyfit(ns[keep], np.log(seconds.min(1)[keep]), 1)[0])
