"""Lists that leave the portal as sheets and come back: reading files, telling what they would change, changing it."""
