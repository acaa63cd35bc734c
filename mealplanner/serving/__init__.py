"""The worker of the web server."""
