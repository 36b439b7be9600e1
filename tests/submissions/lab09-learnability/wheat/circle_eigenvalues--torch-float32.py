# exercise: circle_eigenvalues
# why: single precision in torch
def circle_eigenvalues(kernel_row):
    import torch

    row = torch.as_tensor(kernel_row, dtype=torch.float32)
    return torch.fft.fft(row).real / len(row)
