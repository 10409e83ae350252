"""axe and the sizes of targets, on whatever screen of ours is looked at."""

from lib import node
from playwright.sync_api import Error

from . import screens
from .sentences import Unmet, sentence

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
#: A finger's width (pixels), for what is touched in the register.
TARGET = 44
#: What the rule asks of a whole page is Odoo's matter.
NOT_OURS = [
    *("region", "page-has-heading-one", "landmark-one-main", "heading-order"),
    *("landmark-no-duplicate-banner", "landmark-no-duplicate-main"),
    *("landmark-main-is-top-level", "landmark-banner-is-top-level"),
    *("landmark-no-duplicate-contentinfo", "landmark-unique"),
]

#: By each template of a screen of ours, what shows that somebody has looked at it.
SCREENS = {
    "CustomerDisplay": ".o_sci_customer_display",
    "PairingDialog": ".o_sci_pairing_dialog",
    "PairingPanel": ".o_sci_pairing",
    "PairingPanel.Confirming": ".o_sci_confirmation_code",
    "PairingPanel.Paired": ".o_sci_pairing .o_sci_success",
    "PairingPanel.Unpaired": ".o_sci_pairing .o_sci_code",
    "SciActionForm": ".o_sci_input",
    "SciCardButtons": ".o_sci_card_buttons",
    "SciDay": ".o_sci_day",
    "SciDayRows": ".o_sci_day_rows",
    "SciEarlierDay": ".o_sci_earlier",
    "SciFindings": ".o_sci_findings",
    "SciNextSteps": ".o_sci_next_steps button",
    "SciOrderBadge": ".o_sci_order_badge",
    "SciOverride": ".o_sci_login",
    "SciPairingButton": ".o_sci_pairing_button",
    "SciPaymentLine": ".o_sci_payment_line",
    "SciReceiptsDialog": ".o_sci_receipts_dialog",
    "SciSessionPayments": ".o_sci_payment_row",
    "SciSetUp": ".o_sci_set_up",
    "SciSetUp.Paired": ".o_sci_paired",
    "SciSettlementDialog": ".o_sci_settlement",
    "SciSetupCheck": ".o_sci_setup_check",
    "SciStatusMark": "button.o_sci_status",
    "SciStatusPanel": ".o_sci_panel",
    "SciTerminalCard": ".o_sci_terminal_card",
    "SciTerminalChooser": ".o_sci_chooser",
    "SciTerminalFacts": ".o_sci_facts",
    "SciTerminalMark": ".o_sci_terminal_mark",
    "SciTransactionDialog": ".o_sci_dialog",
    "SciUnfinishedOrders": ".o_sci_unfinished",
    "SciUnresolved": ".o_sci_unresolved",
}

_RUN = """async ([tags, off, ours]) => {
    const rules = Object.fromEntries(off.map((name) => [name, {enabled: false}]));
    const found = [...document.querySelectorAll(ours)].filter(
        (node) => !node.parentElement.closest(ours) && node.getClientRects().length
    );
    if (!found.length) {
        return [];
    }
    const {violations} = await axe.run(
        {include: found},
        {runOnly: {type: "tag", values: tags}, rules, resultTypes: ["violations"]}
    );
    return violations.flatMap(({id, help, nodes}) =>
        nodes.map(({html, any}) => `${id}: ${help}: ${html.slice(0, 160)} ${
            any[0]?.message.slice(0, 160) || ""}`)
    );
}"""
_SMALL = """([ours, least]) => {
    const top = [...document.querySelectorAll(".modal")].at(-1) || document.body;
    const all = top.querySelectorAll(
        ["button", "input", "summary", "a[href]", "[role=button]"]
            .flatMap((name) => [`${ours} ${name}`, `${name}${ours}`])
            .join()
    );
    return [...new Set(all)]
        .map((node) => [node, node.getBoundingClientRect()])
        .filter(([node, box]) => box.width && (box.width < least || box.height < least))
        .map(([node, box]) => `${Math.round(box.width)}×${Math.round(box.height)}: ${
            node.outerHTML.slice(0, 120)}`);
}"""

_SHOWN = """(selectors) => selectors.filter((selector) =>
    [...document.querySelectorAll(selector)].some((node) => node.checkVisibility())
)"""


def examined(page, is_register):
    """{kind: texts} of what is wrong on this page: ``axe`` and ``small``; and the
    templates of what it shows, ``seen``."""
    try:
        if not page.evaluate("Boolean(window.axe)"):
            page.add_script_tag(path=node.modules() / "axe-core" / "axe.min.js")
        found = {"axe": page.evaluate(_RUN, [TAGS, NOT_OURS, screens.OURS])}
        if is_register:
            found["small"] = page.evaluate(_SMALL, [screens.OURS, TARGET])
        shown = page.evaluate(_SHOWN, list(SCREENS.values()))
    except Error as error:
        return {"axe": [f"axe did not run: {error.message.splitlines()[0]}"]}
    return found | {"seen": [name for name in SCREENS if SCREENS[name] in shown]}


@sentence("All: axe finds nothing on the screens of this run")
def _axe(stage):
    _none(stage, "axe")


@sentence("All: what is touched in the register is 44 pixels wide and high")
def _targets(stage):
    _none(stage, "small")


@sentence("All: each of our screens has been looked at")
def _each(stage):
    seen = {name for found in stage.findings.values() for name in found.get("seen", [])}
    if missing := sorted(set(SCREENS) - seen):
        raise Unmet(f"Nobody has looked at {', '.join(missing)}.")


def _none(stage, kind):
    looked_at = [name for name, found in stage.findings.items() if kind in found]
    wrong = {
        text: name
        for name, found in stage.findings.items()
        for text in found.get(kind, [])
    }
    if not looked_at:
        raise Unmet("No screen was looked at.")
    if wrong:
        lines = [f"{name}: {text}" for text, name in wrong.items()]
        raise Unmet("\n".join(lines))
