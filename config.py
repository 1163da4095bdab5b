"""Settings, read from the environment once. Read as a file by app.py, never imported."""

import os
from datetime import timedelta

DEMO = os.environ.get("SCHAKEL_DEMO", "") == "1"
SECRET_KEY = os.environ.get("SCHAKEL_SECRET_KEY", "")
DATABASE_URL = os.environ.get("SCHAKEL_DATABASE_URL", "")
KEYRING = os.environ.get("SCHAKEL_KEYRING", "")
LISTEN = os.environ.get("SCHAKEL_LISTEN", "127.0.0.1")
BASE_URL = os.environ.get("SCHAKEL_BASE_URL", "")
AUDIT_HEAD = os.environ.get("SCHAKEL_AUDIT_HEAD", "")
SMTP = os.environ.get("SCHAKEL_SMTP", "")
SMTP_USER = os.environ.get("SCHAKEL_SMTP_USER", "")
SMTP_PASSWORD = os.environ.get("SCHAKEL_SMTP_PASSWORD", "")
SMTP_TLS = os.environ.get("SCHAKEL_SMTP_TLS", "1") == "1"
UNDO_MINUTES = int(os.environ.get("SCHAKEL_UNDO_MINUTES", "10"))
MAIL_FROM = os.environ.get("SCHAKEL_MAIL_FROM", "")
MAIL_DOMAINS = os.environ.get("SCHAKEL_MAIL_DOMAINS", "")
WITHOUT = os.environ.get("SCHAKEL_WITHOUT", "")  # features switched off, with blanks between

MAX_CONTENT_LENGTH = 6 * 1024 * 1024
MAX_FORM_MEMORY_SIZE = 512 * 1024
MAX_FORM_PARTS = 400
PERMANENT_SESSION_LIFETIME = timedelta(hours=12)
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_REFRESH_EACH_REQUEST = False
