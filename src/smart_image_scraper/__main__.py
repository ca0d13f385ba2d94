"""``python -m smart_image_scraper`` is ``sis``."""

from smart_image_scraper.cli import main

if __name__ == "__main__":
    main()
