import {
    BOTH,
    GONE_ON,
    added,
    approval,
    approve,
    expectTakenOver,
    post,
    settle,
    setupTakeOver,
    start,
    world,
} from "../helpers/take_over_setup";
import {
    Deferred,
    advanceTime,
    beforeEach,
    describe,
    expect,
    runAllTimers,
    test,
    waitUntil,
} from "@odoo/hoot";
import {onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {ASK_AGAIN} from "@pos_mx51_sci/app/outcome/take_over";
import {NoAnswer} from "@pos_mx51_sci/app/follow/sci_transport";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {showPayment} from "../helpers/pos_setup";

definePosModels();

beforeEach(setupTakeOver);

describe("an order that the server has not finished", () => {
    test.tags("desktop");
    beforeEach(start);

    test("gets what the terminal added, and is validated with it", async () => {
        const {order, line} = world;
        await approve("draft");
        await runAllTimers();
        await waitUntil(() => order.state === "paid");
        await settle();
        expect(added()).toEqual(BOTH);
        expect(line.amount).toBe(20.12);
        expect(order.priceIncl).toBe(20.12);
        expect(order.change).toBe(0);
        expect.verifySteps(GONE_ON);
    });

    test("keeps what was changed meanwhile, and sends the new total", async () => {
        const {order, pos} = world;
        pos.config.auto_validate_terminal_payment = false;
        order.lines[0].setQuantity(5);
        const totals = [];
        onRpc("pos.order", "sync_from_ui", ({args}) => {
            totals.push(args[0][0].amount_total);
        });
        await approve("draft");
        expect(order.lines[0].qty).toBe(5);
        expect(added()).toEqual(BOTH);
        expect(totals.at(-1)).toBe(order.priceIncl);
        expect(order.state).toBe("draft");
    });

    test("nothing was added: it is paid", async () => {
        const {order, pos} = world;
        pos.config.auto_validate_terminal_payment = false;
        await approve("draft", {purchase_amount: 1785});
        expect(added()).toEqual([]);
        expect(order.remainingDue).toBe(0);
    });

    test("the tip that was asked for is in the order already", async () => {
        const {order, pos, transport} = world;
        pos.config.auto_validate_terminal_payment = false;
        onRpc("pos.order", "sync_from_ui", () => expect.step("saved"));
        const amounts = {purchase_amount: 1685, tip_amount: 100};
        await transport.answer("start", approval({amounts, result_amounts: amounts}));
        await settle();
        expect(order.remainingDue).toBe(0);
        expect.verifySteps(["saved"]);
    });

    test("less was approved: the rest stays due, with the surcharge", async () => {
        const {order} = world;
        await approve("draft", {purchase_amount: 1000, surcharge_amount: 15});
        await runAllTimers();
        expect(added()).toEqual([["surcharge", 0.15]]);
        expect(order.remainingDue).toBe(7.85);
        expect(order.state).toBe("draft");
    });

    test("what pays the rest meanwhile is the cashier's to validate", async () => {
        const {order, pos, transport} = world;
        const part = {purchase_amount: 1000};
        post("draft", part);
        const answer = new Deferred();
        transport.standing.pollNow = answer;
        await transport.answer("start", approval({result_amounts: part}));
        await settle();
        const cash = pos.models["pos.payment.method"].find((it) => it.is_cash_count);
        order.addPaymentline(cash);
        expect(order.isPaid()).toBe(true);
        answer.resolve(approval({result_amounts: part}));
        await settle();
        await runAllTimers();
        expect(order.state).toBe("draft");
    });

    test("the server finishes it when it is asked again, by the second time", async () => {
        const {order, transport} = world;
        patchWithCleanup(console, {warn: () => undefined});
        transport.standing.pollNow = new NoAnswer();
        await transport.answer("start", approval());
        await settle();
        expect(world.line.payment_status).toBe("done");
        expect(transport.count("pollNow")).toBe(1);
        expect(order.state).toBe("draft");
        post("paid");
        transport.standing.pollNow = approval({order_state: "paid"});
        await advanceTime(ASK_AGAIN);
        await settle();
        expectTakenOver();
        expect.verifySteps(GONE_ON);
    });

    test("while Odoo is away the sale goes on without it", async () => {
        const {order, pos, transport} = world;
        pos.config.auto_validate_terminal_payment = false;
        patchWithCleanup(console, {warn: () => undefined});
        transport.standing.pollNow = new NoAnswer();
        const result = {purchase_amount: 1785};
        await transport.answer("start", approval({result_amounts: result}));
        await settle();
        await advanceTime(ASK_AGAIN);
        await settle();
        expect(transport.count("pollNow")).toBe(2);
        expect(pos.sci.takeOver.isRunning(order)).toBe(false);
    });

    test("what the server has still to write is waited for", async () => {
        const {order, transport, pos} = world;
        const late = approval({posted: false});
        await transport.answer("start", late);
        await settle();
        expect(world.line.payment_status).toBe("done");
        const validation = new OrderPaymentValidation({pos, orderUuid: order.uuid});
        const validated = validation.validateOrder(false);
        await advanceTime(2000);
        expect(await validated).toBe(false);
        expect.verifySteps(["One moment: Odoo is finishing this order."]);
        await advanceTime(ASK_AGAIN - 2000);
        await transport.answer("pollNow", late);
        await advanceTime(ASK_AGAIN);
        post("draft");
        await transport.answer("pollNow", approval());
        await settle();
        await runAllTimers();
        await waitUntil(() => order.state === "paid");
        await settle();
        expect(added()).toEqual(BOTH);
        expect.verifySteps(GONE_ON);
    });
});

test.tags("desktop");
test("a press on Validate meanwhile waits for the order", async () => {
    const {order, pos} = world;
    pos.config.auto_validate_terminal_payment = false;
    await start();
    post("draft");
    const isAnswered = new Deferred();
    onRpc("pos.order", "sync_from_ui", () => isAnswered);
    await world.transport.answer("start", approval());
    expect(pos.sci.takeOver.isRunning(order)).toBe(true);
    const validation = new OrderPaymentValidation({pos, orderUuid: order.uuid});
    const validated = validation.validateOrder(false);
    await settle();
    expect(order.state).toBe("draft");
    isAnswered.resolve();
    expect(await validated).toBe(true);
    expect(added()).toEqual(BOTH);
    expect.verifySteps(GONE_ON);
});

describe("an order that the server has finished", () => {
    test.tags("desktop");
    beforeEach(start);

    test("goes on as if it had been validated here, once", async () => {
        await approve("paid");
        await runAllTimers();
        expectTakenOver();
        expect.verifySteps(GONE_ON);
    });

    test("does so without automatic validation too", async () => {
        world.pos.config.auto_validate_terminal_payment = false;
        await approve("paid");
        expectTakenOver();
        expect.verifySteps(GONE_ON);
    });

    test("does so when this browser has read it already", async () => {
        const {order, pos} = world;
        post("paid");
        await pos.data.loadServerOrders([["uuid", "=", order.uuid]]);
        expect(order.finalized).toBe(true);
        await world.transport.answer("start", approval({order_state: "paid"}));
        await settle();
        expectTakenOver();
        expect.verifySteps(GONE_ON);
    });

    test("another order is shown: said, done, and nobody is sent elsewhere", async () => {
        const {order, pos} = world;
        showPayment(pos, pos.addNewOrder());
        await approve("paid");
        expectTakenOver();
        expect.verifySteps([
            `Order ${order.getName()}, $ 20.12 by card: Approved`,
            "paid: kitchen, receipt",
        ]);
    });

    test("goods that were added meanwhile are in a new order of the same guest", async () => {
        const {order, pos} = world;
        order.floating_order_name = "Sam";
        const slot = luxon.DateTime.fromSeconds(1800000000);
        order.preset_time = slot;
        const sent = [];
        patchWithCleanup(pos, {
            async syncAllOrders({orders = []} = {}) {
                sent.push(...orders);
                return super.syncAllOrders(...arguments);
            },
        });
        const coffee = pos.models["pos.order.line"].create({
            order_id: order,
            product_id: order.lines[0].product_id,
            qty: 1,
            price_unit: 4,
        });
        await approve("paid");
        expectTakenOver();
        const other = coffee.order_id;
        expect(other.uuid).not.toBe(order.uuid);
        expect(other.state).toBe("draft");
        expect(other.floating_order_name).toBe("Sam");
        expect(other.preset_time.toMillis()).toBe(slot.toMillis());
        expect(other.pricelist_id).toBe(order.pricelist_id);
        expect(sent).toInclude(other);
        expect(order.lines.includes(coffee)).toBe(false);
        const [name, otherName] = [order, other].map((one) => one.getName());
        expect.verifySteps([
            `${name} is paid. What was added meanwhile is in ${otherName}.`,
            ...GONE_ON,
        ]);
    });

    test("a table's name says nothing of which of its orders is meant", () => {
        expect(world.pos.sci.takeOver.changesText("T 6", "T 6")).toBe(
            "T 6 is paid. What was added meanwhile is in a new order there."
        );
    });

    test("a number of Odoo's is not the name of what was added", async () => {
        const {order, pos} = world;
        order.floating_order_name = order.pos_reference;
        const coffee = pos.models["pos.order.line"].create({
            order_id: order,
            product_id: order.lines[0].product_id,
            qty: 1,
            price_unit: 4,
        });
        const other = pos.sci.takeOver.moveUnsavedLines(order);
        expect(coffee.order_id).toBe(other);
        expect(other.floating_order_name).toBe(undefined);
    });

    test("goods are being added: the cashier goes on with them", async () => {
        const {order, pos} = world;
        Object.assign(pos.router.state, {
            current: "ProductScreen",
            params: {orderUuid: order.uuid},
        });
        patchWithCleanup(pos, {
            navigate(page, params) {
                expect.step(`to ${page}`);
                Object.assign(pos.router.state, {current: page, params});
            },
        });
        const coffee = pos.models["pos.order.line"].create({
            order_id: order,
            product_id: order.lines[0].product_id,
            qty: 1,
            price_unit: 4,
        });
        await approve("paid");
        expectTakenOver();
        const other = coffee.order_id;
        expect(pos.getOrder().uuid).toBe(other.uuid);
        const [name, otherName] = [order, other].map((one) => one.getName());
        expect.verifySteps([
            `Order ${name}, $ 20.12 by card: Approved`,
            `${name} is paid. What was added meanwhile is in ${otherName}.`,
            "to ProductScreen",
            "paid: kitchen, receipt",
        ]);
    });

    test("its goods are shown: the receipt follows", async () => {
        const {order, pos} = world;
        Object.assign(pos.router.state, {
            current: "ProductScreen",
            params: {orderUuid: order.uuid},
        });
        await approve("paid");
        expectTakenOver();
        expect.verifySteps([
            `Order ${order.getName()}, $ 20.12 by card: Approved`,
            ...GONE_ON,
        ]);
    });

    test("a larger quantity is not paid, and the cashier reads so", async () => {
        const {order} = world;
        const {qty} = order.lines[0];
        order.lines[0].setQuantity(qty + 1);
        await approve("paid");
        expect(order.lines[0].qty).toBe(qty);
        const name = order.getName();
        expect.verifySteps([
            `${name} is paid as it was sent to the terminal, without later changes.`,
            ...GONE_ON,
        ]);
    });

    test("without a connection it is read as soon as there is one", async () => {
        const {order, pos, transport} = world;
        post("paid");
        pos.data.network.offline = true;
        await transport.answer("start", approval({order_state: "paid"}));
        await settle();
        expect(order.state).toBe("draft");
        pos.data.network.offline = false;
        await advanceTime(ASK_AGAIN);
        await settle();
        expectTakenOver();
        expect.verifySteps(GONE_ON);
    });
});
