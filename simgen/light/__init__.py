"""Light from outside: sun and sky, one file each."""
