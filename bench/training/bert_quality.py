"""The checkpoint fine-tuned in PyTorch with the hyperparameters that ours gets.

bert_quality.py FOLDER; standard input: {"train": {"texts", "labels"}, "test": {...}, "seed", "epochs", "batchSize", "learningRate",
"warmUp", "weightDecay", "clipNorm", "maxLength", "threads"}; labels are numbers. Prints the accuracy on the test rows.
"""

import json
import os
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_linear_schedule_with_warmup

from measure import answer, peak_mb

folder = sys.argv[1]
asked = json.load(sys.stdin)
train, test = asked["train"], asked["test"]
torch.set_num_threads(asked["threads"])
torch.manual_seed(asked["seed"])
tokenizer = AutoTokenizer.from_pretrained(folder)
model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=max(train["labels"]) + 1, dtype=torch.float32)


def encode(texts):
    return tokenizer(texts, truncation=True, max_length=asked["maxLength"], padding=False)["input_ids"]


def padded(rows):
    return tokenizer.pad({"input_ids": rows}, return_tensors="pt")


decays = {True: [], False: []}
for name, parameter in model.named_parameters():
    decays[not (name.endswith("bias") or "LayerNorm" in name)].append(parameter)
optimizer = torch.optim.AdamW(
    [{"params": decays[True], "weight_decay": asked["weightDecay"]}, {"params": decays[False], "weight_decay": 0.0}],
    lr=asked["learningRate"],
)
ids, labels = encode(train["texts"]), torch.tensor(train["labels"])
size = asked["batchSize"]
steps = asked["epochs"] * ((len(ids) + size - 1) // size)
schedule = get_linear_schedule_with_warmup(optimizer, round(asked["warmUp"] * steps), steps)
began = time.perf_counter()
model.train()
for epoch in range(asked["epochs"]):
    # Neighbours in length share a batch, as ours do.
    order = torch.randperm(len(ids)).tolist()
    pools = [sorted(order[at : at + 50 * size], key=lambda row: len(ids[row])) for at in range(0, len(order), 50 * size)]
    batches = [pool[at : at + size] for pool in pools for at in range(0, len(pool), size)]
    total = 0.0
    for turn in torch.randperm(len(batches)).tolist():
        rows = batches[turn]
        optimizer.zero_grad(set_to_none=True)
        loss = model(**padded([ids[row] for row in rows]), labels=labels[rows]).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), asked["clipNorm"])
        optimizer.step()
        schedule.step()
        total += loss.item() * len(rows)
    print(f"epoch {epoch + 1}: loss {total / len(ids):.4f}, {time.perf_counter() - began:.0f} s", file=sys.stderr)
seconds = time.perf_counter() - began

model.eval()
correct = 0
asked_ids, truth = encode(test["texts"]), test["labels"]
order = sorted(range(len(asked_ids)), key=lambda row: len(asked_ids[row]))
with torch.no_grad():
    for at in range(0, len(order), 64):
        rows = order[at : at + 64]
        guesses = model(**padded([asked_ids[row] for row in rows])).logits.argmax(1).tolist()
        correct += sum(guess == truth[row] for guess, row in zip(guesses, rows))
answer({"accuracy": correct / len(truth), "seconds": seconds, "cpuSeconds": time.process_time(), "peakMb": peak_mb()})
