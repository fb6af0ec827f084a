"""Strings of formal grammars, drawn and predicted symbol by symbol."""
