"""The process that draws: the only code that knows matplotlib. Run as ``python -m workbench.figures.drawing``."""
