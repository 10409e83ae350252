import {MockServer, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {addCardLine, send, setupSciPos, viewOf} from "./pos_setup";
import {expect, waitUntil} from "@odoo/hoot";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {ROWS} from "../data/ledger_rows";
import {browser} from "@web/core/browser/browser";
import {flushPromises} from "./time";

const UNTAXED = 1;
const RESULT = {purchase_amount: 1785, tip_amount: 200, surcharge_amount: 27};
export const BOTH = [
    ["tip", 2],
    ["surcharge", 0.27],
];
export const GONE_ON = ["paid: kitchen, receipt", "to ReceiptScreen"];

/** What the test has: the POS, an order with a card line, the transport. */
export const world = {};

/** Steps are what is said, printed and shown next. */
export async function setupTakeOver() {
    browser.localStorage.clear();
    Object.assign(world, await setupSciPos());
    Object.assign(world, await addCardLine(world));
    patchWithCleanup(world.pos.notification, {
        add: (text) => expect.step(`${text}`.replaceAll("\u00a0", " ")),
    });
    patchWithCleanup(world.pos, {
        navigate: (page) => expect.step(`to ${page}`),
    });
    patchWithCleanup(OrderPaymentValidation.prototype, {
        async afterOrderValidation() {
            expect.step(`${this.order.state}: kitchen, receipt`);
        },
    });
}

/** What the server writes into the order when the bank has approved. */
export function post(state, result = RESULT) {
    const {order, line} = world;
    const {env} = MockServer;
    for (const kind of ["tip", "surcharge"]) {
        const amount = (result[`${kind}_amount`] || 0) / 100;
        if (amount) {
            env["pos.order.line"].create({
                order_id: order.id,
                uuid: `sci-${line.uuid}-7-${kind}`,
                product_id: UNTAXED,
                qty: 1,
                price_unit: amount,
                price_subtotal: amount,
                price_subtotal_incl: amount,
                sci_line_kind: kind,
            });
        }
    }
    const sum = Object.values(result).reduce((total, minor) => total + minor, 0);
    env["pos.payment"].write([line.id], {amount: sum / 100, payment_status: "done"});
    env["pos.order"].write([order.id], {state});
}

export function approval(changes = {}) {
    return viewOf(world.line, ROWS.approved, {result_amounts: RESULT, ...changes});
}

export async function settle() {
    for (let turn = 0; turn < 20; turn++) {
        await flushPromises();
    }
}

export async function start() {
    send(world);
    await waitUntil(() => world.transport.count("start"));
}

/** The payment is approved; the server has posted it. */
export async function approve(state, result = RESULT) {
    post(state, result);
    const changes = {order_state: state, result_amounts: result};
    await world.transport.answer("start", approval(changes));
    await settle();
}

export function added() {
    return world.order.lines
        .filter((line) => line.sci_line_kind)
        .map((line) => [line.sci_line_kind, line.priceIncl]);
}

export function expectTakenOver() {
    const {order, line} = world;
    expect(order.state).toBe("paid");
    expect(added()).toEqual(BOTH);
    expect(line.amount).toBe(20.12);
    expect(order.priceIncl).toBe(20.12);
}
