"""What operators see: log lines, metrics, and the request or job that they belong to."""
