"""Search: text that every database and file can hold."""


def well_formed(text: str) -> str:
    """Return the text with lone surrogates (halves of a character) as U+FFFD.

    JSON escapes and file names can hold them; UTF-8, and so the database, cannot.
    """
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
