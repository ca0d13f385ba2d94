"""Serve: what every answer tells the browser not to do."""

from collections.abc import Mapping
from urllib.parse import urlsplit


def security_headers(*, tiles: str | None, secure: bool) -> Mapping[str, str]:
    """Return the headers of every answer.

    Args:
        tiles: The address of map tiles; ``None`` if pictures come from here alone.
        secure: Whether browsers are to come by ``https`` alone from now on.
    """
    pictures = ["'self'", "blob:", "data:"]
    if tiles is not None:
        parts = urlsplit(tiles)
        pictures.append(f"{parts.scheme}://{parts.netloc}".replace("{s}", "*"))
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": " ".join(pictures),
        "connect-src": "'self'",
        "font-src": "'self'",
        "media-src": "'self' blob:",
        "manifest-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    headers = {
        "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in policy.items()),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # A photo's page learns neither what was filtered by nor where the app is.
        "Referrer-Policy": "same-origin",  # with none, browsers send the login form as from nowhere
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(), display-capture=(self)",
    }
    return headers | ({"Strict-Transport-Security": "max-age=31536000"} if secure else {})
