"""The scene language: YAML with positions, distributions, and scenes drawn from them."""
