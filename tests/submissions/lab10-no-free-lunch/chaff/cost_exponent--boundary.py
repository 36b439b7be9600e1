# exercise: cost_exponent
# diagnosis: max/4 itself is left out
# why: > in place of ≥
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    keep = ns > ns.max() / 4
    return float(np.polyfit(np.log(ns[keep]), np.log(seconds.min(1)[keep]), 1)[0])
