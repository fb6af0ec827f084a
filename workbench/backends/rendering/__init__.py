"""What rendering a plan to source text shares, whatever the language: regions, places, passes over the units."""
