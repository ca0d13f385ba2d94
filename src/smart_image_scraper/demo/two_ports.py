"""Demo: an imitation with an address for its API and another one for its files."""

from smart_image_scraper.demo.loopback import Loopback


class TwoPorts(Loopback):
    """Answers on two ports of 127.0.0.1 while its context is entered: clients keep a rate each."""

    PORTS = 2
