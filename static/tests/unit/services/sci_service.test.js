import {
    addCardLine,
    send,
    sendAndAnswer,
    setupSciPos,
    showPayment,
    viewOf,
} from "../helpers/pos_setup";
import {
    advanceTime,
    beforeEach,
    describe,
    expect,
    runAllTimers,
    test,
    waitUntil,
} from "@odoo/hoot";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {onRpc, patchWithCleanup} from "@web/../tests/web_test_helpers";
import {ROWS} from "../data/ledger_rows";
import {ASK_AGAIN} from "@pos_mx51_sci/app/outcome/take_over";
import {flushPromises} from "../helpers/time";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
});

describe("taking a payment", () => {
    test.tags("desktop");

    test("the order is on the server before the payment is started", async () => {
        const {line, order, transport} = world;
        onRpc("pos.order", "sync_from_ui", () => {
            expect.step(`saved, ${transport.count("start")} started`);
        });
        send(world);
        await waitUntil(() => transport.count("start"));
        expect.verifySteps(["saved, 0 started"]);
        expect(order.isSynced).toBe(true);
        expect(line.isSynced).toBe(true);
        expect(line.payment_status).toBe("waiting");
    });

    test("ids, uuids and whole minor units go to the server, nothing else", async () => {
        const {line, order, pos, card, transport} = world;
        send(world);
        await waitUntil(() => transport.count("start"));
        expect(transport.last("start").args[0]).toEqual({
            payment_uuid: line.uuid,
            attempt: 1,
            order_uuid: order.uuid,
            config_id: pos.config.id,
            payment_method_id: card.id,
            terminal_id: false,
            kind: "purchase",
            amounts: {purchase_amount: 1785},
        });
    });

    test("without a connection nothing is started, and the cashier reads why", async () => {
        const {line, pos, transport} = world;
        patchWithCleanup(console, {warn: () => expect.step("warned")});
        pos.data.network.offline = true;
        expect(await line.pay()).toBe(false);
        expect(transport.requests).toEqual([]);
        expect(line.payment_status).toBe("retry");
        expect(line.uiState.sci.error.message).toInclude("could not be saved");
        expect.verifySteps(["warned"]);
    });

    test("an amount that is not positive is never sent", async () => {
        const {line, transport} = world;
        line.setAmount(-5);
        expect(await line.pay()).toBe(false);
        expect(transport.requests).toEqual([]);
        expect(line.payment_status).toBe("retry");
    });

    test("a double click starts once", async () => {
        const {line, transport} = world;
        line.pay();
        line.pay();
        await waitUntil(() => transport.count("start"));
        await flushPromises();
        expect(transport.count("start")).toBe(1);
    });

    test("approved: the line is done, its receipts are kept, the order validated", async () => {
        const {line, order} = world;
        const {result} = await sendAndAnswer(world, ROWS.approved, {
            customer_receipt: "CUSTOMER COPY",
            merchant_receipt: "MERCHANT COPY",
            result_amounts: {purchase_amount: 1785},
        });
        expect(await result).toBe(true);
        expect(line.payment_status).toBe("done");
        expect(line.ticket).toBe("CUSTOMER COPY");
        expect(line.cashier_receipt).toBe("MERCHANT COPY");
        await waitUntil(() => order.state === "paid");
    });

    test("paid, and the connection is lost: the order is sent until it is saved", async () => {
        // Odoo leaves two of its promises to its own dialog about lost connections.
        expect.errors(2);
        const {order, pos, line, transport} = world;
        await sendAndAnswer(world, ROWS.pending);
        onRpc("pos.order", "sync_from_ui", () => expect.step("saved"));
        pos.data.network.offline = true;
        await transport.answer("poll", viewOf(line, ROWS.approved));
        await waitUntil(() => order.state === "paid");
        await advanceTime(ASK_AGAIN);
        pos.data.network.offline = false;
        expect.verifySteps([]);
        await advanceTime(ASK_AGAIN);
        await expect.waitForSteps(["saved"]);
        await advanceTime(3 * ASK_AGAIN);
        expect.verifySteps([]);
        const lost = /couldn't be established/;
        expect.verifyErrors([lost, lost]);
    });

    test("paid, and Odoo refuses the order: said once, and not sent again", async () => {
        const {order, pos, sci} = world;
        patchWithCleanup(console, {error: () => undefined});
        patchWithCleanup(pos.notification, {
            add: (text, {type}) => expect.step(`${type}: ${text}`),
        });
        patchWithCleanup(pos, {
            syncAllOrders: async () => {
                expect.step("sent");
                throw new Error("The session is closed.");
            },
        });
        sci.keepSaving(order);
        sci.keepSaving(order);
        await advanceTime(3 * ASK_AGAIN);
        const name = order.getName();
        expect.verifySteps([
            "sent",
            `danger: Odoo did not accept the paid order ${name}: The session is closed.`,
        ]);
    });

    test("automatic validation may be switched off", async () => {
        const {order, pos, line} = world;
        pos.config.auto_validate_terminal_payment = false;
        await sendAndAnswer(world, ROWS.approved);
        await runAllTimers();
        expect(line.payment_status).toBe("done");
        expect(order.state).toBe("draft");
    });

    test("another order is on the screen: done, a notification, no validation", async () => {
        const {order, pos, line} = world;
        patchWithCleanup(pos.notification, {
            add: (text, {type}) => expect.step(`${type}: ${text}`),
        });
        send(world);
        await waitUntil(() => world.transport.count("start"));
        const other = pos.addNewOrder();
        showPayment(pos, other);
        const row = viewOf(line, ROWS.approved, {message: "APPROVED 00"});
        await world.transport.answer("start", row);
        await runAllTimers();
        expect(line.payment_status).toBe("done");
        expect(order.state).toBe("draft");
        expect.verifySteps([
            `success: Order ${order.getName()}, $\u00a017.85 by card: APPROVED 00`,
        ]);
    });

    test("lines that went while the card ran: no change is given unseen", async () => {
        const {order, line} = world;
        const {result} = await sendAndAnswer(world, ROWS.pending);
        order.removeOrderline(order.lines[0]);
        await world.transport.answer("poll", viewOf(line, ROWS.approved));
        expect(await result).toBe(true);
        await runAllTimers();
        expect(order.isPaid()).toBe(true);
        expect(order.state).toBe("draft");
    });

    test("less was charged than asked for: the rest stays due", async () => {
        const {order, line} = world;
        await sendAndAnswer(world, ROWS.approved, {
            result_amounts: {purchase_amount: 1000},
        });
        await runAllTimers();
        expect(line.amount).toBe(10);
        expect(order.state).toBe("draft");
        expect(order.remainingDue).toBe(7.85);
    });

    for (const name of ["declined", "cancelled", "not_sent", "unknown_overridden_no"]) {
        test(`${name}: back to retry, and Retry is a new attempt`, async () => {
            const {line, transport} = world;
            const {result} = await sendAndAnswer(world, ROWS[name]);
            expect(await result).toBe(false);
            expect(line.payment_status).toBe("retry");
            send(world);
            await waitUntil(() => transport.count("start") === 2);
            expect(transport.last("start").args[0].attempt).toBe(2);
        });
    }

    test("refused without a row: Retry asks for the same attempt", async () => {
        const {line, transport} = world;
        send(world);
        await waitUntil(() => transport.count("start"));
        await transport.refuse("start", "Not your register.");
        await transport.answer("find", []);
        await flushPromises();
        expect(line.payment_status).toBe("retry");
        send(world);
        await waitUntil(() => transport.count("start") === 2);
        expect(transport.last("start").args[0].attempt).toBe(1);
    });

    for (const name of ["unknown", "final_unknown"]) {
        test(`${name}: the line waits for a person, it does not offer Retry`, async () => {
            const {line} = world;
            let over = false;
            const {result} = await sendAndAnswer(world, ROWS[name]);
            result.then(() => (over = true));
            await flushPromises();
            expect(over).toBe(false);
            expect(line.payment_status).toBe("waiting");
            expect(line.isSciLocked()).toBe(true);
        });
    }

    test("the same row with other details: the line takes the row's amount", async () => {
        const {line} = world;
        const error = {code: "different_request", message: "Sent already."};
        const amounts = {purchase_amount: 900};
        await sendAndAnswer(world, ROWS.pending, {error, amounts});
        expect(line.amount).toBe(9);
        expect(line.payment_status).toBe("waitingCard");
    });

    test("several terminals: the cashier chooses, and it is the same attempt", async () => {
        const {transport, line, sci} = world;
        patchWithCleanup(sci, {chooseTerminal: async () => 4});
        await sendAndAnswer(world, ROWS.no_row);
        await waitUntil(() => transport.count("start") === 2);
        const values = transport.last("start").args[0];
        expect(values.terminal_id).toBe(4);
        expect(values.attempt).toBe(1);
        expect(line.payment_status).toBe("waiting");
    });

    test("several terminals, and none is chosen: nothing was charged", async () => {
        const {transport, line, sci} = world;
        patchWithCleanup(sci, {chooseTerminal: async () => false});
        const {result} = await sendAndAnswer(world, ROWS.no_row);
        expect(await result).toBe(false);
        expect(line.payment_status).toBe("retry");
        expect(transport.count("start")).toBe(1);
    });

    test("two orders pay at the same time", async () => {
        const first = world.line;
        await sendAndAnswer(world, ROWS.pending);
        Object.assign(world, await addCardLine(world));
        await sendAndAnswer(world, ROWS.pending, {id: 8});
        expect(first.payment_status).toBe("waitingCard");
        expect(world.line.payment_status).toBe("waitingCard");
        await world.transport.answer(
            "poll",
            viewOf(world.line, ROWS.declined, {id: 8})
        );
        expect(first.payment_status).toBe("waitingCard");
        expect(world.line.payment_status).toBe("retry");
    });

    test("the interface's cancel is only a request: it never returns true", async () => {
        const {line, order, card, transport} = world;
        await sendAndAnswer(world, ROWS.pending);
        const answer = card.payment_terminal.sendPaymentCancel(order, line.uuid);
        expect(await answer).toBe(false);
        expect(transport.count("cancel")).toBe(1);
        expect(line.payment_status).toBe("waitingCard");
    });
});

describe("a register that takes no cards through SCI", () => {
    test.tags("desktop");

    test("asks the server for nothing", async () => {
        const {pos, card, sci, transport, line} = world;
        line.delete();
        pos.config.update({payment_method_ids: [["unlink", card]]});
        patchWithCleanup(sci.terminals, {refresh: () => expect.step("terminals")});
        sci.refresh();
        await sci.open();
        await flushPromises();
        expect(transport.requests).toEqual([]);
        expect.verifySteps([]);
    });
});
