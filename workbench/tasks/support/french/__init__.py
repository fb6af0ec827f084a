"""English phrases and their French, from a small grammar."""
