"""Tiny networks: a second thread costs more than it brings, above all beside other work."""

import torch

torch.set_num_threads(1)
