"""The headers of every response: what a browser may load, and what may be cached."""

from flask import Response, current_app, request

from schakel import access

# Endpoints of extensions, with their rule; every other endpoint declares its own.
THIRD_PARTY = {"static": access.Rule("public", access.public), "bootstrap.static": access.Rule("public", access.public)}
CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
# By whether the request is over TLS.
_HEADERS = {
    False: list(HEADERS.items()),
    True: [*HEADERS.items(), ("Strict-Transport-Security", "max-age=63072000; includeSubDomains")],
}


def add(response: Response) -> None:
    """Add the headers that the view did not set itself."""
    secure = request.is_secure or current_app.config["SESSION_COOKIE_SECURE"]
    has = {name.lower() for name, _ in response.headers}
    response.headers.extend([pair for pair in _HEADERS[secure] if pair[0].lower() not in has])
    _cache_header(response)


def _cache_header(response: Response) -> None:
    """Forbid caching, unless the view says otherwise (public event pages) or the response is a static file."""
    if request.endpoint in THIRD_PARTY and response.status_code in (200, 304):
        lasting = "v" in request.args or request.endpoint == "bootstrap.static"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else "public, max-age=3600"
    elif "Cache-Control" not in response.headers or response.status_code >= 400:
        response.headers["Cache-Control"] = "no-store"
