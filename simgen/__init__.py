"""simgen: one YAML scene in, labelled sensor frames out."""

__version__ = "0.1.0"
