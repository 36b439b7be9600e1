# exercise: linearize
# why: loops over inputs and outputs with backward passes
def linearize(f, w0, w, X):
    start = w0.detach().clone().requires_grad_()
    outputs = f(start, X)
    answer = np.zeros(outputs.shape)
    for i in range(outputs.shape[0]):
        for j in range(outputs.shape[1]):
            (slope,) = torch.autograd.grad(outputs[i, j], start, retain_graph=True)
            answer[i, j] = outputs[i, j].item() + float(slope @ (w - w0))
    return answer
