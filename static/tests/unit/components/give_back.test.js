import {addCardLine, setupSciPos, viewOf} from "../helpers/pos_setup";
import {animationFrame, click} from "@odoo/hoot-dom";
import {beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {ROWS} from "../data/ledger_rows";
import {SciPaymentLine} from "@pos_mx51_sci/app/components/sci_payment_line/sci_payment_line";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

const PART = {
    amounts: {purchase_amount: 500},
    result_amounts: {purchase_amount: 500},
};

let world = null;

/** 5.00 of 17.85 have been paid by card. */
beforeEach(async () => {
    world = await setupSciPos();
    world.pos.config.auto_validate_terminal_payment = false;
    world.sci.terminals.all = world.sci.terminals.all.slice(0, 1);
    Object.assign(world, await addCardLine(world));
    onRpc("pos.sci.transaction", "sci_refundable", () => ({
        due: 0,
        payments: [
            {payment_uuid: world.line.uuid, left: 500, terminal_name: "Front Bar"},
        ],
        refusal: false,
    }));
    onRpc("pos.order", "action_pos_order_cancel", () => expect.step("cancelled"));
    world.line.setAmount(5);
    world.line.pay();
    await waitUntil(() => world.transport.count("start"));
    await world.transport.answer("start", viewOf(world.line, ROWS.approved, PART));
});

async function show() {
    const {line} = world;
    const props = {line, send: () => undefined, cancel: () => undefined};
    await mountWithCleanup(SciPaymentLine, {props});
}

async function giveBack() {
    await show();
    await click(".o_sci_give_back");
    await animationFrame();
    await click(".modal .btn-primary:contains(Give back)");
    await waitUntil(() => world.transport.count("start") === 2);
    return world.order.payment_ids.at(-1);
}

describe("an approved part", () => {
    test.tags("desktop");

    test("goes back to its card", async () => {
        const {line, transport} = world;
        const refund = await giveBack();
        expect(refund.amount).toBe(-5);
        const values = transport.last("start").args[0];
        expect(values.kind).toBe("refund");
        expect(values.amounts).toEqual({refund_amount: 500});
        expect(values.original_payment_uuid).toBe(line.uuid);
        await animationFrame();
        expect(".o_sci_give_back").toHaveCount(0);
    });

    test("then the order can be dropped, and not before", async () => {
        const {order, pos, transport} = world;
        const refund = await giveBack();
        expect(order.isSciGivenBack()).toBe(false);
        await transport.answer(
            "start",
            viewOf(refund, ROWS.approved, {
                kind: "refund",
                amounts: {refund_amount: 500},
                result_amounts: {purchase_amount: 0, refund_amount: 500},
            })
        );
        expect(order.isSciGivenBack()).toBe(true);
        expect(await pos.deleteOrders([order])).toBe(true);
        expect.verifySteps(["cancelled"]);
        expect(pos.models["pos.order"].getBy("uuid", order.uuid)).toBe(undefined);
        expect(pos.models["pos.payment"].getBy("uuid", refund.uuid)).toBe(undefined);
    });

    test("is not given back by who may not refund", async () => {
        patchWithCleanup(world.pos, {getCashier: () => ({_role: "minimal"})});
        await show();
        expect(".o_sci_give_back").toHaveCount(0);
    });

    test("stays where nothing is due: the sale is finished and refunded", async () => {
        const {order, pos} = world;
        order.addPaymentline(pos.models["pos.payment.method"].get(1));
        await show();
        expect(".o_sci_give_back").toHaveCount(0);
    });
});
