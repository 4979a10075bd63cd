"""From the text of a profile file to a Profile, with every fault of the file named. Each module reads some tables."""
