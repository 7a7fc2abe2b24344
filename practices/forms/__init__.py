"""What people fill in or link to in the library: parsed and cleaned, never saved."""
