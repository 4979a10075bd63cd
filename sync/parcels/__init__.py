"""Records carried by hand where there is no network: parcels, what is said about them, and where they lie meanwhile."""
