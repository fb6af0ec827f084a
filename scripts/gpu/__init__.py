"""What ``scripts/gpu_check.py`` checks and measures: one file a part."""
