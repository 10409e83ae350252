"""``pos_instructions``: what mx51 tells the POS to show and offer."""

import base64
import struct
import zlib


def instructions(transaction, pairing, terminal, settings):
    """The pos_instructions of a transaction as it is now."""
    builder = _Builder(f"{pairing.base_url}{transaction.path}", settings["layout"])
    FORMS[transaction.form](builder, transaction)
    auto = None
    if transaction.form == "signature" and (
        transaction.flags.get("pos_auto_print_signature_receipt")
    ):
        action = "PRINT_MERCHANT_RECEIPT"
        auto = [{"action": action} if settings["auto_actions"] == "objects" else action]
    return {
        "auto_actions": auto,
        "action_form": {
            "layout": builder.layout or None,
            "properties": builder.properties or None,
            "details": {
                "Pairing ID": pairing.id,
                "TID": terminal.tid,
                "Transaction ID": transaction.id,
                "Transaction Version": str(transaction.version),
            },
        },
    }


class _Builder:
    """Collects rows of a layout and their elements."""

    def __init__(self, url, layout_type):
        self.url = url
        self.layout_type = layout_type
        self.layout = []
        self.properties = {}

    def row(self, *elements, layout_type=None):
        """Add a row of (key, label, element)."""
        row = [{"label": label, "key": key} for key, label, _ in elements]
        self.layout.append({"type": layout_type or self.layout_type, "elements": row})
        self.properties.update({key: element for key, _, element in elements})

    def submit(self, key, label, path):
        """A button that posts to ``path`` under the transaction."""
        url = f"{self.url}/actions/{path}"
        return key, label, {"type": "button", "submit_url": url, "action": None}

    @staticmethod
    def action(key, label, code):
        """A button whose action the POS carries out itself."""
        return key, label, {"type": "button", "submit_url": None, "action": code}

    @staticmethod
    def text(key, label, text):
        return key, label, {"type": "text", "text": text}

    @staticmethod
    def input(key, label, name):
        return key, label, {"type": "input", "name": name}

    @staticmethod
    def image(key, label, data):
        encoded = base64.b64encode(data).decode()
        element = {"type": "image", "mime": "image/png", "encoding": "base64"}
        return key, label, {**element, "data": encoded}


def _none(form, transaction):
    """Only the details, as in the documented first answer."""


def _cancel(form, transaction):
    form.row(form.submit("cancel_transaction", "Cancel", "cancel"))


def _signature(form, transaction):
    form.row(form.image("scheme_logo", "", logo()))
    form.row(form.text("signature_hint", "", "Check the customer's signature"))
    if not transaction.flags.get("pos_auto_print_signature_receipt"):
        form.row(_print(form, "merchant"))
    form.row(
        form.submit("approve_signature", "Approve", "signature/approve"),
        form.submit("decline_signature", "Decline", "signature/decline"),
    )


def _final(form, transaction):
    prints = []
    if transaction.merchant_receipt:
        prints.append(_print(form, "merchant"))
    if transaction.customer_receipt:
        prints.append(_print(form, "customer"))
    if prints:
        form.row(*prints)
    subject = "SETTLEMENT" if transaction.is_settlement else "TRANSACTION"
    done = f"{subject}_COMPLETE"
    buttons = [form.action(done.lower(), "Done", done)]
    if transaction.financial_status in ("DECLINED", "CANCELLED"):
        retry = f"RETRY_{subject}"
        buttons.append(form.action(retry.lower(), "Retry", retry))
    form.row(*buttons)


def _certification(form, transaction):
    """Every element type, both layouts, inputs, submit and TEST_ACTION."""
    form.row(form.image("image_1", "", logo()))
    form.row(
        form.text("text_1", "Label 1", "Text with a label"),
        form.text("text_2", "", "Text without a label"),
        layout_type="vertical_layout",
    )
    form.row(
        form.input("input_1", "Input 1 (input_name_1)", "input_name_1"),
        form.input("input_2", "Input 2 (input_name_2)", "input_name_2"),
        layout_type="horizontal_layout",
    )
    form.row(
        form.submit("submit_1", "Submit to API", "certification"),
        form.action("test_1", "Test action", "TEST_ACTION"),
        layout_type="horizontal_layout",
    )


def _print(form, who):
    action = f"PRINT_{who.upper()}_RECEIPT"
    label = f"Print {who.capitalize()} Receipt"
    return form.action(f"print_{who}_receipt", label, action)


#: One function for each form; its key is ``Transaction.form``.
FORMS = {
    "none": _none,
    "cancel": _cancel,
    "signature": _signature,
    "final": _final,
    "certification": _certification,
}


def logo(width=120, height=32):
    """A small PNG in two colours, made here so that no file has to ship."""
    rows = b""
    for y in range(height):
        row = bytearray()
        for x in range(width):
            inside = (x // 12 + y // 8) % 2
            row += b"\x1f\x6f\x8b" if inside else b"\xff\xff\xff"
        rows += b"\x00" + bytes(row)

    def chunk(kind, data):
        crc = zlib.crc32(kind + data)
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", crc)

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )
