"""Known results of the literature, trained here: rows as data, runs in a workbook, one table."""
