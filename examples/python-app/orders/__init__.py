"""A small order service: Flask application, settings, storage and JSON logs."""
