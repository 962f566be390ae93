"""Entry point of the production server: ``gunicorn orders.wsgi:app``."""

from orders.app import create_app
from orders.settings import Settings

app = create_app(Settings.from_environment())
