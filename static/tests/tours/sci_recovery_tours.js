/* global posmodel */

import * as Chrome from "@point_of_sale/../tests/pos/tours/utils/chrome_util";
import * as OfflineUtil from "@point_of_sale/../tests/generic_helpers/offline_util";
import * as PaymentScreen from "@point_of_sale/../tests/pos/tours/utils/payment_screen_util";
import {
    act,
    add,
    control,
    dialogSays,
    fault,
    inDialog,
    showsQuestion,
    isSold,
    lineSays,
    nextOrder,
    noFaults,
    payByCard,
    payCash,
    presentCard,
    reload,
    rowIs,
    see,
    sellOne,
    start,
    state,
    terminalShows,
} from "./sci_tour_utils";
import {waitUntil} from "@odoo/hoot-dom";

const CREATE = "/v1/transactions$";
const ABOUT_ONE = "/v1/transactions/";
const PAIRING = "/v1/pairing-info";

/** Until it is reloaded, the browser sends nothing to Odoo and gets no answer. */
function odooDoesNotAnswer() {
    return act("Odoo does not answer", () => {
        XMLHttpRequest.prototype.send = () => undefined;
    });
}

/** No and its reason; the payment is over for the cashier. */
function stateNo() {
    return [
        state("No, not paid", "Record as not paid"),
        dialogSays("Recorded as not paid"),
        inDialog("Other method"),
    ].flat();
}

function isDone() {
    return [dialogSays("APPROVED"), inDialog("Done"), isSold()].flat();
}

// -- Reload at each state ------------------------------------------------------------

add("reload_before_the_terminal_asks", () => [
    start(),
    sellOne(),
    odooDoesNotAnswer(),
    PaymentScreen.clickPaymentMethod("Card"),
    dialogSays("Checking the terminal"),
    reload(),
    lineSays("The payment was not started."),
    fault(PAIRING, "GET", "delay", {seconds: 4}),
    PaymentScreen.clickRetryButton(),
    rowIs("draft"),
    reload(),
    noFaults(),
    dialogSays("present card"),
    presentCard(),
    isDone(),
    nextOrder(),
    fault(CREATE, "POST", "delay", {seconds: 4}),
    payByCard(),
    rowIs("sending"),
    reload(),
    dialogSays("present card"),
    presentCard(),
    isDone(),
]);

add("reload_at_the_terminal_and_at_the_form", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    inDialog("Put aside"),
    see(
        ".paymentlines:not(:has(.send_force_done)):not(:has(.delete-button)) .send_payment_cancel",
        "the terminal asks for the card, and nothing is forced"
    ),
    reload(),
    dialogSays("present card"),
    presentCard("front-bar", {outcome: "signature"}),
    dialogSays("Signature required"),
    reload(),
    dialogSays("Signature required"),
    inDialog("Approve"),
    isDone(),
]);

add("reload_at_the_question", () => [
    start(),
    fault(CREATE, "POST", "drop_after"),
    payByCard(),
    showsQuestion(),
    presentCard(),
    reload(),
    noFaults(),
    state("Yes, paid", "Record as paid"),
    inDialog("Done"),
    isSold(),
    nextOrder(),
    payByCard(),
    dialogSays("present card"),
    fault(ABOUT_ONE, "GET", "drop_before"),
    showsQuestion(),
    reload(),
    showsQuestion(),
    presentCard(),
    noFaults(),
    isDone(),
]);

// -- Contradiction -------------------------------------------------------------------

add("contradicted", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    fault(ABOUT_ONE, undefined, "drop_before"),
    stateNo(),
    presentCard(),
    terminalShows("result"),
    noFaults(),
    PaymentScreen.clickRetryButton(),
    dialogSays("(000) APPROVED"),
    dialogSays("Marked as not paid, but the bank has approved it."),
    inDialog("Done"),
    lineSays("(000) APPROVED"),
    PaymentScreen.clickValidate(),
    isSold(),
]);

// -- A terminal loses its pairing, another one sells -------------------------------------------

add("loses_its_terminal", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    act("the pairing is removed on the terminal", () =>
        control("terminals/front-bar/unpair")
    ),
    dialogSays("No active pairings found"),
    stateNo(),
    payCash(),
    isSold(),
    nextOrder(),
    payByCard(),
    dialogSays("No active pairings found"),
    dialogSays("Nothing was charged."),
    inDialog("Other method"),
    see(
        ".paymentmethod:contains(Card) .o_sci_terminal_mark:contains(not paired)",
        "the method says it too"
    ),
    payCash(),
    isSold(),
]);

