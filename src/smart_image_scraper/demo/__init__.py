"""Demo: an imitation of Flickr on loopback, with made photos."""
