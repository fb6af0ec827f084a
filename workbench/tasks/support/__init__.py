"""What several tasks share: random numbers, scores, files, and the models behind baselines."""
