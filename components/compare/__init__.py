"""Comparing models side by side: the board with its columns, votes and merges, and the dialogs around it."""
