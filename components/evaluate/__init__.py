"""What the evaluate pages draw."""
