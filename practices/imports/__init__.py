"""What comes into the library from outside: requests of harvesters, and sheets."""
