import {ROWS} from "../data/ledger_rows";
import {flushPromises} from "../helpers/time";
import {addCardLine, setupSciPos, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {animationFrame} from "@odoo/hoot-mock";
import {cashAmountRefusal} from "@pos_mx51_sci/app/request/request";
import {formatMinor} from "@pos_mx51_sci/app/request/amounts";
import {SciCardButtons} from "@pos_mx51_sci/app/components/sci_card_buttons/sci_card_buttons";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
    Object.assign(world.pos.config, {sci_cashout: true, sci_moto: true});
});

/** Sends the line and returns what was sent to the server. */
async function sentRequest(request) {
    const {line, transport} = world;
    if (request) {
        line.uiState = {...line.uiState, sciRequest: request};
    }
    line.pay();
    await waitUntil(() => transport.count("start"));
    const {kind, amounts} = transport.last("start").args[0];
    return {kind, amounts};
}

/** Sends a line that must not leave; returns the reason. */
async function refused(request) {
    const {line, transport} = world;
    line.uiState = {...line.uiState, sciRequest: request};
    expect(await line.pay()).toBe(false);
    expect(transport.requests).toEqual([]);
    expect(line.payment_status).toBe("retry");
    return `${line.uiState.sci.error.message}`;
}

function addTip() {
    const {pos, order} = world;
    pos.models["pos.order.line"].create({
        order_id: order,
        product_id: pos.config.tip_product_id,
        price_unit: 1,
        qty: 1,
    });
}

test.tags("desktop");
test("minor units are ISO's, however many decimals Odoo shows", async () => {
    const {line, order, pos, transport} = world;
    Object.assign(pos.currency, {decimal_places: 3, rounding: 0.001});
    pos.config._sci_exponent = 2;
    line.setAmount(12.5);
    const {amounts} = await sentRequest();
    expect(amounts).toEqual({purchase_amount: 1250});
    const approved = {amounts, result_amounts: amounts};
    await transport.answer("start", viewOf(line, ROWS.approved, approved));
    expect(line.amount).toBe(12.5);
    expect(order.remainingDue).toBe(5.35);
    expect(formatMinor(1250, pos)).toInclude("12.50");
});

describe("the kind of a payment", () => {
    test.tags("desktop");

    test("a line without a choice of the cashier is a purchase", async () => {
        expect(await sentRequest()).toEqual({
            kind: "purchase",
            amounts: {purchase_amount: 1785},
        });
    });

    test("mail and telephone orders have their own field", async () => {
        expect(await sentRequest({kind: "moto"})).toEqual({
            kind: "moto",
            amounts: {moto_amount: 1785},
        });
    });

    test("purchase with cash-out: the line holds both", async () => {
        world.line.setAmount(37.85);
        expect(await sentRequest({cashout: 2000})).toEqual({
            kind: "purchase_with_cashout",
            amounts: {purchase_amount: 1785, cashout_amount: 2000},
        });
    });

    test("cash-out on an order that is already paid", async () => {
        const {order, pos, line} = world;
        line.setAmount(20);
        const cash = pos.models["pos.payment"].create({
            pos_order_id: order,
            payment_method_id: pos.models["pos.payment.method"].get(1),
        });
        cash.setAmount(17.85);
        expect(await sentRequest({cashout: 2000})).toEqual({
            kind: "cashout",
            amounts: {cashout_amount: 2000},
        });
    });

    test("what has been paid another way is not charged again", async () => {
        const {order, pos} = world;
        const cash = pos.models["pos.payment"].create({
            pos_order_id: order,
            payment_method_id: pos.models["pos.payment.method"].get(1),
        });
        cash.setAmount(10);
        expect(await refused()).toMatch(/Only .*7\.85 is due/);
        cash.setAmount(17.85);
        expect(await refused()).toBe("Nothing is due any more.");
        await mountWithCleanup(PaymentScreen, {props: {orderUuid: order.uuid}});
        expect(".o_sci_text").toHaveText("Nothing is due any more.");
        expect(".o_sci_payment_line .send_payment_request").toHaveCount(0);
        cash.setAmount(0);
        await animationFrame();
        expect(".o_sci_payment_line .send_payment_request").toHaveCount(1);
    });

    test("the shop's surcharge is asked for beside the purchase", async () => {
        world.pos.config.sci_surcharge_rate = 1.5;
        expect(await sentRequest()).toEqual({
            kind: "purchase",
            amounts: {purchase_amount: 1785, surcharge_amount: 27},
        });
        expect(world.line.amount).toBe(17.85);
    });

    test("the cashier's tip has a field of its own", async () => {
        addTip();
        world.line.setAmount(18.85);
        const amounts = {purchase_amount: 1785, tip_amount: 100};
        expect((await sentRequest()).amounts).toEqual(amounts);
        const row = viewOf(world.line, ROWS.pending, {amounts});
        await world.transport.answer("start", row);
        expect(world.line.amount).toBe(18.85);
    });

    test("the cashier's tip is sent once, with the first payment that is larger", async () => {
        addTip();
        world.line.setAmount(1);
        const all = {purchase_amount: 100};
        expect((await sentRequest()).amounts).toEqual(all);
        const approved = viewOf(world.line, ROWS.approved, {amounts: all});
        await world.transport.answer("start", approved);
        for (const [id, amounts] of [
            [8, {purchase_amount: 900, tip_amount: 100}],
            [9, {purchase_amount: 785}],
        ]) {
            const {data} = world.order.addPaymentline(world.card);
            world.line = data;
            if (id === 8) {
                data.setAmount(10);
            }
            world.transport.requests = [];
            expect((await sentRequest()).amounts).toEqual(amounts);
            const row = viewOf(data, ROWS.pending, {id, amounts});
            await world.transport.answer("start", row);
        }
    });

    test("the kind survives a reload", async () => {
        const {line} = world;
        line.uiState = {...line.uiState, sciRequest: {kind: "moto"}};
        const kept = JSON.parse(JSON.stringify(line.uiState));
        line.uiState = kept;
        expect((await sentRequest()).kind).toBe("moto");
    });
});

