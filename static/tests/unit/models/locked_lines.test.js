import {addCardLine, setupSciPos, viewOf} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {mountWithCleanup, patchWithCleanup} from "@web/../tests/web_test_helpers";
import OrderPaymentValidation from "@point_of_sale/app/utils/order_payment_validation";
import {PaymentScreen} from "@point_of_sale/app/screens/payment_screen/payment_screen";
import {ROWS} from "../data/ledger_rows";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    world.pos.config.auto_validate_terminal_payment = false;
    Object.assign(world, await addCardLine(world));
    patchWithCleanup(world.pos.dialog, {
        add: (_dialog, {body}) => expect.step(`${body}`.split(".")[0]),
    });
});

async function pay(row) {
    const {line, transport} = world;
    line.pay();
    await waitUntil(() => transport.count("start"));
    await transport.answer("start", viewOf(line, row));
}

function mountScreen() {
    return mountWithCleanup(PaymentScreen, {props: {orderUuid: world.order.uuid}});
}

const UNFINISHED = "A card payment for this order is not finished on Front Bar";
const APPROVED = "This order has an approved card payment";

const LOCKING = {
    pending: UNFINISHED,
    unknown: UNFINISHED,
    final_unknown: UNFINISHED,
    approved: APPROVED,
    unknown_overridden_yes: APPROVED,
};

for (const [name, sentence] of Object.entries(LOCKING)) {
    describe(`a line whose row is ${name} stays`, () => {
        test.tags("desktop");
        beforeEach(() => pay(ROWS[name]));

        function expectUntouched() {
            const {order, line, card} = world;
            expect(order.payment_ids.includes(line)).toBe(true);
            expect(line.amount).toBe(17.85);
            expect(line.payment_method_id).toBe(card);
        }

        test("and the next customer's goods are another order's", () => {
            const {order, pos} = world;
            expect(pos.openOrder.uuid).not.toBe(order.uuid);
            expectUntouched();
        });

        test("when it is removed from its order", () => {
            world.order.removePaymentline(world.line);
            expectUntouched();
        });

        test("when the record itself is deleted", () => {
            world.line.delete({backend: true});
            expectUntouched();
        });

        test("when its amount or status is set", () => {
            const {line} = world;
            const status = line.payment_status;
            line.setAmount(1);
            for (const value of ["retry", "pending", "force_done", "reversed"]) {
                line.setPaymentStatus(value);
                expect(line.payment_status).toBe(status);
            }
            expectUntouched();
        });

        test("when the cross is pressed, or the numpad's backspace", async () => {
            const screen = await mountScreen();
            patchWithCleanup(screen.notification, {
                add: (text) => expect.step(text.split(".")[0]),
            });
            expect(".paymentlines .delete-button").toHaveCount(0);
            screen.deletePaymentLine(world.line.uuid);
            screen.numberBuffer.set("");
            screen.updateSelectedPaymentline();
            screen.updateSelectedPaymentline(null);
            screen.updateSelectedPaymentline(3);
            expectUntouched();
            expect.verifySteps([sentence]);
        });

        test("when its method is no longer one of the register's", async () => {
            const {pos, card} = world;
            pos.config.update({payment_method_ids: [["unlink", card]]});
            await mountScreen();
            expectUntouched();
        });

        test("with its order, when that is deleted", async () => {
            const {pos, order} = world;
            expect(await pos.deleteOrders([order])).toBe(false);
            expect(pos.removeOrder(order)).toBe(false);
            expect(pos.models["pos.order"].getBy("uuid", order.uuid)).toBe(order);
            expectUntouched();
            expect.verifySteps([sentence, sentence]);
        });

        test("with its order, when that would be split", () => {
            const {pos, order} = world;
            pos.setOrder(order);
            expect(pos.navigate("SplitBillScreen", {})).toBe(false);
            expect.verifySteps([sentence]);
        });
    });
}

