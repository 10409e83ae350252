/* global posmodel */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as Dialog from "@point_of_sale/../tests/generic_helpers/dialog_util";
import * as NumberPopup from "@point_of_sale/../tests/generic_helpers/number_popup_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import * as ProductScreen from "@point_of_sale/../tests/pos/tours/utils/product_screen_util";
import * as ReceiptScreen from "@point_of_sale/../tests/pos/tours/utils/receipt_screen_util";
import {cookie} from "@web/core/browser/cookie";
import {registry} from "@web/core/registry";

/** Generous time limits, for machines that are busy. */
export function add(name, steps) {
    registry.category("web_tour.tours").add(`pos_mx51_sci.${name}`, {
        steps: () =>
            steps()
                .flat()
                .map((step) => ({timeout: 30000, ...step})),
    });
}

export function press(trigger, content = `press ${trigger}`) {
    return [{content, trigger, run: "click"}];
}

export function see(trigger, content = `see ${trigger}`) {
    return [{content, trigger}];
}

export function act(content, run) {
    return [{content, trigger: "body", run}];
}

// -- The register ------------------------------------------------------------------

export function start() {
    return [Chrome.startPoS(), Dialog.confirm("Open Register")].flat();
}

/** One Desk Organizer of 5.10, up to the payment screen. */
export function sellOne() {
    return [
        ProductScreen.clickDisplayedProduct("Desk Organizer"),
        ProductScreen.clickPayButton(),
    ].flat();
}

export function payByCard() {
    return [sellOne(), PaymentScreen.clickPaymentMethod("Card")].flat();
}

export function payCash() {
    return [
        PaymentScreen.clickPaymentMethod("Cash"),
        PaymentScreen.clickValidate(),
    ].flat();
}

export function isSold(total = "5.10") {
    return [ReceiptScreen.isShown(), ReceiptScreen.totalAmountContains(total)].flat();
}

export function nextOrder() {
    return ReceiptScreen.clickNextOrder();
}

/** Reloads at once: whatever the browser has not stored yet is gone. */
export function reload() {
    return [
        {
            content: "the page is reloaded",
            trigger: "body",
            expectUnloadPage: true,
            run: () => window.location.reload(),
        },
    ];
}

/** The text of the payment line. */
export function lineSays(text) {
    return see(
        `.paymentlines .o_sci_payment_line:contains("${text}")`,
        `the line says “${text}”`
    );
}

// -- The transaction dialog ----------------------------------------------------------

/** Touches buttons of the transaction dialog, which waits for the cashier. */
export function inDialog(...labels) {
    return labels.flatMap((label) =>
        press(`.o_sci_dialog button:contains(${label})`, `the dialog offers “${label}”`)
    );
}

export function dialogSays(text) {
    return see(
        `.o_sci_dialog .o_sci_headline:contains("${text}")`,
        `the dialog says “${text}”`
    );
}

/**
 * Two dollars, approved: the order stays open.
 * @param {...Object} meanwhile steps that are the customer's
 */
export function payPartByCard(...meanwhile) {
    return [
        press(".o_sci_part"),
        NumberPopup.enterValue("2"),
        NumberPopup.isShown("2"),
        Dialog.confirm(),
        meanwhile,
        dialogSays("APPROVED"),
        inDialog("Done"),
    ].flat();
}

/** The question about the outcome. */
export function showsQuestion() {
    return see(
        ".o_sci_question:contains(5.10 from Front Bar):contains(was the transaction successful?)",
        "the question, with the amount and the terminal"
    );
}

/** The question, answered with the first reason offered. */
export function state(answer, record) {
    return [
        showsQuestion(),
        inDialog(answer),
        press(".o_sci_dialog .o_sci_reason", "a reason"),
        inDialog(record),
    ].flat();
}

// -- The sandbox --------------------------------------------------------------------

/** The sandbox can be reached while Odoo cannot. */
const fetchAnyway = window.fetch.bind(window);

/** Calls the sandbox's control API. */
export async function control(path, body, method = "POST") {
    const answer = await fetchAnyway(`${cookie.get("sci_sandbox")}/control/${path}`, {
        method,
        body: body && JSON.stringify(body),
    });
    if (!answer.ok) {
        throw new Error(`The sandbox says: ${await answer.text()}`);
    }
}

/** The customer presents a card that the bank approves. */
export function presentCard(terminal = "front-bar", card = {}) {
    return act(`the customer presents a card on ${terminal}`, () =>
        control(`terminals/${terminal}/card`, {outcome: "approve", ...card})
    );
}

export function terminalShows(screen, terminal = "front-bar") {
    return act(`${terminal} shows ${screen}`, () =>
        control(
            `wait?terminal=${terminal}&screen=${screen}&timeout=20`,
            undefined,
            "GET"
        )
    );
}

/** From now on requests to mx51 whose path matches fail. */
export function fault(path, method, action, details = {}) {
    return act(`${method} ${path}: ${action}`, () =>
        control("faults", {path, method, action, times: 0, ...details})
    );
}

export function noFaults() {
    return act("mx51 works again", () => control("faults", undefined, "DELETE"));
}

/** Waits until the last row of the ledger has that status. */
export function rowIs(status) {
    return act(`the ledger says ${status}`, async () => {
        for (;;) {
            const [row] = await posmodel.data.orm.silent.searchRead(
                "pos.sci.transaction",
                [],
                ["status"],
                {order: "id desc", limit: 1}
            );
            if (row?.status === status) {
                return;
            }
        }
    });
}
