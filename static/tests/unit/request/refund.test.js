import {ROWS} from "../data/ledger_rows";
import {addCardLine, setupSciPos, viewOf} from "../helpers/pos_setup";
import {
    advanceTime,
    beforeEach,
    describe,
    expect,
    test,
    tick,
    waitUntil,
} from "@odoo/hoot";
import {onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {flushPromises} from "../helpers/time";
import {PREPARATION_LIMIT} from "@pos_mx51_sci/app/request/time_limit";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

let world = null;

/** A card payment of the sale, as the server offers it. */
function sale(id, left = 1785) {
    return {payment_uuid: `payment-${id}`, left, terminal_name: "Front Bar"};
}

const NOT_BY_CARD = {
    code: "sale_not_by_card",
    message: "This sale was not paid by card on these terminals.",
};

beforeEach(async () => {
    world = await setupSciPos();
    world.pos.config.auto_validate_terminal_payment = false;
    const {pos, card} = world;
    const {order: sold} = await addCardLine(world);
    const refund = pos.addNewOrder();
    refund.is_refund = true;
    for (const line of sold.lines) {
        pos.models["pos.order.line"].create({
            order_id: refund,
            product_id: line.product_id,
            price_unit: line.price_unit,
            qty: -line.qty,
            tax_ids: line.tax_ids.map((tax) => ["link", tax]),
            refunded_orderline_id: line,
        });
    }
    const {data: line} = refund.addPaymentline(card);
    Object.assign(world, {sold, order: refund, line, ledger: [], refusal: NOT_BY_CARD});
    world.sci.terminals.all = [
        {id: 3, name: "Front Bar", state: "paired", busy: false},
        {id: 4, name: "Bistro", state: "unpaired", busy: false},
    ];
    onRpc("pos.sci.transaction", "sci_refundable", ({args}) => {
        const [configId, orderUuid, lineIds] = args;
        expect(configId).toBe(pos.config.id);
        expect(orderUuid).toBe(refund.uuid);
        expect(lineIds).toEqual(sold.lines.map(({id}) => id).filter(Number.isInteger));
        const {ledger, refusal: refused} = world;
        return {due: 1785, payments: ledger, refusal: !ledger.length && refused};
    });
});

/** Presses "Send" and returns the values that were sent to the server. */
async function sentValues() {
    const {line, transport} = world;
    const before = transport.count("start");
    line.pay();
    await waitUntil(() => transport.count("start") > before);
    return transport.last("start").args[0];
}

async function refusal() {
    const {line, transport} = world;
    expect(await line.pay()).toBe(false);
    expect(transport.requests).toEqual([]);
    expect(line.payment_status).toBe("retry");
    return `${line.uiState.sci.error.message}`;
}

/** Answers the cashier's question with the choice whose label has that text. */
function choose(text) {
    patchWithCleanup(world.pos.dialog, {
        add: (_popup, {list, getPayload}, {onClose}) => {
            expect.step(list.map(({label}) => `${label}`.replace("\u00a0", " ")));
            const chosen = list.find(({label}) => text && label.includes(text));
            if (chosen) {
                getPayload(chosen.item);
            }
            onClose();
        },
    });
}

describe("a refund", () => {
    test.tags("desktop");

    test("is not held by an Odoo that does not say what was sold", async () => {
        patchWithCleanup(console, {
            error: (_title, {message}) => expect.step(message),
        });
        onRpc(
            "pos.sci.transaction",
            "sci_refundable",
            () => new Promise(() => undefined)
        );
        const refused = refusal();
        await tick();
        await advanceTime(PREPARATION_LIMIT);
        expect(await refused).toInclude("could not be prepared");
        expect.verifySteps(["Odoo has not answered in time."]);
    });

    test("waits for the press on Send, and is not taken for paid", () => {
        const {line, order} = world;
        expect(line.amount).toBe(-17.85);
        expect(line.payment_status).toBe("pending");
        expect(line.isDone()).toBe(false);
        expect(order.isPaid()).toBe(false);
    });

    test("names the card payment of its sale", async () => {
        world.ledger = [sale(1)];
        const values = await sentValues();
        expect(values.kind).toBe("refund");
        expect(values.amounts).toEqual({refund_amount: 1785});
        expect(values.original_payment_uuid).toBe("payment-1");
    });

    test("of a part", async () => {
        world.ledger = [sale(1)];
        world.line.setAmount(-5);
        expect((await sentValues()).amounts).toEqual({refund_amount: 500});
    });

    test("carries no surcharge of the shop", async () => {
        world.pos.config.sci_surcharge_rate = 1.5;
        world.ledger = [sale(1)];
        expect((await sentValues()).amounts).toEqual({refund_amount: 1785});
    });

    test("approved: the line is negative and done", async () => {
        const {line, order, transport} = world;
        world.ledger = [sale(1)];
        await sentValues();
        await transport.answer(
            "start",
            viewOf(line, ROWS.approved, {
                kind: "refund",
                amounts: {refund_amount: 1785},
                result_amounts: {purchase_amount: 0, refund_amount: 1785},
            })
        );
        expect(line.amount).toBe(-17.85);
        expect(line.payment_status).toBe("done");
        expect(order.isPaid()).toBe(true);
        expect(order.isRefundInProcess()).toBe(false);
    });

    test("approved for less: the rest is still to be given back", async () => {
        const {line, order, transport} = world;
        world.ledger = [sale(1)];
        await sentValues();
        await transport.answer(
            "start",
            viewOf(line, ROWS.approved, {
                kind: "refund",
                amounts: {refund_amount: 1785},
                result_amounts: {refund_amount: 1000},
            })
        );
        expect(line.amount).toBe(-10);
        expect(order.remainingDue).toBe(-7.85);
    });

    test("declined: the same original on Retry, without asking again", async () => {
        const {line, transport} = world;
        world.ledger = [sale(1)];
        await sentValues();
        await transport.answer("start", viewOf(line, ROWS.declined));
        world.ledger = [];
        const values = await sentValues();
        expect(values.attempt).toBe(2);
        expect(values.original_payment_uuid).toBe("payment-1");
    });

    test("declined: another method may pay it, and the line goes", async () => {
        const {line, order, pos, transport} = world;
        world.ledger = [sale(1)];
        await sentValues();
        await transport.answer("start", viewOf(line, ROWS.declined));
        const cash = pos.models["pos.payment.method"].get(1);
        expect(order.addPaymentline(cash).data.amount).toBe(-17.85);
        const validation = new OrderPaymentValidation({pos, orderUuid: order.uuid});
        await validation.validateOrder(false);
        expect(order.state).toBe("paid");
        expect(order.payment_ids.includes(line)).toBe(false);
    });

    test("running: it stays, and the order waits", async () => {
        const {line, order, transport} = world;
        world.ledger = [sale(1)];
        await sentValues();
        const amounts = {refund_amount: 1785};
        const row = viewOf(line, ROWS.pending, {kind: "refund", amounts});
        await transport.answer("start", row);
        expect(line.amount).toBe(-17.85);
        expect(order.isRefundInProcess()).toBe(true);
        order.removePaymentline(line);
        expect(order.payment_ids.includes(line)).toBe(true);
    });
});

describe("which card payment", () => {
    test.tags("desktop");

    test("of several the cashier chooses, and gets no more than is left", async () => {
        world.ledger = [sale(1, 1000), sale(2, 700)];
        choose("7.00");
        const values = await sentValues();
        expect.verifySteps([["$ 10.00 on Front Bar", "$ 7.00 on Front Bar"]]);
        expect(values.original_payment_uuid).toBe("payment-2");
        expect(values.amounts).toEqual({refund_amount: 700});
        expect(world.line.amount).toBe(-7);
    });

    test("no choice: nothing is sent", async () => {
        world.ledger = [sale(1), sale(2)];
        choose("");
        expect(await refusal()).toInclude("No card payment was chosen");
        expect.verifySteps([["$ 17.85 on Front Bar", "$ 17.85 on Front Bar"]]);
    });

    test("none: the line says what the server says", async () => {
        expect(await refusal()).toInclude("not paid by card");
    });

    test("without a sale: where the server lets this user", async () => {
        world.refusal = false;
        const values = await sentValues();
        expect(values.kind).toBe("refund");
        expect("original_payment_uuid" in values).toBe(false);
    });

    test("without a sale, where employees log in: a manager's PIN", async () => {
        const {pos, order, line} = world;
        Object.assign(pos.config, {module_pos_hr: true, sci_free_refund: true});
        Object.defineProperty(pos.models, "hr.employee", {
            value: [{id: 2, name: "Morgan", _role: "manager"}],
            configurable: true,
        });
        const minor = Math.round(-line.getAmount() * 100);
        expect(minor).toBeGreaterThan(0);
        let pin = undefined;
        patchWithCleanup(pos.dialog, {
            add: (_dialog, {getPayload}, {onClose}) =>
                pin ? getPayload(pin) : onClose(),
        });
        expect(await refusal()).toInclude("Only a manager");
        onRpc("pos.config", "sci_permit_refund", ({args}) => {
            expect(args[0]).toEqual([pos.config.id]);
            expect(args.slice(1)).toEqual([order.uuid, minor, 2, "22"]);
            expect.step("permitted");
            return true;
        });
        pin = "22";
        expect((await sentValues()).kind).toBe("refund");
        expect.verifySteps(["permitted"]);
    });
});

describe("what cannot go back to the card", () => {
    test.tags("desktop");
    beforeEach(() => {
        const {order, line, pos} = world;
        order.removePaymentline(line);
        patchWithCleanup(pos.notification, {
            add: (text) => expect.step(`${text}`.replace("\u00a0", " ")),
        });
    });

    /** As the payment screen does it. */
    async function addRefund() {
        world.line = world.sci.addLine(world.order, world.card);
        await flushPromises();
        await flushPromises();
        return world.line;
    }

    test("is said when the line is added, and is not in its amount", async () => {
        world.ledger = [sale(1, 1685)];
        const line = await addRefund();
        expect(line.amount).toBe(-16.85);
        expect(line.payment_status).toBe("pending");
        expect.verifySteps([
            "$ 1.00 of this refund cannot go back to the card. Refund it another way.",
        ]);
        const amounts = {refund_amount: 1685};
        expect((await sentValues()).amounts).toEqual(amounts);
        const approved = {kind: "refund", amounts, result_amounts: amounts};
        await world.transport.answer("start", viewOf(line, ROWS.approved, approved));
        expect(world.order.remainingDue).toBe(-1);
        expect.verifySteps([
            `Order ${world.order.getName()}, $ -16.85 by card: Approved`,
        ]);
    });

    test("is nothing: all that is due is proposed", async () => {
        world.ledger = [sale(1)];
        expect((await addRefund()).amount).toBe(-17.85);
        expect.verifySteps([]);
    });

    test("is all: the line says why", async () => {
        const line = await addRefund();
        expect(line.payment_status).toBe("retry");
        expect(line.uiState.sci.error.message).toInclude("not paid by card");
    });

    test("is not known without an answer: the line stays as it is", async () => {
        patchWithCleanup(console, {warn: () => expect.step("warned")});
        onRpc("pos.sci.transaction", "sci_refundable", () => {
            throw new Error("No answer.");
        });
        const line = await addRefund();
        expect(line.amount).toBe(-17.85);
        expect(line.payment_status).toBe("pending");
        expect.verifySteps(["warned"]);
    });

    test("of several payments the cashier's choice decides, after Send", async () => {
        world.ledger = [sale(1, 1000), sale(2, 700)];
        expect((await addRefund()).amount).toBe(-17.85);
    });
});

describe("on which terminal", () => {
    test.tags("desktop");
    beforeEach(() => {
        world.ledger = [sale(1)];
    });

    /** The cashier is asked, and answers with that. */
    function answer(id) {
        patchWithCleanup(world.sci, {
            chooseTerminal: async (methodId) => {
                expect(methodId).toBe(false, {message: "any of the company"});
                expect.step("asked");
                return id;
            },
        });
    }

    test("the register's own, without a question", async () => {
        world.sci.terminals.all[1].state = "paired";
        answer(4);
        expect((await sentValues()).terminal_id).toBe(false);
    });

    test("the cashier chooses where it will hardly do", async () => {
        world.sci.terminals.all[1].state = "paired";
        world.sci.terminals.all[0].busy = "Register 2";
        answer(4);
        expect((await sentValues()).terminal_id).toBe(4);
        expect.verifySteps(["asked"]);
    });

    test("no choice: nothing is sent", async () => {
        world.sci.terminals.all[1].state = "paired";
        world.sci.terminals.own = false;
        answer(false);
        expect(await refusal()).toInclude("No terminal was chosen");
        expect.verifySteps(["asked"]);
    });
});
