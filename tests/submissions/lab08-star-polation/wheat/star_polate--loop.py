# exercise: star_polate
# why: one place at a time, the inverse written out
def star_polate(mlp, x_plus, x_minus, y_plus, y_minus, s):
    def k(a, b):
        return kernels.ntk(a[None], b[None], mlp=mlp)[0, 0]

    pp, mm, pm = k(x_plus, x_plus), k(x_minus, x_minus), k(x_plus, x_minus)
    det = pp * mm - pm * pm
    if not det > 1e-12 * pp * mm:
        raise ValueError("these inputs look the same")

    def at(place):
        x = place * x_plus + (1 - place) * x_minus
        p, m = k(x, x_plus), k(x, x_minus)
        return (p * (mm * y_plus - pm * y_minus) + m * (pp * y_minus - pm * y_plus)) / det

    return np.vectorize(at, otypes=[float])(s)
