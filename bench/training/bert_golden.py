"""What transformers and PyTorch compute with the tiny checkpoint: packages/models/src/bert/bert.golden.json.

node bench/training/tiny-checkpoint.ts FOLDER && python bench/training/bert_golden.py FOLDER > packages/models/src/bert/bert.golden.json
"""

import json
import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import torch
from transformers import AutoModelForSequenceClassification, AutoTokenizer, get_linear_schedule_with_warmup

folder = sys.argv[1]
texts = ["The crew, unhappy!", "late late flights again.", "thanks"]
labels = torch.tensor([0, 0, 2])
tokenizer = AutoTokenizer.from_pretrained(folder)
batch = tokenizer(texts, padding=True, return_tensors="pt")
torch.set_num_threads(1)


def model(**config):
    made = AutoModelForSequenceClassification.from_pretrained(
        folder, num_labels=3, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0, dtype=torch.float32, **config
    )
    with torch.no_grad():
        weight = torch.arange(made.classifier.weight.numel(), dtype=torch.float64)
        made.classifier.weight.copy_((0.1 * torch.sin(12.9898 * (weight + 1))).reshape(made.classifier.weight.shape))
        made.classifier.bias.copy_(torch.tensor([0.1, -0.2, 0.3]))
    return made


golden = {"texts": texts, "ids": [row.tolist() for row in batch["input_ids"]], "logits": {}}
with torch.no_grad():
    for activation in ["gelu", "gelu_new", "relu"]:
        result = model(hidden_act=activation).eval()(**batch, output_hidden_states=True)
        golden["logits"][activation] = result.logits.tolist()
        if activation == "gelu":
            golden["hidden"] = result.hidden_states[-1][2, :3].tolist()

trained = model().train()
decays = {True: [], False: []}
for name, parameter in trained.named_parameters():
    decays[not (name.endswith("bias") or "LayerNorm" in name)].append(parameter)
optimizer = torch.optim.AdamW(
    [{"params": decays[True], "weight_decay": 0.1}, {"params": decays[False], "weight_decay": 0.0}], lr=0.01
)
schedule = get_linear_schedule_with_warmup(optimizer, 5, 50)
golden["losses"], golden["norms"] = [], []
for _ in range(50):
    optimizer.zero_grad()
    loss = trained(**batch, labels=labels).loss
    loss.backward()
    golden["norms"].append(torch.nn.utils.clip_grad_norm_(trained.parameters(), 1.0).item())
    optimizer.step()
    schedule.step()
    golden["losses"].append(loss.item())
print(json.dumps(golden))
