"""Writes packages/models/src/training/optimizers.golden.json: 20 updates of each optimiser by PyTorch, in float64.

    bench/training/.venv/bin/python bench/training/optimizer_golden.py > packages/models/src/training/optimizers.golden.json
"""

import json

import torch

torch.manual_seed(0)
count = 5
start = torch.randn(count).double()
gradients = [torch.randn(count).double() for _ in range(20)]
gradients[7].zero_()


def walk(name, optimizer, make):
    weight = start.clone().requires_grad_()
    stepper = make([weight])
    path = []
    for gradient in gradients:
        weight.grad = gradient.clone()
        stepper.step()
        path.append(weight.tolist())
    return {"name": name, "optimizer": optimizer, "weights": path}


def sgd(name, **settings):
    plain = {"kind": "sgd", "lr": 0.1, "momentum": 0, "nesterov": False, "weightDecay": 0} | settings
    return walk(
        name,
        plain,
        lambda params: torch.optim.SGD(
            params, lr=plain["lr"], momentum=plain["momentum"], nesterov=plain["nesterov"], weight_decay=plain["weightDecay"]
        ),
    )


def adam(name, kind, make, **settings):
    plain = {"kind": kind, "lr": 0.05, "betas": [0.9, 0.999], "eps": 1e-8, "weightDecay": 0} | settings
    return walk(
        name,
        plain,
        lambda params: make(params, lr=plain["lr"], betas=tuple(plain["betas"]), eps=plain["eps"], weight_decay=plain["weightDecay"]),
    )


runs = [
    sgd("SGD"),
    sgd("SGD with momentum and decay", momentum=0.9, weightDecay=0.01),
    sgd("SGD with Nesterov momentum", momentum=0.8, nesterov=True),
    adam("Adam", "adam", torch.optim.Adam),
    adam("Adam with decay in the gradient", "adam", torch.optim.Adam, weightDecay=0.1, betas=[0.8, 0.95]),
    adam("AdamW", "adamw", torch.optim.AdamW, weightDecay=0.1, eps=1e-6),
]
print(json.dumps({"pytorch": torch.__version__, "start": start.tolist(), "gradients": [g.tolist() for g in gradients], "runs": runs}))
