# exercise: cost_exponent
# diagnosis: sign is wrong
# why: log of n over seconds
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    return -float(np.polyfit(np.log(ns[keep]), np.log(seconds.min(1)[keep]), 1)[0])
