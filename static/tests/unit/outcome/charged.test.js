import {addCardLine, setupSciPos, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, runAllTimers, test, waitUntil} from "@odoo/hoot";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
});

/** The line is sent and answered with a paid row of these amounts. */
async function approve(result, changes = {}, row = ROWS.approved) {
    const {line, transport} = world;
    line.pay();
    await waitUntil(() => transport.count("start"));
    const view = viewOf(line, row, {result_amounts: result, ...changes});
    await transport.answer("start", view);
}

describe("the payment line has what was charged", () => {
    test.tags("desktop");
    beforeEach(() => {
        world.pos.config.auto_validate_terminal_payment = false;
    });

    test("all names, most of them nothing", async () => {
        await approve({
            purchase_amount: 1785,
            tip_amount: 0,
            surcharge_amount: 0,
            cashout_amount: 0,
            refund_amount: 0,
            moto_amount: 0,
        });
        expect(world.line.amount).toBe(17.85);
        expect(world.order.remainingDue).toBe(0);
    });

    test("a mail or telephone order with a surcharge", async () => {
        const asked = {kind: "moto", amounts: {moto_amount: 1785}};
        await approve({moto_amount: 1785, surcharge_amount: 27}, asked);
        expect(world.line.amount).toBe(18.12);
    });

    test("a person stated the outcome: what was requested, surcharge included", async () => {
        const amounts = {purchase_amount: 1785, surcharge_amount: 27};
        await approve({}, {amounts}, ROWS.unknown_overridden_yes);
        expect(world.line.amount).toBe(18.12);
    });
});

test.tags("desktop");
test("larger than asked for, without a name: change, which is not given unseen", async () => {
    await approve({purchase_amount: 2000});
    await runAllTimers();
    expect(world.line.amount).toBe(20);
    expect(Math.abs(world.order.change)).toBe(2.15);
    expect(world.order.state).toBe("draft");
});

describe("cash-out", () => {
    test.tags("desktop");

    async function payOut(result) {
        const {line, pos} = world;
        pos.config.sci_cashout = true;
        line.setAmount(37.85);
        line.uiState = {...line.uiState, sciRequest: {cashout: 2000}};
        await approve(result, {
            kind: "purchase_with_cashout",
            amounts: {purchase_amount: 1785, cashout_amount: 2000},
        });
    }

    test("leaves as the change of the order, which is validated", async () => {
        const {order, line} = world;
        await payOut({purchase_amount: 1785, cashout_amount: 2000});
        expect(line.amount).toBe(37.85);
        expect(Math.abs(order.change)).toBe(20);
        await waitUntil(() => order.state === "paid");
        expect(order.payment_ids.length).toBe(1);
    });

    test("less than asked for: the cashier sees the change first", async () => {
        const {order} = world;
        await payOut({purchase_amount: 1000, cashout_amount: 2000});
        await runAllTimers();
        expect(order.state).toBe("draft");
        expect(Math.abs(order.change)).toBe(12.15);
    });
});

describe("lines of the terminal", () => {
    test.tags("desktop");

    test("stay as they are in their order", () => {
        const {order, pos} = world;
        const tip = pos.models["pos.order.line"].create({
            order_id: order,
            product_id: order.lines[0].product_id,
            price_unit: 2,
            qty: 1,
            sci_line_kind: "tip",
        });
        expect(order.removeOrderline(tip)).toBe(false);
        expect(tip.setQuantity(3)).not.toBe(true);
        tip.setDiscount(50);
        expect([tip.qty, tip.getDiscount(), tip.price_unit]).toEqual([1, 0, 2]);
        expect(order.lines.includes(tip)).toBe(true);
    });

    test("other lines are as free as ever", () => {
        const {order} = world;
        const [first] = order.lines;
        expect(first.setQuantity(1)).toBe(true);
        expect(order.removeOrderline(first)).toBe(true);
        expect(order.lines.includes(first)).toBe(false);
    });
});
