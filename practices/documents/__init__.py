"""What the library hands out as bytes: data for machines, the fact sheet, tables."""
