# exercise: cost_exponent
# diagnosis: the mean of the repeats
# why: averages the repeats
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    return float(np.polyfit(np.log(ns[keep]), np.log(seconds.mean(1)[keep]), 1)[0])
