# exercise: delta_components
# why: kernels one by one
def delta_components(mlp, x_plus, x_minus):
    def k(a, b):
        return float(kernels.ntk(a[None], b[None], mlp=mlp)[0, 0])

    middle = 0.5 * (x_plus + x_minus)
    pp, mm, pm, centre = k(x_plus, x_plus), k(x_minus, x_minus), k(x_plus, x_minus), k(middle, middle)
    second = 0.25 * (pp - 2 * pm + mm)
    return {"Theta_00": centre, "dTheta_1": 0.5 * (pp - mm), "ddTheta_2": second, "ddTheta_0": pm + second - centre}
