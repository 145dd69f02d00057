"""Edge cases: Scene → Scene, one file each."""
