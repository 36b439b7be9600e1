# exercise: hypercube_eigenvalues
# why: row by row: times (1 - t)/(1 + t)
def hypercube_eigenvalues(profile):
    d = len(profile) - 1
    rows = [[comb(d, h) for h in range(d + 1)]]
    for _ in range(d):
        row = [1]
        for h in range(1, d + 1):
            row.append(rows[-1][h] - rows[-1][h - 1] - row[h - 1])
        rows.append(row)
    eigs = [sum(P / 2**d * float(v) for P, v in zip(row, profile)) for row in rows]
    return eigs, [comb(d, k) for k in range(d + 1)]
