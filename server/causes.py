"""Causes of failed requests (``sci.errors.REASONS``) as sentences for people."""

#: What is kept of a cause: no secret, and nothing that names a person.
FACTS = ("reason", "host", "http_status", "variable")
#: What only an administrator of the server can mend.
OF_THE_SERVER = (
    *("proxy", "proxy_certificate", "ca_file", "tls", "dns", "unreachable"),
    *("certificate", "certificate_expired", "certificate_not_yet", "certificate_host"),
)


def facts(error):
    """What is known of the cause of an error, as JSON; ``None`` if nothing is.

    :param error: a :class:`~..sci.errors.SciError`
    """
    found = {name: getattr(error, name, None) for name in FACTS}
    return found if error.reason else None


def is_proxy_setting(cause):
    """Whether it is the address of a proxy that is wrong, and which variables set it is
    known. Of a proxy that refuses, the variable is that of the authorities.

    :param cause: see :func:`facts`
    """
    if not cause or cause["reason"] != "proxy":
        return False
    return (cause["variable"] or "").lower().endswith("_proxy")


def cause_text(env, error):
    """What is known of the cause of an error, for this user; empty if nothing is."""
    return text_of(env, facts(error))


def text_of(env, cause):
    """:func:`cause_text` of what :func:`facts` has kept"""
    if not cause:
        return ""
    reason, host, http_status, variable = map(cause.get, FACTS)
    if reason in OF_THE_SERVER and not env.user.has_group("base.group_system"):
        return env._("Ask your administrator to check the connection of the server.")
    return {
        "proxy": lambda: _proxy_text(env, cause),
        "proxy_certificate": lambda: env._(
            "The certificate of this server's proxy is not trusted. Set %s to a file "
            "with the authorities to trust, then restart Odoo. If that does not help, "
            "the certificate has expired or is for another host.",
            variable or "REQUESTS_CA_BUNDLE",
        ),
        "certificate": lambda: env._(
            "The certificate of %(host)s is not trusted by this server. Set "
            "%(variable)s to a file with the authorities to trust.",
            host=host,
            variable=variable or "REQUESTS_CA_BUNDLE",
        ),
        "certificate_expired": lambda: env._(
            "The certificate of %s has expired. Please check this server's clock "
            "first. If it is right, tell the terminal service, or whoever looks after "
            "this server's network.",
            host,
        ),
        "certificate_not_yet": lambda: env._(
            "The certificate of %s is not valid yet. Please check this server's clock "
            "first. If it is right, tell the terminal service, or whoever looks after "
            "this server's network.",
            host,
        ),
        "certificate_host": lambda: env._(
            "What answers as %s has a certificate for another host. Perhaps a proxy "
            "or firewall answers in its place, or the address is wrong. Please ask "
            "whoever looks after this server's network.",
            host,
        ),
        "ca_file": lambda: _ca_file_text(env, variable),
        "tls": lambda: env._("No encrypted connection to %s is possible.", host),
        "dns": lambda: env._("The server does not find %s. Check its DNS.", host),
        "unreachable": lambda: env._(
            "%s does not accept connections from this server.", host
        ),
        "interposed": lambda: env._(
            "Something between this server and the terminal service answered instead "
            "of it (HTTP %s).",
            http_status,
        ),
        "unavailable": lambda: env._(
            "The terminal service is not available at the moment (HTTP %s).",
            http_status,
        ),
        "foreign_url": lambda: env._(
            "This button leads away from the terminal service. Nothing was sent."
        ),
        "clock": lambda: _clock_text(env),
        "secret": lambda: env._(
            "Ask your administrator to check the signing secret (Part A)."
        ),
    }.get(reason, lambda: "")()


def _proxy_text(env, cause):
    if is_proxy_setting(cause):
        return env._(
            "No request can go through the proxy that is set in %s. Set an address "
            "such as http://proxy.example:3128 there, or none, then restart Odoo. A "
            "SOCKS proxy needs the Python package PySocks.",
            cause["variable"],
        )
    return env._(
        "The proxy of the server does not let requests to %s through.", cause["host"]
    )


def _ca_file_text(env, variable):
    if variable:
        return env._(
            "The file that %s names is missing or holds no certificates.", variable
        )
    return env._("The server's list of certificate authorities cannot be read.")


def _clock_text(env):
    return env._(
        "The clock of the server was wrong. Nothing was done; please try again. Ask "
        "your administrator to set up time synchronisation."
    )
