"""What does a plan mean for many subjects at once? The home of numpy and pyarrow, imported only when used."""
