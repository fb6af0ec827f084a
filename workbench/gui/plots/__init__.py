"""What panels draw with: axes without boxes, curves, heat maps, marks."""
