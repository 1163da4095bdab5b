"""What gunicorn serves."""

from schakel.app import create_app

app = create_app()
