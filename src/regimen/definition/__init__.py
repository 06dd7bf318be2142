"""What does the protocol say? The typed model of a study, read from YAML or JSON."""
