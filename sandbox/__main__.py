"""``python -m sandbox``: start the sandbox."""

import argparse
import logging
import os
import signal
import socket
import sqlite3
import sys
import threading

from .app import Application, is_loopback
from .server import Server
from .store import Store
from .terminal import happen
from .world import World


def parse_arguments(argv=None):
    parser = argparse.ArgumentParser(
        prog="python -m sandbox",
        description="A stand-in for mx51 and some of its EFTPOS terminals.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="loopback only")
    parser.add_argument("--port", type=int, default=8051, help="0: any free one")
    parser.add_argument(
        "--second-port",
        type=int,
        help="listen here too; the base URL of the second terminal",
    )
    parser.add_argument("--terminals", type=int, default=2, help="default: 2")
    parser.add_argument("--state", default=":memory:", help="SQLite file")
    parser.add_argument(
        "--hold", type=float, default=30.0, help="longest hold of a poll, seconds"
    )
    return parser.parse_args(argv)


def main(argv=None):
    """Serve until interrupted. Anything that prevents it ends in one sentence."""
    options = parse_arguments(argv)
    logging.basicConfig(format="%(levelname)s %(message)s")
    if not is_loopback(options.host):
        sys.exit(
            f"The sandbox listens on this machine only; {options.host} is not a "
            "loopback address. Use --host 127.0.0.1."
        )
    world = World(
        _open(options.state),
        hold=options.hold,
        terminals=options.terminals,
        api_key=os.environ.get("MX51_SANDBOX_API_KEY", "sandbox-api-key"),
        signing_secret_part_a=os.environ.get(
            "MX51_SANDBOX_SIGNING_SECRET_PART_A", "sandbox-part-a"
        ),
    )
    application = Application(world)
    server = _listen(options.host, options.port, application)
    world.base_url = _url(server)
    if options.second_port is not None:
        second = _listen(options.host, options.second_port, application)
        world.second_base_url = _url(second)
        threading.Thread(target=second.serve_forever, daemon=True).start()
    world.start_clock(happen)
    # SIGTERM ends it the way Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    print(f"Sandbox ready at {world.base_url}", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


def _open(path):
    try:
        return Store(path)
    except sqlite3.Error as error:
        sys.exit(f"The state file {path} cannot be used: {error}.")


def _listen(host, port, application):
    try:
        return Server((host, port), application)
    except OverflowError:
        sys.exit(f"{port} is not a port number.")
    except OSError as error:
        sys.exit(f"Port {port} on {host} cannot be used: {error.strerror}.")


def _url(server):
    host, port = server.server_address[:2]
    if server.address_family == socket.AF_INET6:
        host = f"[{host}]"
    return f"http://{host}:{port}"


if __name__ == "__main__":
    main()
