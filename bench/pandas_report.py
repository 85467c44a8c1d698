"""The prototype's monthly report, as pandas and matplotlib do it: load the log, sum the month up, four charts in one
PNG, tables. What `pr-guard report` is measured beside (bench/report).

    pandas_report.py LOG.csv OUT.png
"""

import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import pandas as pd

log = pd.read_csv(sys.argv[1], parse_dates=["timestamp"])
log["date"] = log["timestamp"].dt.date

print("total USD", log["cost_usd"].sum())
print("operations", len(log))
print("average USD", log["cost_usd"].mean())
print("tokens", log["total_tokens"].sum())
print("average latency ms", log["latency_ms"].mean())
print("P95 latency ms", log["latency_ms"].quantile(0.95))
print(log.groupby("operation").agg(cost=("cost_usd", "sum"), calls=("cost_usd", "size"), latency=("latency_ms", "mean")))
print(log.groupby("model").agg(cost=("cost_usd", "sum"), calls=("cost_usd", "size"), tokens=("total_tokens", "sum")))
print(log.nlargest(10, "cost_usd")[["pr_url", "operation", "model", "cost_usd"]])

figure, axes = plt.subplots(2, 2, figsize=(15, 10))
log.groupby("date")["cost_usd"].sum().plot(ax=axes[0, 0], title="Daily cost")
log.groupby("operation")["cost_usd"].sum().plot(kind="bar", ax=axes[0, 1], title="Cost by operation")
log.groupby("model")["cost_usd"].sum().plot(kind="pie", ax=axes[1, 0], title="Cost by model")
log.groupby("date")[["prompt_tokens", "completion_tokens"]].sum().plot(ax=axes[1, 1], title="Tokens")
plt.tight_layout()
plt.savefig(sys.argv[2], dpi=150)
