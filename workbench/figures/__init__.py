"""Paper: figures made from a run's data, drawn in a helper process."""