describe("rules, before anything leaves", () => {
    test.tags("desktop");

    test("no cash-out where it is not set up", async () => {
        world.pos.config.sci_cashout = false;
        world.line.setAmount(37.85);
        expect(await refused({cashout: 2000})).toInclude("does not hand out cash");
    });

    test("no mail or telephone order where it is not set up", async () => {
        world.pos.config.sci_moto = false;
        expect(await refused({kind: "moto"})).toInclude("does not take");
    });

    test("no tip with a cash-out", async () => {
        addTip();
        world.line.setAmount(38.85);
        expect(await refused({cashout: 2000})).toInclude("tip and a cash-out");
    });

    test("no tip with a mail or telephone order", async () => {
        addTip();
        expect(await refused({kind: "moto"})).toInclude("cannot carry a tip");
    });

    test("no cash-out without cash", async () => {
        const {pos} = world;
        const cash = pos.config.payment_method_ids.filter((pm) => pm.is_cash_count);
        pos.config.update({payment_method_ids: [["unlink", ...cash]]});
        world.line.setAmount(37.85);
        expect(await refused({cashout: 2000})).toInclude("needs a cash");
    });

    test("no cash-out with a part of what is due", async () => {
        world.line.setAmount(30);
        expect(await refused({cashout: 2000})).toInclude("all that is due");
    });

    test("no cash-out in coins that do not exist", () => {
        const {currency} = world.pos;
        const round = (amount) => Math.round(amount * 20) / 20;
        const config = {cash_rounding: true, rounding_method: {rounding: 0.05, round}};
        const refusal = (amount) => cashAmountRefusal(amount, {config, currency});
        expect(`${refusal(20.03)}`).toInclude("steps of 0.05");
        expect(refusal(20.05)).toBe(undefined);
        expect(`${refusal(0)}`).toInclude("Enter the amount");
        expect(`${refusal(NaN)}`).toInclude("Enter the amount");
    });

    test("no purchase on a refund order", async () => {
        world.order.is_refund = true;
        expect(await refused(false)).toInclude("has to be negative");
    });

    test("no cash-out while another card payment runs", async () => {
        const {order, line, pos} = world;
        const {transport, card} = world;
        line.setAmount(10);
        line.pay();
        await waitUntil(() => transport.count("start"));
        const amounts = {purchase_amount: 1000};
        await transport.answer("start", viewOf(line, ROWS.pending, {amounts}));
        const {data: second} = order.addPaymentline(card);
        second.uiState = {...second.uiState, sciRequest: {cashout: 500}};
        second.setAmount(12.85);
        expect(await pos.sci.pay(second.uuid)).toBe(false);
        expect(`${second.uiState.sci.error.message}`).toInclude("other card payment");
        expect(transport.count("start")).toBe(1);
    });
});

function describeLine(line) {
    return `${line.amount} ${JSON.stringify(line.uiState.sciRequest)}`;
}

