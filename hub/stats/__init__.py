"""Statistics on plain numbers: rates, paired differences, rankings from votes, agreement. Nothing of the hub is known
here, and every method names its source."""
