"""Windows of their own: what is asked, browsed or set apart from the main window."""
