/**
 * What the terminal's display shows, one function for each screen. Each gets the
 * terminal as the control API returns it and the state of the view: the open menu,
 * the digits keyed so far.
 */
import {button, h, icon, money} from "./dom.js";

const TICK = "M14 34 27 47 51 19";
const CROSS = ["M18 18 46 46", "M46 18 18 46"];
const WAVES = [
    "M22 44a18 18 0 0 0 0-24",
    "M32 50a28 28 0 0 0 0-36",
    "M42 56a38 38 0 0 0 0-48",
];
const TITLES = {
    purchase: "Purchase",
    refund: "Refund",
    cashout: "Cash out",
    purchase_with_cashout: "Purchase + cash out",
    moto: "Mail / phone order",
    settlement: "Settlement",
    enquiry: "Enquiry",
};

const title = (text) => h("h3.title", {}, text);
const note = (text) => h("p.note", {}, text);
const buttons = (...items) => h("div.softkeys", {}, ...items);

function total(terminal) {
    const {amounts, added} = terminal.transaction;
    return Object.values({...amounts, ...added}).reduce((sum, cents) => sum + cents, 0);
}

function pairings(terminal) {
    const items = terminal.pairings.map((pairing) =>
        h(
            "div.list-row",
            {},
            h("span", {}, pairing.nickname || pairing.id.slice(0, 12)),
            button("Unpair", "unpair", ".danger", {pairing: pairing.id})
        )
    );
    return [
        title("POS pairings"),
        items.length ? h("div.list", {}, ...items) : note("No POS is paired."),
        buttons(
            button("Back", "menu_close"),
            button("New pairing", "menu_integration", ".primary")
        ),
    ];
}

/** What the bank lets a merchant switch on the terminal. */
function settings(terminal) {
    const choice = (label, name, on, value) =>
        h(
            "div.list-row",
            {},
            h("span", {}, label),
            button(on ? "On" : "Off", "config", on ? ".switch.on" : ".switch", {
                name,
                value: JSON.stringify(value),
            })
        );
    const {tip_prompt, surcharge_rate, cashout_enabled, moto_enabled} = terminal;
    return [
        title("Settings"),
        h(
            "div.list",
            {},
            choice("Ask for a tip", "tip_prompt", tip_prompt, !tip_prompt),
            choice(
                "Surcharge 1.5%",
                "surcharge_rate",
                surcharge_rate,
                surcharge_rate ? 0 : 150
            ),
            choice("Cash out", "cashout_enabled", cashout_enabled, !cashout_enabled),
            choice("Mail / phone order", "moto_enabled", moto_enabled, !moto_enabled)
        ),
        buttons(button("Back", "menu_close")),
    ];
}

function idle(terminal, view) {
    if (view.menu === "settings") {
        return settings(terminal);
    }
    if (view.menu === "pairings") {
        return pairings(terminal);
    }
    if (view.menu === "integration") {
        return [
            title("New POS pairing"),
            note("Choose how the POS is connected."),
            h(
                "div.list",
                {},
                button("Simple Cloud Integration", "start_pairing", ".list-item")
            ),
            buttons(button("Back", "menu_pairings")),
        ];
    }
    return [
        h("div.shop", {}, terminal.nickname),
        h("p.ready", {}, terminal.paired ? "Ready" : "Not paired with a POS"),
        buttons(
            button("Manage POS pairing", "menu_pairings", ".wide"),
            button("Settings", "menu_settings")
        ),
    ];
}

function pairing_code(terminal) {
    return [
        title("Pairing code"),
        h("div.code", {"data-role": "pairing_code"}, terminal.pairing_code),
        note("Enter this code in the POS."),
        buttons(button("Cancel", "reject")),
    ];
}

function confirm_pairing(terminal) {
    return [
        title("Confirmation code"),
        h("div.code", {"data-role": "confirmation_code"}, terminal.confirmation_code),
        note("Does the POS show the same code?"),
        buttons(
            button("Reject", "reject", ".danger"),
            button("Confirm", "confirm", ".primary")
        ),
    ];
}

function paired_notice(terminal) {
    const last = terminal.pairings.at(-1);
    const name = last && last.nickname ? ` with ${last.nickname}` : "";
    return [
        icon(TICK, "good"),
        h("p.headline", {}, "Paired"),
        note(`This terminal is paired${name}.`),
    ];
}

function present_card(terminal) {
    return [
        title(TITLES[terminal.transaction.kind]),
        h("div.amount", {}, money(total(terminal))),
        icon(WAVES, "waves"),
        h("p.headline", {}, "Present card"),
    ];
}

function moto(terminal) {
    return [
        title(TITLES.moto),
        h("div.amount", {}, money(total(terminal))),
        h("p.headline", {}, "Key card number"),
        note("Choose a card below: its number is keyed."),
    ];
}

function amount_entry(terminal, view, heading, name) {
    const base = total(terminal);
    const choices = [10, 15, 20].map((percent) =>
        button(`${percent}%`, "amount", "", {
            name,
            cents: Math.round((base * percent) / 100),
        })
    );
    return [
        title(heading),
        h("div.amount", {}, view.digits ? money(Number(view.digits)) : money(base)),
        note(view.digits ? "Press the green key." : "Choose, or key an amount."),
        name === "tip"
            ? buttons(...choices, button("No tip", "amount", "", {name, cents: 0}))
            : buttons(
                  ...[2000, 5000].map((cents) =>
                      button(money(cents), "amount", "", {name, cents})
                  )
              ),
    ];
}

const tip = (terminal, view) => amount_entry(terminal, view, "Add a tip?", "tip");
const cashout = (terminal, view) =>
    amount_entry(terminal, view, "Cash out amount", "cashout");

function processing() {
    return [h("div.spinner"), h("p.headline", {}, "Processing"), note("Please wait")];
}

function settling() {
    return [h("div.spinner"), h("p.headline", {}, "Settlement"), note("In progress")];
}

function signature(terminal) {
    const here = terminal.transaction.flags.verify_signature_on_terminal;
    return [
        icon("M10 46c8-4 10-26 16-26s-2 20 4 20 6-10 10-10 0 10 14 8", "pen"),
        h("p.headline", {}, "Signature required"),
        note(
            here
                ? "Is it the cardholder's signature?"
                : "Check the signature on the POS."
        ),
        here
            ? buttons(
                  button("No", "signature", ".danger", {approved: "no"}),
                  button("Yes", "signature", ".primary", {approved: "yes"})
              )
            : "",
    ];
}

function result(terminal) {
    const transaction = {...terminal.transaction, ...terminal.transaction.unsent};
    const good = transaction.financial_status === "APPROVED";
    const paper = transaction.customer_receipt && !transaction.is_settlement;
    return [
        icon(good ? TICK : CROSS, good ? "good" : "bad"),
        h("p.headline", {}, (transaction.financial_status || "").toLowerCase()),
        h("p.bank", {}, transaction.message),
        buttons(
            paper ? button("Receipt", "print") : "",
            button("Done", "cancel", ".primary")
        ),
    ];
}

const SCREENS = {
    idle,
    pairing_code,
    confirm_pairing,
    paired_notice,
    present_card,
    moto,
    tip,
    cashout,
    processing,
    settling,
    signature,
    result,
    off: () => [],
};

/** The elements of the screen that the terminal shows. */
export function screen(terminal, view) {
    return SCREENS[terminal.screen](terminal, view).filter(Boolean);
}
