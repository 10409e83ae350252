import {addCardLine, setupSciPos} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {OrderSummary} from "@point_of_sale/app/screens/product_screen/order_summary/order_summary";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

let world = null;

/** An order with a tip of 2.00 that a terminal has added. */
beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
    const {pos, order} = world;
    const product = order.lines[0].product_id;
    pos.config.tip_product_id = product;
    order.lines.forEach((line) => line.delete());
    world.tip = pos.models["pos.order.line"].create({
        order_id: order,
        product_id: product,
        qty: 1,
        price_unit: 2,
        price_type: "manual",
        sci_line_kind: "tip",
    });
    patchWithCleanup(pos.dialog, {
        add: (_dialog, {body}) => expect.step(`${body}`.split(",")[0]),
    });
});

const CHARGED = "The terminal has charged this amount";

describe("what a terminal has charged", () => {
    test.tags("desktop");

    function expectUntouched() {
        const {order, tip} = world;
        expect(order.lines.includes(tip)).toBe(true);
        expect([tip.price_unit, tip.qty, tip.getDiscount()]).toEqual([2, 1, 0]);
    }

    test("keeps its price, whoever sets it", () => {
        world.tip.setUnitPrice(9);
        expectUntouched();
    });

    test("keeps its price on the numpad, which says why", async () => {
        const {pos, order, tip} = world;
        pos.setOrder(order);
        const summary = await mountWithCleanup(OrderSummary, {props: {}});
        order.selectOrderline(tip);
        for (const mode of ["price", "quantity", "discount"]) {
            pos.numpadMode = mode;
            summary._setValue("9");
        }
        expectUntouched();
        expect.verifySteps([CHARGED, CHARGED]);
    });

    test("cannot be configured by a long press", async () => {
        const {pos, order, tip} = world;
        pos.setOrder(order);
        const summary = await mountWithCleanup(OrderSummary, {props: {}});
        expect(await summary.onOrderlineLongPress(new Event("x"), tip)).toBe(false);
        expectUntouched();
        expect.verifySteps([CHARGED]);
    });

    test("is not what the Tip button changes", async () => {
        const {pos, order, tip} = world;
        pos.setOrder(order);
        expect(order.getTip()).toBe(0);
        const own = await pos.setTip(3);
        expect(own).not.toBe(tip);
        expect(own.price_unit).toBe(3);
        expect(await pos.setTip(4)).toBe(own);
        expect(own.price_unit).toBe(4);
        expectUntouched();
        expect(order.lines.length).toBe(2);
        expect(order.getTip()).toBe(order.getSciOwnTip());
    });

    test("is free once the order is finished", () => {
        const {order, tip} = world;
        order.state = "paid";
        tip.setUnitPrice(9);
        expect(tip.price_unit).toBe(9);
    });
});

test.tags("desktop");
test("other lines are as free as ever", async () => {
    const {pos, order, tip} = world;
    tip.sci_line_kind = false;
    pos.setOrder(order);
    expect(await pos.setTip(5)).toBe(tip);
    expect(tip.price_unit).toBe(5);
});