/** Odoo takes a register's only payment method by itself. */
add("sells_on_bistro", () => [
    start(),
    sellOne(),
    dialogSays("present card"),
    presentCard("bistro"),
    isDone(),
]);

// -- There is always a way out -------------------------------------------------------------

add("dead_terminal", () => [
    start(),
    act("the terminal is off", () => control("terminals/front-bar/power", {on: false})),
    payByCard(),
    dialogSays("Please check network and terminal connections and try again"),
    dialogSays("Nothing was charged."),
    inDialog("Other method"),
    act("it is switched on", () => control("terminals/front-bar/power", {on: true})),
    PaymentScreen.clickRetryButton(),
    dialogSays("present card"),
    act("it loses its network", () =>
        control("terminals/front-bar/online", {on: false})
    ),
    dialogSays("Front Bar is not connected"),
    inDialog("Cancel"),
    stateNo(),
    payCash(),
    isSold(),
]);

add("dead_mx51", () => [
    start(),
    fault("/v1/", undefined, "drop_before"),
    payByCard(),
    dialogSays("Nothing was charged."),
    inDialog("Other method"),
    noFaults(),
    fault(ABOUT_ONE, undefined, "hang", {seconds: 1}),
    PaymentScreen.clickRetryButton(),
    showsQuestion(),
    inDialog("Keep waiting"),
    see(".o_sci_dialog:not(:has(.o_sci_question)) .o_sci_ask", "it can be asked again"),
    inDialog("Was it successful?"),
    stateNo(),
    payCash(),
    isSold(),
]);

add("dead_odoo", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    OfflineUtil.setOfflineMode(),
    dialogSays("Connection to Odoo lost."),
    inDialog("Put aside"),
    lineSays("Connection to Odoo lost."),
    PaymentScreen.clickBack(),
    Chrome.createFloatingOrder(),
    payByCard(),
    dialogSays("The order could not be saved in Odoo"),
    inDialog("Other method"),
    payCash(),
    isSold(),
    presentCard(),
    OfflineUtil.setOnlineMode(),
    see(
        ".o_notification:contains(by card):contains(APPROVED)",
        "a notification announces the first order's payment"
    ),
    act("both orders reach Odoo", async () => {
        window.dispatchEvent(new Event("online"));
        const orders = posmodel.models["pos.order"];
        const isKnown = (order) => order.isSynced && !order.isDirty();
        await waitUntil(() => orders.every(isKnown), {timeout: 20000});
    }),
]);

add("dead_mx51_and_odoo", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    fault(ABOUT_ONE, undefined, "drop_before"),
    showsQuestion(),
    OfflineUtil.setOfflineMode(),
    dialogSays("Connection to Odoo lost."),
    OfflineUtil.setOnlineMode(),
    stateNo(),
    payCash(),
    isSold(),
]);

// -- Two tabs ------------------------------------------------------------------------

/** What another tab of this register requests of the server for the only payment. */
function otherTab(content, run) {
    return act(`another tab ${content}`, async () => {
        const {orm} = posmodel.data;
        const model = "pos.sci.transaction";
        const [row] = await orm.silent.searchRead(model, [], ["version"]);
        await run(row, (method, ...args) => orm.silent.call(model, method, args));
    });
}

add("two_tabs", () => [
    start(),
    payByCard(),
    dialogSays("present card"),
    otherTab(
        "sends the line again, as it is and as a new attempt",
        async (row, call) => {
            const [line] = posmodel.getOrder().payment_ids;
            for (const attempt of [1, 2]) {
                const {id} = await call("sci_start", {
                    payment_uuid: line.uuid,
                    attempt,
                    order_uuid: line.pos_order_id.uuid,
                    config_id: posmodel.config.id,
                    payment_method_id: line.payment_method_id.id,
                    terminal_id: false,
                    kind: "purchase",
                    amounts: {purchase_amount: 510},
                });
                if (id !== row.id) {
                    throw new Error(`Attempt ${attempt} is another row: ${id}`);
                }
            }
        }
    ),
    presentCard("front-bar", {outcome: "signature"}),
    dialogSays("Signature required"),
    otherTab("approves the signature, twice", async ({id, version}, call) => {
        const {pos_instructions: form} = await call("sci_poll", [id], 0);
        const keys = Object.keys(form.action_form.properties);
        const key = keys.find((name) => name.includes("approve"));
        await Promise.all([1, 2].map(() => call("sci_submit", [id], version, key, {})));
    }),
    isDone(),
]);
