"""A training step in each library: forward, loss, backward, clip to norm 1, Adam. Each file is a process of its own."""
