import {Component, xml} from "@odoo/owl";
import {addCardLine, setupSciPos, viewOf} from "./pos_setup";
import {advanceTime, expect, waitUntil} from "@odoo/hoot";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {UNHELD_PAUSE} from "@pos_mx51_sci/app/follow/sci_payment";
import {animationFrame} from "@odoo/hoot-mock";
import {browser} from "@web/core/browser/browser";
import {click} from "@odoo/hoot-dom";

class Nothing extends Component {
    static template = xml`<div/>`;
    static props = [];
}

export const PRINTED = {MERCHANT: "MERCHANT COPY", CUSTOMER: "CUSTOMER COPY"};

export const RECEIPTS = {
    merchant_receipt: PRINTED.MERCHANT,
    customer_receipt: PRINTED.CUSTOMER,
};

/** A card line whose payment opens its dialog; what is printed becomes a step. */
export async function setupDialog() {
    browser.localStorage.clear();
    const world = await setupSciPos({dialogs: true});
    world.pos.config.auto_validate_terminal_payment = false;
    world.pos.currency.name = "AUD";
    Object.assign(world, await addCardLine(world));
    patchWithCleanup(world.sci.dialogs, {print: (text) => expect.step(text)});
    patchWithCleanup(console, {warn: () => undefined});
    await mountWithCleanup(Nothing);
    return world;
}

/** Presses "Send" and answers it with a row. */
export async function pay({line, transport}, row, changes = {}) {
    const before = transport.count("start");
    line.pay();
    await waitUntil(() => transport.count("start") > before);
    await transport.answer("start", viewOf(line, row, changes));
    await animationFrame();
}

/** The next answer to the poll that waits. */
export async function news({line, transport}, row, changes = {}) {
    if (transport.last("poll").isAnswered) {
        await advanceTime(UNHELD_PAUSE);
    }
    transport.last("poll").isAnswered = true;
    await transport.answer("poll", viewOf(line, row, changes));
    await animationFrame();
}

/** Touches a button of the dialog on top. */
export async function touch(label) {
    await click(`.modal:not(.o_inactive_modal) button:contains(${label})`);
    await animationFrame();
}

/** A row with that form, which waits for the cashier. */
export function awaiting(pos_instructions, changes = {}) {
    return {...RECEIPTS, pos_instructions, ...changes};
}
