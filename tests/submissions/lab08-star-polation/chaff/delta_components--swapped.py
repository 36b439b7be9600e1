# exercise: delta_components
# diagnosis: swapped
# why: [0] and [2] exchanged
def delta_components(mlp, x_plus, x_minus):
    kernel = kernels.ntk
    T = kernel(np.stack([x_plus, x_minus, (x_plus + x_minus) / 2]), mlp=mlp)
    pp, mm, pm, centre = T[0, 0], T[1, 1], T[0, 1], T[2, 2]
    first, zeroth, second = (pp - mm) / 2, (pp + mm + 2 * pm) / 4 - centre, (pp + mm - 2 * pm) / 4
    zeroth, second = second, zeroth
    return {"Theta_00": centre, "dTheta_1": first, "ddTheta_0": zeroth, "ddTheta_2": second}
