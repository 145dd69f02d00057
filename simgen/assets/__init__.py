"""Assets: things that can stand in a scene, one file each."""
