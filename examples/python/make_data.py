"""Makes up deliveries.csv: the farther, the heavier and the wetter, the later; express is seldom late."""

import csv
import math
import random

made = random.Random(11)
with open("deliveries.csv", "w", newline="", encoding="utf-8") as file:
    rows = csv.writer(file)
    rows.writerow(["parcel", "distance_km", "weight_kg", "rain_mm", "express", "late"])
    for number in range(2000):
        distance, weight, rain = made.uniform(1, 400), made.expovariate(0.2), max(0.0, made.gauss(2, 6))
        express = made.random() < 0.3
        odds = distance / 90 + weight / 12 + rain / 5 - (2.5 if express else 0) - 3
        late = made.random() < 1 / (1 + math.exp(-odds))
        rows.writerow([f"p{number:05}", f"{distance:.1f}", f"{weight:.2f}", f"{rain:.1f}", str(express).lower(), str(late).lower()])
