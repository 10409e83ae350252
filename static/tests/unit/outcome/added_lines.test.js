import {ROWS} from "../data/ledger_rows";
import {flushPromises} from "../helpers/time";
import {addCardLine, setupSciPos, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, runAllTimers, test, waitUntil} from "@odoo/hoot";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {onRpc} from "@web/../tests/web_test_helpers";

definePosModels();

/** Products of Odoo's test data: without a tax, with 15 %, with 25 % on top. */
const UNTAXED = 1;
const TAXED = 5;
const HIGHLY_TAXED = 6;

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    world.pos.config.auto_validate_terminal_payment = false;
    world.pos.config._sci_product_ids = {tip: UNTAXED, surcharge: UNTAXED};
    Object.assign(world, await addCardLine(world));
});

/** The line is sent and answered with an approval of these amounts. */
async function approve(result, changes = {}) {
    const {line, transport} = world;
    line.pay();
    await waitUntil(() => transport.count("start"));
    const row = viewOf(line, ROWS.approved, {result_amounts: result, ...changes});
    await transport.answer("start", row);
    return row;
}

function added() {
    return world.order.lines
        .filter((line) => line.sci_line_kind)
        .map((line) => [line.sci_line_kind, line.priceIncl, line.getSciRowId()]);
}

function expectBalanced() {
    const {order} = world;
    expect(order.remainingDue).toBe(0);
    expect(order.change).toBe(0);
    expect(order.isPaid()).toBe(true);
}

describe("what the terminal added", () => {
    test.tags("desktop");

    const COMBINATIONS = {
        nothing: [{purchase_amount: 1785}, []],
        "a tip": [{purchase_amount: 1785, tip_amount: 200}, [["tip", 2, 7]]],
        "a surcharge": [
            {purchase_amount: 1785, surcharge_amount: 27},
            [["surcharge", 0.27, 7]],
        ],
        both: [
            {purchase_amount: 1785, tip_amount: 200, surcharge_amount: 27},
            [
                ["tip", 2, 7],
                ["surcharge", 0.27, 7],
            ],
        ],
        "all names, most of them nothing": [
            {
                purchase_amount: 1785,
                tip_amount: 0,
                surcharge_amount: 0,
                cashout_amount: 0,
                refund_amount: 0,
                moto_amount: 0,
            },
            [],
        ],
    };

    for (const [name, [result, expected]] of Object.entries(COMBINATIONS)) {
        test(`${name}: in the order and in the payment line, to the cent`, async () => {
            await approve(result);
            const cents = Object.values(result).reduce((sum, minor) => sum + minor, 0);
            expect(added()).toEqual(expected);
            expect(world.line.amount).toBe(cents / 100);
            expectBalanced();
        });
    }

    test("the tip that was asked for is in the order already", async () => {
        const amounts = {purchase_amount: 1685, tip_amount: 100};
        await approve({...amounts, surcharge_amount: 27}, {amounts});
        expect(added()).toEqual([["surcharge", 0.27, 7]]);
        expectBalanced();
    });

    test("a mail or telephone order with a surcharge", async () => {
        await approve(
            {moto_amount: 1785, surcharge_amount: 27},
            {kind: "moto", amounts: {moto_amount: 1785}}
        );
        expect(added()).toEqual([["surcharge", 0.27, 7]]);
        expectBalanced();
    });

    for (const product of [TAXED, HIGHLY_TAXED]) {
        test(`product ${product}: taxes are in the amount, not on top of it`, async () => {
            world.pos.config._sci_product_ids = {tip: product, surcharge: product};
            world.pos.config.update({tip_product_id: false});
            await approve({
                purchase_amount: 1785,
                tip_amount: 215,
                surcharge_amount: 30,
            });
            expect(added().map(([, price]) => price)).toEqual([2.15, 0.3]);
            const [tip] = world.order.lines.filter((line) => line.sci_line_kind);
            expect(tip.tax_ids.length).toBe(1);
            expectBalanced();
        });
    }

    test("every amount balances, whatever the tax", async () => {
        world.pos.config._sci_product_ids = {surcharge: HIGHLY_TAXED};
        for (let minor = 1; minor <= 40; minor++) {
            world.order.lines
                .filter((line) => line.sci_line_kind)
                .forEach((line) => line.delete());
            world.line.uiState = {...world.line.uiState, sci: false};
            world.line.setPaymentStatus("pending");
            world.line.setAmount(17.85);
            world.sci.follower.running.clear();
            world.transport.requests = [];
            await approve({purchase_amount: 1785, surcharge_amount: minor});
            expect(added()).toEqual([["surcharge", minor / 100, 7]]);
            expectBalanced();
        }
    });

    test("no product: the cashier is notified", async () => {
        const {pos} = world;
        pos.config._sci_product_ids = {};
        pos.notification.add = (_text, {type}) => expect.step(type);
        await approve({purchase_amount: 1785, surcharge_amount: 27});
        expect.verifySteps(["danger"]);
        expect(world.line.amount).toBe(18.12);
    });
});

