# exercise: representation_change
# why: sums over inputs and units
def representation_change(net0, net1, X):
    z0, z1 = (net.preactivations(X)[-2] for net in (net0, net1))
    changed = sum((b - a) ** 2 for row0, row1 in zip(z0, z1) for a, b in zip(row0, row1))
    return (changed / sum(a * a for row in z0 for a in row)) ** 0.5
