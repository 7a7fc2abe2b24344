"""What readers type into the pages of the roof."""
