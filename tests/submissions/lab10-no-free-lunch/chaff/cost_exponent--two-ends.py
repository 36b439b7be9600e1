# exercise: cost_exponent
# diagnosis: the first and the last size alone
# why: two points make a line
def cost_exponent(ns, seconds):
    ns, seconds = np.asarray(ns, float), np.asarray(seconds, float).reshape(len(ns), -1)
    keep = ns >= ns.max() / 4
    x, y = np.log(ns[keep]), np.log(seconds.min(1)[keep])
    i, j = np.argmin(x), np.argmax(x)
    return float((y[j] - y[i]) / (x[j] - x[i]))
