"""Programs as calls on whole arrays: runs wherever an array module with numpy's interface does."""
