"""Keeping and running: experiments, the workbook, the worker."""