describe("an order with an open card payment", () => {
    test.tags("desktop");

    for (const name of ["pending", "unknown", "final_unknown"]) {
        test(`is not validated while the row is ${name}`, async () => {
            const {pos, order, line} = world;
            await pay(ROWS[name]);
            const cash = pos.models["pos.payment.method"].get(1);
            const paid = pos.models["pos.payment"].create({
                pos_order_id: order,
                payment_method_id: cash,
            });
            paid.setAmount(17.85);
            expect(order.isPaid()).toBe(true);
            const validation = new OrderPaymentValidation({
                pos,
                orderUuid: order.uuid,
            });
            expect(await validation.validateOrder(false)).toBe(false);
            expect(order.state).toBe("draft");
            expect(order.payment_ids.includes(line)).toBe(true);
            expect.verifySteps([UNFINISHED]);
        });
    }

    test("a payment that turns up during the questions stops the validation too", async () => {
        const {pos, order, line} = world;
        const validation = new OrderPaymentValidation({pos, orderUuid: order.uuid});
        line.uiState = {...line.uiState, sci: {phase: "following", view: ROWS.pending}};
        expect(await validation.isOrderValid(true)).toBe(false);
    });

    test("takes no second payment meanwhile", async () => {
        await pay(ROWS.pending);
        const {order, pos, card} = world;
        const cash = pos.models["pos.payment.method"].get(1);
        expect(order.addPaymentline(cash).status).toBe(false);
        const screen = await mountScreen();
        expect(await screen.addNewPaymentLine(card)).toBe(false);
        expect.verifySteps([UNFINISHED]);
        expect(order.payment_ids.length).toBe(1);
    });

    test("does not stop a payment of another order", async () => {
        await pay(ROWS.pending);
        expect(Boolean(world.pos.paymentTerminalInProgress)).toBe(false);
    });
});

describe("an order whose card payment failed", () => {
    test.tags("desktop");

    test("can be paid by another method, and the failed line goes", async () => {
        const {pos, order, line} = world;
        await pay(ROWS.declined);
        const cash = pos.models["pos.payment.method"].get(1);
        expect(order.addPaymentline(cash).status).toBe(true);
        const validation = new OrderPaymentValidation({pos, orderUuid: order.uuid});
        await validation.validateOrder(false);
        expect(order.state).toBe("paid");
        expect(order.payment_ids.includes(line)).toBe(false);
    });

    test("can lose the line, and be deleted", async () => {
        const {pos, order, line} = world;
        await pay(ROWS.declined);
        order.removePaymentline(line);
        expect(order.payment_ids.length).toBe(0);
        expect(await pos.deleteOrders([order])).toBe(true);
    });

    test("can have the amount changed before the next attempt", async () => {
        const {line} = world;
        await pay(ROWS.declined);
        line.setAmount(5);
        expect(line.amount).toBe(5);
    });
});

describe("only a paid row makes a line done", () => {
    test.tags("desktop");

    for (const value of ["done", "force_done", "reversed"]) {
        test(`${value} without a row is a retry`, () => {
            world.line.setPaymentStatus(value);
            expect(world.line.payment_status).toBe("retry");
        });

        test(`${value} after a decline stays a retry`, async () => {
            await pay(ROWS.declined);
            world.line.setPaymentStatus(value);
            expect(world.line.payment_status).toBe("retry");
        });
    }

    test("Force Done does nothing, whoever calls it", async () => {
        await pay(ROWS.pending);
        const screen = await mountScreen();
        await screen.sendForceDone(world.line);
        expect(world.line.payment_status).toBe("waitingCard");
        expect(".send_force_done").toHaveCount(0);
    });
});

test.tags("desktop");
test("what was charged cannot be edited after the sale", async () => {
    const {pos, order} = world;
    expect(pos.canEditPayment(order)).toBe(true);
    await pay(ROWS.approved);
    expect(pos.canEditPayment(order)).toBe(false);
});

test.tags("desktop");
test("a line loaded from the server is guarded by its status alone", () => {
    const {line} = world;
    for (const [status, locked] of [
        ["pending", false],
        ["retry", false],
        ["waiting", true],
        ["waitingCard", true],
        ["waitingCancel", true],
        ["timeout", true],
        ["done", true],
    ]) {
        line.payment_status = status;
        expect(line.isSciLocked()).toBe(locked);
    }
});

test.tags("desktop");
test("lines of other methods are as free as ever", () => {
    const {pos} = world;
    const order = pos.addNewOrder();
    const cash = pos.models["pos.payment.method"].get(1);
    const {data: line} = order.addPaymentline(cash);
    line.setPaymentStatus("done");
    expect(line.payment_status).toBe("done");
    line.setAmount(3);
    expect(line.amount).toBe(3);
    order.removePaymentline(line);
    expect(order.payment_ids.length).toBe(0);
});
