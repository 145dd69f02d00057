"""YAML with positions: from bytes to nodes that know their line and column, for scenes and for device files."""
