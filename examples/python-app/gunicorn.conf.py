"""Production server configuration; gunicorn reads it from the working directory."""

from orders.logs import logging_config
from orders.settings import Settings, SettingsError

try:
    settings = Settings.from_environment()
except SettingsError as error:
    raise SystemExit(str(error)) from None

bind = settings.bind
logconfig_dict = logging_config(settings.log_level)

# One process, several threads: the order store lives in this process.
worker_class = "gthread"
workers = 1
threads = 8

# Longer than the 60 s idle timeout of a load balancer, so that the load balancer,
# not the server, closes an idle connection.
keepalive = 65

# Shorter than the 30 s that ECS waits between SIGTERM and SIGKILL.
graceful_timeout = 20
