"""Programs as compiled code: a plan becomes Python source that Numba compiles, whole loops over time at once."""
