"""Fifty steps of plain gradient descent in PyTorch, from weights and batches that are given.

gradients.py FOLDER
Reads FOLDER/task.json: per model its parameters (name, shape, values), and batches, rate and shape common to both. Prints per model the loss of
each step, and writes the gradients of all steps to FOLDER/<model>.f32, in the order of the parameters.
The parameters keep the layout of the other side; PyTorch's modules are handed views of them, so their gradients come back in it.
"""

import json
import sys
from pathlib import Path

import numpy
import torch
from torch.func import functional_call
from torch.nn.functional import embedding, layer_norm, linear

from measure import answer

torch.set_num_threads(1)
folder = Path(sys.argv[1])
task = json.loads((folder / "task.json").read_text())
batch, length = task["batch"], task["length"]


def bilstm(p, ids, lengths):
    hidden = p["recurrent"].shape[1]
    module = torch.nn.LSTM(p["words"].shape[1], hidden, batch_first=True, bidirectional=True)
    weights = {}
    for direction, suffix in enumerate(["_l0", "_l0_reverse"]):
        weights["weight_ih" + suffix] = p["input"][direction].T
        weights["weight_hh" + suffix] = p["recurrent"][direction].T
        weights["bias_ih" + suffix] = p["bias"][direction]
        weights["bias_hh" + suffix] = torch.zeros(4 * hidden)
    packed = torch.nn.utils.rnn.pack_padded_sequence(embedding(ids, p["words"]), lengths, batch_first=True, enforce_sorted=False)
    _, (last, _) = functional_call(module, weights, (packed,))
    return linear(torch.cat([last[0], last[1]], 1), p["output.weight"].T, p["output.bias"])


def encoder(p, ids, lengths):
    width = p["words"].shape[1]
    heads, inner = task["heads"], p["0.inner.weight"].shape[1]
    norm = lambda x, name: layer_norm(x, [width], p[name + ".scale"], p[name + ".shift"], 1e-12)
    x = norm(embedding(ids, p["words"]) + p["places"][:length], "norm")
    padding = torch.arange(length)[None] >= lengths[:, None]
    module = torch.nn.TransformerEncoderLayer(width, heads, inner, 0.0, "gelu", 1e-12, batch_first=True)
    layer = 0
    while f"{layer}.query.weight" in p:
        at = lambda name: p[f"{layer}.{name}"]
        joined = lambda kind: torch.cat([at(f"{part}.{kind}") for part in ["query", "key", "value"]], -1)
        weights = {
            "self_attn.in_proj_weight": joined("weight").T,
            "self_attn.in_proj_bias": joined("bias"),
            "self_attn.out_proj.weight": at("output.weight").T,
            "self_attn.out_proj.bias": at("output.bias"),
            "linear1.weight": at("inner.weight").T,
            "linear1.bias": at("inner.bias"),
            "linear2.weight": at("outer.weight").T,
            "linear2.bias": at("outer.bias"),
            "norm1.weight": at("attentionNorm.scale"),
            "norm1.bias": at("attentionNorm.shift"),
            "norm2.weight": at("outerNorm.scale"),
            "norm2.bias": at("outerNorm.shift"),
        }
        x = functional_call(module, weights, (x,), {"src_key_padding_mask": padding})
        layer += 1
    pooled = torch.tanh(linear(x[:, 0], p["pooler.weight"].T, p["pooler.bias"]))
    return linear(pooled, p["classifier.weight"].T, p["classifier.bias"])


loss_of = torch.nn.CrossEntropyLoss(weight=torch.tensor([1.0, 2.0, 0.5]), label_smoothing=0.1)
losses = {}
for name, apply in {"bilstm": bilstm, "encoder": encoder}.items():
    p = {
        one["name"]: torch.tensor(one["values"], dtype=torch.float32).reshape(one["shape"]).requires_grad_()
        for one in task["models"][name]
    }
    losses[name] = []
    with open(folder / f"{name}.f32", "wb") as out:
        for data in task["batches"]:
            ids = torch.tensor(data["ids"]).reshape(batch, length)
            loss = loss_of(apply(p, ids, torch.tensor(data["lengths"])), torch.tensor(data["labels"]))
            gradients = torch.autograd.grad(loss, list(p.values()))
            for gradient in gradients:
                out.write(gradient.numpy().astype(numpy.float32).tobytes())
            with torch.no_grad():
                for weight, gradient in zip(p.values(), gradients):
                    weight -= task["rate"] * gradient
            losses[name].append(loss.item())
answer(losses)
