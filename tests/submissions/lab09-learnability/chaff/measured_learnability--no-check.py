# exercise: measured_learnability
# diagnosis: 0/0 is not a share
# why: nan for a target of 0
def measured_learnability(f, f_hat):
    with np.errstate(all='ignore'):
        return f_hat @ f / (f @ f)