async function mountButtons() {
    const {order, pos} = world;
    order.removePaymentline(world.line);
    pos.setOrder(order);
    return mountWithCleanup(SciCardButtons, {
        props: {order, send: (line) => expect.step(describeLine(line))},
    });
}

/** The popup for an amount is answered at once; sentences are steps. */
function stub(buttons, text) {
    patchWithCleanup(buttons.dialog, {
        add: (_popup, props) =>
            props.getPayload ? props.getPayload(text) : expect.step(`${props.body}`),
    });
}

describe("the buttons", () => {
    test.tags("desktop");

    const PRESSED = [
        ["part", "10", "10 false"],
        ["moto", "17.85", '17.85 {"kind":"moto"}'],
        ["cashout", "20", '37.85 {"cashout":2000}'],
    ];

    for (const [button, text, expected] of PRESSED) {
        test(`${button} sends ${expected}`, async () => {
            const buttons = await mountButtons();
            stub(buttons, text);
            await buttons[button]();
            expect.verifySteps([expected]);
        });
    }

    for (const [button, text, sentences] of [
        ["part", "17.86", ["Enter at most $\u00a017.85."]],
        ["part", "-1", ["Enter at most $\u00a017.85."]],
        ["part", "x", []],
        ["moto", "18", ["Enter at most $\u00a017.85."]],
        ["cashout", "-5", ["Enter the amount of cash."]],
    ]) {
        test(`${button} of ${text} adds no line`, async () => {
            const buttons = await mountButtons();
            stub(buttons, text);
            await buttons[button]();
            expect(world.order.payment_ids.length).toBe(0);
            expect.verifySteps(sentences);
        });
    }

    test("are there as the register is set up", async () => {
        Object.assign(world.pos.config, {sci_cashout: false, sci_moto: false});
        await mountButtons();
        expect(".o_sci_part").toHaveCount(1);
        expect(".o_sci_moto, .o_sci_cashout").toHaveCount(0);
    });

    test("are not there on a refund", async () => {
        world.order.is_refund = true;
        await mountButtons();
        expect(".o_sci_card_buttons").toHaveCount(0);
    });
});

describe("several card payments of one order", () => {
    test.tags("desktop");

    async function startPart(amount) {
        const {line, transport} = world;
        line.setAmount(amount);
        line.pay();
        await waitUntil(() => transport.count("start"));
        const amounts = {purchase_amount: Math.round(amount * 100)};
        await transport.answer("start", viewOf(line, ROWS.pending, {amounts}));
    }

    test("the second one pays what the running one leaves due", async () => {
        await startPart(10);
        const {order, card, transport} = world;
        const {status, data: second} = order.addPaymentline(card);
        expect(status).toBe(true);
        expect(second.amount).toBe(7.85);
        second.pay();
        await waitUntil(() => transport.count("start") === 2);
        const values = transport.last("start").args[0];
        expect(values.payment_uuid).toBe(second.uuid);
        expect(values.amounts).toEqual({purchase_amount: 785});
    });

    test("cash may pay the rest, and the order waits for the card", async () => {
        await startPart(10);
        const {order, pos} = world;
        const cash = pos.models["pos.payment.method"].get(1);
        expect(order.addPaymentline(cash).data.amount).toBe(7.85);
        expect(order.isPaid()).toBe(false);
    });

    test("nothing is due any more: no further line", async () => {
        await startPart(17.85);
        const {order, card} = world;
        expect(order.addPaymentline(card).status).toBe(false);
        expect(order.payment_ids.length).toBe(1);
    });

    test("the order is validated when the last one is approved", async () => {
        await startPart(10);
        const {order, card, line, transport} = world;
        const {data: second} = order.addPaymentline(card);
        await transport.answer(
            "poll",
            viewOf(line, ROWS.approved, {amounts: {purchase_amount: 1000}})
        );
        await flushPromises();
        expect(order.state).toBe("draft");
        second.pay();
        await waitUntil(() => transport.count("start") === 2);
        await transport.answer(
            "start",
            viewOf(second, ROWS.approved, {id: 8, amounts: {purchase_amount: 785}})
        );
        await waitUntil(() => order.state === "paid");
    });

    test("a screen that is pressed twice adds one line", async () => {
        await startPart(17.85);
        const screen = await mountWithCleanup(PaymentScreen, {
            props: {orderUuid: world.order.uuid},
        });
        patchWithCleanup(world.pos.dialog, {add: () => expect.step("alert")});
        expect(await screen.addNewPaymentLine(world.card)).toBe(false);
        expect.verifySteps(["alert"]);
    });
});
