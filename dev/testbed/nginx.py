"""nginx in front of an Odoo with workers: the production topology."""

import contextlib

from lib import places, processes, setup

CONFIG = """
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    proxy_max_temp_file_size 0;  # its worker is nobody, the folder ours
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_read_timeout 720s;
    {first}
    server {{
        listen 127.0.0.1:{port} backlog=1024;
        {second}
        {more}
        location / {{
            proxy_pass http://127.0.0.1:{http};
            proxy_set_header Host $http_host;
        }}
    }}
}}
"""


@contextlib.contextmanager
def started(folder, http, lines, log, as_websocket=()):
    """Run it until the end of the block; yields the address.

    :param http: port of Odoo's workers
    :param lines: the two that the back office shows, see `Shop.proxy_lines`
    :param as_websocket: further paths that go where ``/websocket`` goes
    """
    first, second = lines.splitlines()
    more = [second.replace("/websocket", f"= {path}") for path in as_websocket]
    (port,) = places.any_free_ports(1)
    config = folder / "nginx.conf"
    config.write_text(
        CONFIG.format(
            folder=folder,
            port=port,
            http=http,
            first=first,
            second=second,
            more="\n        ".join(more),
        )
    )
    command = [setup.proxy_path(), "-c", config, "-p", folder, "-e", "stderr"]
    with processes.started("nginx", command, log) as process:
        url = f"http://127.0.0.1:{port}"
        processes.wait_until(lambda: processes.answers(f"{url}/web/login"), process, 60)
        yield url
