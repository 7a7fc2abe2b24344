"""The world outside mail: in development, a folder instead of an SMTP server."""
