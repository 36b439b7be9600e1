# exercise: cost_exponent
# diagnosis: all sizes are fitted
# why: overhead flattens the line
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    return float(np.polyfit(np.log(ns), np.log(seconds.min(1)), 1)[0])
