"""Steps of training an encoder of BERT-base's size in PyTorch.

bert_step.py THREADS STEPS BATCH LENGTH
Random weights, no dropout, AdamW; prints the seconds of each step after the first two, peak memory, and the speed of the model's
most frequent product of matrices alone.
"""

import sys
import time

import torch
from transformers import BertConfig, BertForSequenceClassification

from measure import answer, peak_mb

threads, steps, batch, length = map(int, sys.argv[1:])
torch.set_num_threads(threads)
torch.manual_seed(1)
model = BertForSequenceClassification(BertConfig(num_labels=2, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0))
model.train()
optimizer = torch.optim.AdamW(model.parameters(), lr=2e-5, weight_decay=0.01)
ids = torch.randint(1000, 30522, (batch, length))
mask = torch.ones_like(ids)
labels = torch.arange(batch) % 2

seconds, cpu_seconds, losses = [], [], []
for _ in range(steps + 2):
    began, cpu = time.perf_counter(), time.process_time()
    optimizer.zero_grad(set_to_none=True)
    loss = model(input_ids=ids, attention_mask=mask, labels=labels).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    losses.append(loss.item())
    seconds.append(time.perf_counter() - began)
    cpu_seconds.append(time.process_time() - cpu)
a, b = torch.randn(batch * length, 768), torch.randn(768, 3072)
products = []
for _ in range(40):
    began = time.perf_counter()
    torch.mm(a, b)
    products.append(time.perf_counter() - began)
speed = 2 * a.numel() * b.shape[1] / min(products) / 1e9
answer({"productGflops": speed, "seconds": seconds[2:], "cpuSeconds": cpu_seconds[2:], "peakMb": peak_mb(), "losses": losses})
