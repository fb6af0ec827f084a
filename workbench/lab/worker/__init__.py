"""The process that trains a run: ``python -m workbench.lab.worker WORKBOOK RUN``."""
