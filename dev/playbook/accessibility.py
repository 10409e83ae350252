"""axe and the sizes of targets, on whatever screen of ours is looked at."""

from lib import node

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
]

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


def examined(page, is_register):
    """{kind: texts} of what is wrong on this page: ``axe`` and ``small``."""
    if not page.evaluate("Boolean(window.axe)"):
        page.add_script_tag(path=node.modules() / "axe-core" / "axe.min.js")
    found = {"axe": page.evaluate(_RUN, [TAGS, NOT_OURS, screens.OURS])}
    if is_register:
        found["small"] = page.evaluate(_SMALL, [screens.OURS, TARGET])
    return found


@sentence("All: axe finds nothing on the screens of this run")
def _axe(stage):
    _none(stage, "axe")


@sentence("All: what is touched in the register is 44 pixels wide and high")
def _targets(stage):
    _none(stage, "small")


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