describe("once", () => {
    test.tags("desktop");
    const RESULT = {purchase_amount: 1785, tip_amount: 200, surcharge_amount: 27};

    /** The answer of a paid row, once more. */
    function recordPaid(view) {
        const {sci, line} = world;
        const snapshot = {phase: "ended", paid: true, attempt: 1, view};
        sci.lines.recordPayment({uuid: line.uuid, ...snapshot, snapshot});
    }

    function expectOnce() {
        expect(added().map(([kind]) => kind)).toEqual(["tip", "surcharge"]);
        expectBalanced();
    }

    test("however often the answer is seen", async () => {
        const row = await approve(RESULT);
        for (let time = 0; time < 3; time++) {
            recordPaid(row);
        }
        expectOnce();
    });

    test("after a reload, when the payment is picked up again", async () => {
        const {sci, line, transport} = world;
        const row = await approve(RESULT);
        sci.follower.running.clear();
        line.uiState.sci.phase = "following";
        line.uiState.sci.paid = false;
        sci.recovery.resume(world.pos.config.id);
        await transport.answer("resume", [row]);
        expectOnce();
    });

    test("when another tab has brought the lines with the order", async () => {
        const {line, order, pos} = world;
        for (const [kind, price] of [
            ["tip", 2],
            ["surcharge", 0.27],
        ]) {
            const other = pos.models["pos.order.line"].create({
                order_id: order,
                product_id: pos.models["product.product"].get(UNTAXED),
                price_unit: price,
                qty: 1,
                sci_line_kind: kind,
            });
            other.update({sci_transaction_id: 7});
        }
        await approve(RESULT);
        expect(line.amount).toBe(20.12);
        expectOnce();
    });

    test("two tabs name the same line the same", async () => {
        const {order} = world;
        await approve(RESULT);
        const uuids = () =>
            order.lines.filter((line) => line.sci_line_kind).map(({uuid}) => uuid);
        const before = uuids();
        order.lines
            .filter((line) => line.sci_line_kind)
            .forEach((line) => line.delete());
        const {view} = world.line.uiState.sci;
        recordPaid(view);
        expect(uuids()).toEqual(before);
    });

    test("the server receives the row of each line", async () => {
        await approve(RESULT);
        onRpc("pos.order", "sync_from_ui", ({args}) => {
            for (const [, , values] of args[0][0].lines) {
                if (values.sci_line_kind) {
                    expect.step(`${values.sci_line_kind} ${values.sci_transaction_id}`);
                }
            }
        });
        const {pos, order} = world;
        await flushPromises();
        const lines = order.serializeForORM({keepCommands: true}).lines || [];
        await pos.syncAllOrders({orders: [order], force: true});
        const kinds = lines
            .map(([, , values]) => values?.sci_line_kind)
            .filter(Boolean);
        expect.verifySteps(kinds.map((kind) => `${kind} 7`));
    });
});

test.tags("desktop");
test("what was paid is sent to the server, even when Odoo believes it unchanged", async () => {
    const {order, line, pos} = world;
    await approve({purchase_amount: 1785, tip_amount: 200});
    // As Odoo does when it has read the order from the server.
    order.serializeForORM();
    expect(line.isDirty()).toBe(false);
    onRpc("pos.order", "sync_from_ui", ({args}) => {
        for (const [command, id, values] of args[0][0].payment_ids) {
            expect.step(`${command} ${id === line.id} ${values.amount}`);
        }
    });
    await pos.syncAllOrders({orders: [order], force: true});
    expect.verifySteps(["1 true 19.85"]);
});

describe("other amounts than asked for", () => {
    test.tags("desktop");

    test("smaller: the rest stays due", async () => {
        await approve({purchase_amount: 1000, surcharge_amount: 15});
        expect(world.line.amount).toBe(10.15);
        expect(added()).toEqual([["surcharge", 0.15, 7]]);
        expect(world.order.remainingDue).toBe(7.85);
        expect(world.order.isPaid()).toBe(false);
    });

    test("larger than asked for, without a name: change, which is not given unseen", async () => {
        world.pos.config.auto_validate_terminal_payment = true;
        await approve({purchase_amount: 2000});
        await runAllTimers();
        expect(world.line.amount).toBe(20);
        expect(Math.abs(world.order.change)).toBe(2.15);
        expect(world.order.state).toBe("draft");
    });

    test("a person stated the outcome: what was requested, surcharge included", async () => {
        const {line, transport} = world;
        line.pay();
        await waitUntil(() => transport.count("start"));
        const amounts = {purchase_amount: 1785, surcharge_amount: 27};
        const row = viewOf(line, ROWS.unknown_overridden_yes, {amounts});
        await transport.answer("start", row);
        expect(line.amount).toBe(18.12);
        expect(added()).toEqual([["surcharge", 0.27, 7]]);
        expectBalanced();
    });
});

describe("cash-out", () => {
    test.tags("desktop");

    async function payOut(result) {
        const {line, pos} = world;
        Object.assign(pos.config, {
            sci_cashout: true,
            auto_validate_terminal_payment: true,
        });
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

    test("stay as they are in their order", async () => {
        await approve({purchase_amount: 1785, tip_amount: 200});
        const {order} = world;
        const tip = order.lines.find((line) => line.sci_line_kind);
        expect(order.removeOrderline(tip)).toBe(false);
        expect(tip.setQuantity(3)).not.toBe(true);
        tip.setDiscount(50);
        expect(added()).toEqual([["tip", 2, 7]]);
        expectBalanced();
    });

    test("other lines are as free as ever", () => {
        const {order} = world;
        const [first] = order.lines;
        expect(first.setQuantity(1)).toBe(true);
        expect(order.removeOrderline(first)).toBe(true);
        expect(order.lines.includes(first)).toBe(false);
    });
});
