"""What comes down from a publisher: fetched behind the ratings, checked kind by kind, taken up at the next start.

Nothing here can keep a citizen from rating: what is faulty is refused and told to the manager, and what a program did
not come to serve with is taken back. How a publication is signed and kept is `sync.publication`.
"""
