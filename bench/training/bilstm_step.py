"""Steps of training a BiLSTM in PyTorch: the network that bilstm-step.ts trains.

bilstm_step.py THREADS STEPS sparse|dense
Vocabulary 20,000, word vectors of 100, 64 states in each direction, 50 words, batches of 64, dropout, clipping, Adam; with `sparse` the
word vectors are updated by SparseAdam. Prints the milliseconds of each step after the first ten, those of CPU in all threads, and peak memory.
"""

import sys
import time

import torch

from measure import answer, peak_mb

threads, steps, kind = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
torch.set_num_threads(threads)
torch.manual_seed(1)
words, size, hidden, length, batch = 20_000, 100, 64, 50, 64


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = torch.nn.Embedding(words, size, sparse=kind == "sparse")
        self.dropout = torch.nn.Dropout(0.4)
        self.lstm = torch.nn.LSTM(size, hidden, bidirectional=True, batch_first=True)
        self.classifier = torch.nn.Linear(2 * hidden, 2)

    def forward(self, ids):
        states, _ = self.lstm(self.dropout(self.embedding(ids)))
        return self.classifier(self.dropout(states.amax(1)))


model = Network()
rest = [parameter for name, parameter in model.named_parameters() if not name.startswith("embedding")]
if kind == "sparse":
    optimizers = [torch.optim.SparseAdam([model.embedding.weight], lr=1e-3), torch.optim.Adam(rest, lr=1e-3)]
else:
    optimizers = [torch.optim.Adam(model.parameters(), lr=1e-3)]
clipped = rest if kind == "sparse" else list(model.parameters())
generator = torch.Generator().manual_seed(1)

milliseconds, cpu_milliseconds = [], []
for _ in range(steps + 10):
    # Frequencies as Zipf has them.
    ids = (words ** torch.rand(batch, length, generator=generator)).long().clamp(0, words - 1)
    labels = torch.randint(2, (batch,), generator=generator)
    began, cpu = time.perf_counter(), time.process_time()
    for optimizer in optimizers:
        optimizer.zero_grad(set_to_none=True)
    loss = torch.nn.functional.cross_entropy(model(ids), labels)
    loss.backward()
    torch.nn.utils.clip_grad_norm_(clipped, 5.0)
    for optimizer in optimizers:
        optimizer.step()
    loss.item()
    milliseconds.append(1000 * (time.perf_counter() - began))
    cpu_milliseconds.append(1000 * (time.process_time() - cpu))
answer({"milliseconds": milliseconds[10:], "cpuMilliseconds": cpu_milliseconds[10:], "peakMb": peak_mb()})
