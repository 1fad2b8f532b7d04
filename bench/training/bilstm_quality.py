"""The BiLSTM of lstm/bilstm-model.ts trained in PyTorch, with the settings and the word numbers that ours has.

bilstm_quality.py; standard input: {"train": {"ids", "labels"}, "validation", "test", "words", "seed", "settings"}.
Prints {"accuracy", "epochs", "cpuSeconds"}. Rows of like length share a batch; word vectors are updated by SparseAdam, as ours are lazily.
"""

import copy
import json
import sys
import time

import torch
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

from measure import answer

asked = json.load(sys.stdin)
settings = asked["settings"]
torch.set_num_threads(1)
torch.manual_seed(asked["seed"])
names = sorted(set(asked["train"]["labels"]))


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(asked["words"], settings["embeddingSize"], sparse=True)
        torch.nn.init.normal_(self.embedding.weight, std=0.1)
        self.dropout = torch.nn.Dropout(settings["dropout"])
        self.lstm = torch.nn.LSTM(settings["embeddingSize"], settings["hiddenSize"], bidirectional=True, batch_first=True)
        self.classifier = torch.nn.Linear(2 * settings["hiddenSize"], len(names))
        self.begin_as_ours()

    @torch.no_grad()
    def begin_as_ours(self):
        """The same laws for the first weights: no bias, one bias a gate, nothing said by <pad> and <unk>."""
        self.embedding.weight[:2] = 0
        for name, parameter in self.lstm.named_parameters():
            if "bias" in name:
                parameter.zero_()
                parameter.requires_grad_("bias_ih" in name)
        torch.nn.init.xavier_uniform_(self.classifier.weight)
        self.classifier.bias.zero_()

    def forward(self, ids, lengths):
        packed = pack_padded_sequence(self.dropout(self.embedding(ids)), lengths, batch_first=True, enforce_sorted=False)
        states, _ = pad_packed_sequence(self.lstm(packed)[0], batch_first=True, padding_value=-1.0)
        return self.classifier(self.dropout(states.amax(1)))


def batch(rows, part):
    lengths = torch.tensor([len(part["ids"][row]) for row in rows])
    ids = torch.nn.utils.rnn.pad_sequence([torch.tensor(part["ids"][row]) for row in rows], batch_first=True)
    return ids, lengths, torch.tensor([names.index(part["labels"][row]) for row in rows])


def judged(part):
    """Mean loss and accuracy."""
    model.eval()
    loss, right = 0.0, 0
    order = sorted(range(len(part["ids"])), key=lambda row: len(part["ids"][row]))
    with torch.no_grad():
        for at in range(0, len(order), 64):
            ids, lengths, labels = batch(order[at : at + 64], part)
            logits = model(ids, lengths)
            loss += torch.nn.functional.cross_entropy(logits, labels, reduction="sum").item()
            right += (logits.argmax(1) == labels).sum().item()
    model.train()
    return loss / len(order), right / len(order)


model = Network()
vectors = [model.embedding.weight]
rest = [parameter for name, parameter in model.named_parameters() if not name.startswith("embedding") and parameter.requires_grad]
optimizers = [torch.optim.SparseAdam(vectors, lr=settings["learningRate"]), torch.optim.Adam(rest, lr=settings["learningRate"])]
train, size = asked["train"], settings["batchSize"]
began = time.process_time()
best, best_epoch, kept = float("inf"), 0, None
for epoch in range(1, settings["epochs"] + 1):
    order = torch.randperm(len(train["ids"])).tolist()
    pools = [sorted(order[at : at + 50 * size], key=lambda row: len(train["ids"][row])) for at in range(0, len(order), 50 * size)]
    batches = [pool[at : at + size] for pool in pools for at in range(0, len(pool), size)]
    for turn in torch.randperm(len(batches)).tolist():
        ids, lengths, labels = batch(batches[turn], train)
        for optimizer in optimizers:
            optimizer.zero_grad(set_to_none=True)
        torch.nn.functional.cross_entropy(model(ids, lengths), labels).backward()
        model.embedding.weight.grad = model.embedding.weight.grad.coalesce()
        # The norm of all gradients, of which one is sparse.
        norm = torch.cat([g.grad.flatten() for g in rest] + [model.embedding.weight.grad.values().flatten()]).norm()
        scale = min(1.0, settings["clipNorm"] / (norm.item() + 1e-6))
        if scale < 1:
            for parameter in rest + vectors:
                parameter.grad.mul_(scale)
        for optimizer in optimizers:
            optimizer.step()
    loss, accuracy = judged(asked["validation"])
    print(f"epoch {epoch}: validation loss {loss:.4f}, accuracy {accuracy:.4f}", file=sys.stderr)
    if loss < best:
        best, best_epoch, kept = loss, epoch, copy.deepcopy(model.state_dict())
    elif epoch >= best_epoch + settings["patience"]:
        break
seconds = time.process_time() - began
model.load_state_dict(kept)
answer({"accuracy": judged(asked["test"])[1], "epochs": epoch, "cpuSeconds": seconds})
