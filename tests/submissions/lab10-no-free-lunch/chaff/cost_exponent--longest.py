# exercise: cost_exponent
# diagnosis: longest of the repeats
# why: the worst case
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    return float(np.polyfit(np.log(ns[keep]), np.log(seconds.max(1)[keep]), 1)[0])
