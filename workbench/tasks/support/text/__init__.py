"""Texts as symbols, sentences from a grammar, and models that count."""
