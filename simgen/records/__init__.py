"""The nouns of simgen: frozen records of contiguous arrays with declared dims, dtypes and units."""
