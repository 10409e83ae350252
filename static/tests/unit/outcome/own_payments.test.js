import {
    GONE_ON,
    approval,
    approve,
    expectTakenOver,
    post,
    settle,
    setupTakeOver,
    start,
    world,
} from "../helpers/take_over_setup";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {OwnPayments} from "@pos_mx51_sci/app/outcome/own_payments";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {showPayment, viewOf} from "../helpers/pos_setup";

definePosModels();

beforeEach(setupTakeOver);

describe("an order that the server has finished", () => {
    test.tags("desktop");
    beforeEach(start);

    test("by a payment of another browser: read, and nothing is printed", async () => {
        const {order, pos, sci} = world;
        showPayment(pos, pos.addNewOrder());
        sci.own.drop(world.line.uuid);
        await approve("paid");
        expectTakenOver();
        expect.verifySteps([`Order ${order.getName()}, $ 20.12 by card: Approved`]);
    });

    test("by a payment of another browser, and shown: the next screen alone", async () => {
        world.sci.own.drop(world.line.uuid);
        await approve("paid");
        expectTakenOver();
        expect.verifySteps(["to ReceiptScreen"]);
    });

    test("two tabs: one goes on", async () => {
        const otherTab = new OwnPayments();
        expect(otherTab.claim(world.order.uuid)).toBe(true);
        await approve("paid");
        expectTakenOver();
        expect.verifySteps(["to ReceiptScreen"]);
    });

    test("a tab that was opened meanwhile does not start what it has not seen", async () => {
        const otherTab = new OwnPayments();
        otherTab.keep("line-2", "order-2");
        expect(world.sci.own.has("order-2")).toBe(false);
        await approve("paid");
        expect(otherTab.claim(world.order.uuid)).toBe(false);
        expect(new OwnPayments().uuids).toEqual(["line-2"]);
        expect.verifySteps(GONE_ON);
    });

    test("while this browser was away: it goes on once it is back", async () => {
        const {line, order, pos, sci, transport} = world;
        post("paid");
        // What a browser that starts again has: its records, and nobody following.
        sci.follower.running.clear();
        sci.startedHere.clear();
        sci.own.orders = new OwnPayments().orders;
        await pos.data.loadServerOrders([["uuid", "=", order.uuid]]);
        expect(order.finalized).toBe(true);
        showPayment(pos, pos.addNewOrder());
        const found = sci.recovery.findFinished();
        await transport.answer("find", [{payment_uuid: line.uuid, id: 7}]);
        await transport.answer("poll", approval({order_state: "paid"}));
        await found;
        await settle();
        expectTakenOver();
        expect.verifySteps([
            `Order ${order.getName()}, $ 20.12 by card: Approved`,
            "paid: kitchen, receipt",
        ]);
        await sci.recovery.findFinished();
        expect(transport.count("find")).toBe(1);
        expect.verifySteps([]);
    });
});

test.tags("desktop");
test("a payment that was not paid is nobody's any more", async () => {
    const {line, order, sci, transport} = world;
    await start();
    expect(sci.own.has(order.uuid)).toBe(true);
    await transport.answer("start", viewOf(line, ROWS.declined));
    expect(sci.own.uuids).toEqual([]);
    expect(new OwnPayments().uuids).toEqual([]);
});
