"""Methods of Odoo modules that need not be installed.

Their classes are loaded after this addon's, so an override here would only be called
where they call ``super``; their methods are wrapped in the registry's class instead.
"""


def wrap(model, name, wrapper):
    """Once the registry is complete.

    :param model: an empty recordset
    :param wrapper: ``wrapper(original, records, *args)``, with the method itself first
    """
    registry_class = type(model)
    original = getattr(registry_class, name, None)
    if not original or hasattr(original, "_mx51_sci"):
        return

    def wrapped(self, *args, **kwargs):
        return wrapper(original, self, *args, **kwargs)

    # What else Odoo keeps at a method, such as whether it is the model's.
    wrapped.__dict__.update(vars(original))
    wrapped._mx51_sci = True
    setattr(registry_class, name, wrapped)
