# exercise: measured_learnability
# diagnosis: wrong value
# why: one number
def measured_learnability(f, f_hat):
    return 0.4
