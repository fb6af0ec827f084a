"""Tasks that predict numbers: windows, scaling, and predictors without a network."""
