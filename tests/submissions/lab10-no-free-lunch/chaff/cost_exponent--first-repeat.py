# exercise: cost_exponent
# diagnosis: first repeat
# why: ignores the repeats
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    return float(np.polyfit(np.log(ns[keep]), np.log(seconds[keep, 0]), 1)[0])
