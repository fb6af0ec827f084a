"""Tasks with an encoder and a decoder: what they share, their pairs, and how answers are judged."""
