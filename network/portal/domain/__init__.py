"""The verbs of the roof itself."""
