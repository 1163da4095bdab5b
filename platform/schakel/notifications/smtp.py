"""The only module that uses SMTP, by Flask-Mail: one connection for the mails of a round."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP

from flask import current_app
from flask_mail import Connection as FlaskMailConnection
from flask_mail import Mail as FlaskMail
from flask_mail import Message

from schakel.notifications import rules

LEAVING = 421  # the server closes the connection, whatever was asked
flask_mail = FlaskMail()


class Ready(Message):  # type: ignore[misc]  # Flask-Mail has no types
    """A message we build (calendar part with its method); Flask-Mail sends its bytes."""

    def __init__(self, made: EmailMessage, sender: str, to: str) -> None:
        super().__init__(subject=str(made["Subject"]), sender=sender, recipients=[to])
        self.made = made

    def as_bytes(self) -> bytes:
        """Return the bytes of the message for SMTP."""
        return self.made.as_bytes(policy=SMTP)  # CRLF: smtplib sends bytes as they are


class _Connection(FlaskMailConnection):  # type: ignore[misc]
    """Flask-Mail's connection with a timeout, and with a check of the server's certificate under STARTTLS."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect and sign in; smtplib and Flask-Mail would wait for ever and accept any certificate."""
        host = smtplib.SMTP(self.mail.server, self.mail.port, timeout=rules.TIMEOUT)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host


class Round:
    """The connection of one round: opened at the first message, and again after a fault or when the server left."""

    def __init__(self) -> None:
        self._connection: _Connection | None = None

    def send(self, message: Ready) -> None:
        """Pass a message to the server. Raises what smtplib and the socket raise; the message was not accepted then."""
        if self._connection and not self._is_alive(self._connection):
            self.close()
        try:
            if self._connection is None:
                self._connection = _Connection(current_app.extensions["mail"]).__enter__()
            self._connection.send(message)
        except BaseException as fault:
            self.close()
            if isinstance(fault, smtplib.SMTPResponseException) and fault.smtp_code == LEAVING:
                raise smtplib.SMTPServerDisconnected(str(fault.smtp_error)) from fault
            raise

    @staticmethod
    def _is_alive(connection: _Connection) -> bool:
        """Ask before sending: a fault during sending could mean that the message was accepted."""
        try:
            return connection.host is None or connection.host.noop()[0] == 250
        except (smtplib.SMTPException, OSError):
            return False

    def close(self) -> None:
        """Say goodbye. What was accepted counts as sent, also when that fails."""
        connection, self._connection = self._connection, None
        with suppress(smtplib.SMTPException, OSError):
            if connection and connection.host:
                connection.host.quit()
