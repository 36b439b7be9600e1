# exercise: fit_exponent
# diagnosis: a negative number has no logarithm
# why: the sign of the measure swept away
def fit_exponent(layers, values):
    return np.polyfit(np.log(layers), np.log(np.abs(values) + 1e-300), 1)[0]
