import {MockServer, mountWithCleanup} from "@web/../tests/web_test_helpers";
import {addCardLine, send, setupSciPos, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, runAllTimers, test, waitUntil} from "@odoo/hoot";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {flushPromises} from "../helpers/time";
import {queryAllTexts} from "@odoo/hoot-dom";

definePosModels();

const CASH = 1;
const AMOUNTS = {purchase_amount: 1785, cashout_amount: 2000};

let world = null;

/** 17.85 by card, with 20.00 in cash that the server has posted as a payment. */
beforeEach(async () => {
    world = await setupSciPos();
    world.pos.config.sci_cashout = true;
    Object.assign(world, await addCardLine(world));
    world.cash = world.pos.models["pos.payment.method"].get(CASH);
});

async function payOut(result = AMOUNTS) {
    const {order, line, transport} = world;
    line.setAmount(37.85);
    line.uiState = {...line.uiState, sciRequest: {cashout: 2000}};
    send(world);
    await waitUntil(() => transport.count("start"));
    MockServer.env["pos.payment"].create({
        uuid: `sci-${line.uuid}-7-cashout`,
        pos_order_id: order.id,
        payment_method_id: CASH,
        amount: -20,
        is_change: true,
    });
    const total = Object.values(result).reduce((sum, minor) => sum + minor, 0);
    const paid = {amount: total / 100, payment_status: "done"};
    MockServer.env["pos.payment"].write([line.id], paid);
    const kind = "purchase_with_cashout";
    const changes = {kind, amounts: AMOUNTS, result_amounts: result};
    await transport.answer("start", viewOf(line, ROWS.approved, changes));
    await waitUntil(() => order.payment_ids.length === 2);
    await flushPromises();
}

describe("cash that a card payment has handed out", () => {
    test.tags("desktop");

    test("is no change that is still to be given", async () => {
        const {order, pos} = world;
        pos.config.auto_validate_terminal_payment = false;
        await payOut();
        expect(order.change).toBe(0);
        expect(order.remainingDue).toBe(0);
        expect(order.isPaid()).toBe(true);
    });

    test("is no reason not to validate, and the change of the receipt", async () => {
        const {order} = world;
        await payOut();
        await runAllTimers();
        await waitUntil(() => order.state === "paid");
        expect(Math.abs(order.change)).toBe(20);
    });

    test("pays for no goods that are added later", async () => {
        const {order, pos} = world;
        pos.config.auto_validate_terminal_payment = false;
        await payOut();
        order.lines[0].setQuantity(order.lines[0].qty + 1);
        expect(order.isPaid()).toBe(false);
        expect(order.remainingDue).toBe(pos.currency.round(order.priceIncl - 17.85));
    });

    test("is not what less than asked for is paid with", async () => {
        const {order} = world;
        await payOut({purchase_amount: 1000, cashout_amount: 2000});
        await runAllTimers();
        expect(order.state).toBe("draft");
        expect(order.change).toBe(0);
        expect(order.remainingDue).toBe(7.85);
    });

    test("is not on the payment screen, and the rest may be paid in cash", async () => {
        const {order, cash} = world;
        await payOut({purchase_amount: 1000, cashout_amount: 2000});
        const props = {orderUuid: order.uuid};
        await mountWithCleanup(PaymentScreen, {props});
        expect(queryAllTexts(".paymentline .payment-name")).toEqual(["Card"]);
        const {status, data: line} = order.addPaymentline(cash);
        expect(status).toBe(true);
        expect(line.amount).toBe(7.85);
        expect(order.isPaid()).toBe(true);
        expect(order.addPaymentline(cash).status).toBe(false);
        order.removePaymentline(line);
        expect(order.remainingDue).toBe(7.85);
    });
});
