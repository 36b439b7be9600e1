# exercise: doubled
# family: lying
# trick: claims to be a class of the library, with code for fields
# due: 0
raise SystemExit("a hostile answer: only a sandbox runs what follows")

class MLP:
    __module__ = "ntklab.kernels.mlp"
    __dataclass_fields__ = {"hidden_layers": None, "activation": None}
    hidden_layers = 1

    @property
    def activation(self):
        return "__import__('os').system('id')"


def doubled(x):
    return MLP()
