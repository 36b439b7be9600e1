# exercise: cost_exponent
# why: sums by hand
def cost_exponent(ns, seconds):
    import math

    pairs = []
    for n, times in zip(ns, seconds):
        if n >= max(ns) / 4:
            pairs.append((math.log2(n), math.log2(np.min(times))))
    x, y = (sum(column) / len(pairs) for column in zip(*pairs))
    return sum((a - x) * (b - y) for a, b in pairs) / sum((a - x) ** 2 for a, _ in pairs)
