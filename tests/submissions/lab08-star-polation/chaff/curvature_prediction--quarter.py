# exercise: curvature_prediction
# diagnosis: coefficient ¼
# why: reports the ratio to the print
def curvature_prediction(components, y_plus, y_minus, s):
    s = np.asarray(s, dtype=float)
    ratio = components["ddTheta_0"] / components["Theta_00"]
    return s * y_plus + (1 - s) * y_minus - s * (1 - s) * ratio * (y_plus + y_minus) / 4
