"""What transformers makes of texts with a checkpoint: ids of all of them; last hidden states and logits of the first few.

bert_equal.py FOLDER OUT; standard input: {"texts": [...], "few": 200, "maxLength": 128}
Writes OUT/hidden.bin and OUT/logits.bin (float32, text after text), prints {"ids": [[...]]}.
"""

import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import numpy
import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from measure import answer

folder, out = sys.argv[1:]
asked = json.load(sys.stdin)
texts, few = asked["texts"], asked["few"]

tokenizer = AutoTokenizer.from_pretrained(folder)
encoded = tokenizer(texts, truncation=True, max_length=asked["maxLength"], padding=False)

torch.set_num_threads(1)
model = AutoModelForSequenceClassification.from_pretrained(folder, num_labels=3, dtype=torch.float32).eval()
with torch.no_grad():
    weight = torch.arange(model.classifier.weight.numel(), dtype=torch.float64)
    model.classifier.weight.copy_((0.1 * torch.sin(12.9898 * (weight + 1))).reshape(model.classifier.weight.shape))
    model.classifier.bias.copy_(torch.tensor([0.1, -0.2, 0.3]))

hidden, logits = [], []
with torch.no_grad():
    for start in range(0, few, 16):
        rows = range(start, min(few, start + 16))
        batch = tokenizer.pad({"input_ids": [encoded["input_ids"][i] for i in rows]}, return_tensors="pt")
        result = model(**batch, output_hidden_states=True)
        for row, length in enumerate(batch["attention_mask"].sum(1).tolist()):
            hidden.append(result.hidden_states[-1][row, :length].numpy())
            logits.append(result.logits[row].numpy())
numpy.concatenate(hidden).astype("<f4").tofile(os.path.join(out, "hidden.bin"))
numpy.stack(logits).astype("<f4").tofile(os.path.join(out, "logits.bin"))
answer({"ids": encoded["input_ids"]})
