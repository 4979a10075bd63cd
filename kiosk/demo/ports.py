"""A free port for the window interface."""

import socket


def free_port() -> int:
    """On loopback; free at this moment."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
