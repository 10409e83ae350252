import {ROWS, makeView, settle} from "./utils";
import {addCardLine, setupSciPos, showPayment, viewOf} from "./pos_utils";
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
import {SAVE_AGAIN} from "@pos_mx51_sci/app/sci/sci_desk";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
});

/** Presses "Send" or "Retry", until the question to start has left. */
async function send() {
    const {line, transport} = world;
    const before = transport.count("start");
    const result = line.pay();
    await waitUntil(() => transport.count("start") > before);
    return result;
}

/** The same, answered. The payment's own promise is returned in an object. */
async function sendAndAnswer(row, changes) {
    const {line, transport} = world;
    const before = transport.count("start");
    const result = line.pay();
    await waitUntil(() => transport.count("start") > before);
    await transport.answer("start", viewOf(line, row, changes));
    return {result};
}

describe("taking a payment", () => {
    test.tags("desktop");

    test("the order is on the server before the payment is asked for", async () => {
        const {line, order, transport} = world;
        onRpc("pos.order", "sync_from_ui", () => {
            expect.step(`saved, ${transport.count("start")} asked for`);
        });
        send();
        await waitUntil(() => transport.count("start"));
        expect.verifySteps(["saved, 0 asked for"]);
        expect(order.isSynced).toBe(true);
        expect(line.isSynced).toBe(true);
        expect(line.payment_status).toBe("waiting");
    });

    test("ids, uuids and whole minor units go to the server, nothing else", async () => {
        const {line, order, pos, card, transport} = world;
        send();
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

    test("without a connection nothing is asked for, and the cashier reads why", async () => {
        const {line, pos, transport} = world;
        patchWithCleanup(console, {warn: () => expect.step("warned")});
        pos.data.network.offline = true;
        expect(await line.pay()).toBe(false);
        expect(transport.asked).toEqual([]);
        expect(line.payment_status).toBe("retry");
        expect(line.uiState.sci.error.message).toInclude("could not be saved");
        expect.verifySteps(["warned"]);
    });

    test("an amount that is not positive is never sent", async () => {
        const {line, transport} = world;
        line.setAmount(-5);
        expect(await line.pay()).toBe(false);
        expect(transport.asked).toEqual([]);
        expect(line.payment_status).toBe("retry");
    });

    test("a double click asks once", async () => {
        const {line, transport} = world;
        line.pay();
        line.pay();
        await waitUntil(() => transport.count("start"));
        await settle();
        expect(transport.count("start")).toBe(1);
    });

    test("approved: the line is done, its receipts are kept, the order validated", async () => {
        const {line, order} = world;
        const {result} = await sendAndAnswer(ROWS.approved, {
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
        await sendAndAnswer(ROWS.pending);
        onRpc("pos.order", "sync_from_ui", () => expect.step("saved"));
        pos.data.network.offline = true;
        await transport.answer("poll", viewOf(line, ROWS.approved));
        await waitUntil(() => order.state === "paid");
        await advanceTime(SAVE_AGAIN);
        pos.data.network.offline = false;
        expect.verifySteps([]);
        await advanceTime(SAVE_AGAIN);
        await expect.waitForSteps(["saved"]);
        await advanceTime(3 * SAVE_AGAIN);
        expect.verifySteps([]);
        const lost = /couldn't be established/;
        expect.verifyErrors([lost, lost]);
    });

    test("automatic validation may be switched off", async () => {
        const {order, pos, line} = world;
        pos.config.auto_validate_terminal_payment = false;
        await sendAndAnswer(ROWS.approved);
        await runAllTimers();
        expect(line.payment_status).toBe("done");
        expect(order.state).toBe("draft");
    });

    test("another order is on the screen: done, a notification, no validation", async () => {
        const {order, pos, line} = world;
        patchWithCleanup(pos.notification, {
            add: (text, {type}) => expect.step(`${type}: ${text}`),
        });
        send();
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
        const {result} = await sendAndAnswer(ROWS.pending);
        order.removeOrderline(order.lines[0]);
        await world.transport.answer("poll", viewOf(line, ROWS.approved));
        expect(await result).toBe(true);
        await runAllTimers();
        expect(order.isPaid()).toBe(true);
        expect(order.state).toBe("draft");
    });

    test("less was charged than asked for: the rest stays due", async () => {
        const {order, line} = world;
        await sendAndAnswer(ROWS.approved, {result_amounts: {purchase_amount: 1000}});
        await runAllTimers();
        expect(line.amount).toBe(10);
        expect(order.state).toBe("draft");
        expect(order.remainingDue).toBe(7.85);
    });

    for (const name of ["declined", "cancelled", "not_sent", "unknown_overridden_no"]) {
        test(`${name}: back to retry, and Retry is a new attempt`, async () => {
            const {line, transport} = world;
            const {result} = await sendAndAnswer(ROWS[name]);
            expect(await result).toBe(false);
            expect(line.payment_status).toBe("retry");
            send();
            await waitUntil(() => transport.count("start") === 2);
            expect(transport.last("start").args[0].attempt).toBe(2);
        });
    }

    test("refused without a row: Retry asks for the same attempt", async () => {
        const {line, transport} = world;
        send();
        await waitUntil(() => transport.count("start"));
        await transport.refuse("start", "Not your register.");
        await transport.answer("find", []);
        await settle();
        expect(line.payment_status).toBe("retry");
        send();
        await waitUntil(() => transport.count("start") === 2);
        expect(transport.last("start").args[0].attempt).toBe(1);
    });

    for (const name of ["unknown", "final_unknown"]) {
        test(`${name}: the line waits for a person, it does not offer Retry`, async () => {
            const {line} = world;
            let over = false;
            const {result} = await sendAndAnswer(ROWS[name]);
            result.then(() => (over = true));
            await settle();
            expect(over).toBe(false);
            expect(line.payment_status).toBe("waiting");
            expect(line.isSciLocked()).toBe(true);
        });
    }

    test("the same row with other details: the line takes the row's amount", async () => {
        const {line} = world;
        const error = {code: "different_request", message: "Sent already."};
        const amounts = {purchase_amount: 900};
        await sendAndAnswer(ROWS.pending, {error, amounts});
        expect(line.amount).toBe(9);
        expect(line.payment_status).toBe("waitingCard");
    });

    test("several terminals: the cashier chooses, and it is the same attempt", async () => {
        const {transport, line, desk} = world;
        patchWithCleanup(desk, {chooseTerminal: async () => 4});
        await sendAndAnswer(ROWS.no_row);
        await waitUntil(() => transport.count("start") === 2);
        const values = transport.last("start").args[0];
        expect(values.terminal_id).toBe(4);
        expect(values.attempt).toBe(1);
        expect(line.payment_status).toBe("waiting");
    });

    test("several terminals, and none is chosen: nothing was charged", async () => {
        const {transport, line, desk} = world;
        patchWithCleanup(desk, {chooseTerminal: async () => false});
        const {result} = await sendAndAnswer(ROWS.no_row);
        expect(await result).toBe(false);
        expect(line.payment_status).toBe("retry");
        expect(transport.count("start")).toBe(1);
    });

    test("two orders pay at the same time", async () => {
        const first = world.line;
        await sendAndAnswer(ROWS.pending);
        Object.assign(world, await addCardLine(world));
        await sendAndAnswer(ROWS.pending, {id: 8});
        expect(first.payment_status).toBe("waitingCard");
        expect(world.line.payment_status).toBe("waitingCard");
        await world.transport.answer(
            "poll",
            viewOf(world.line, ROWS.declined, {id: 8})
        );
        expect(first.payment_status).toBe("waitingCard");
        expect(world.line.payment_status).toBe("retry");
    });

    test("the interface's cancel asks, and never says that it is done", async () => {
        const {line, order, card, transport} = world;
        await sendAndAnswer(ROWS.pending);
        const answer = card.payment_terminal.sendPaymentCancel(order, line.uuid);
        expect(await answer).toBe(false);
        expect(transport.count("cancel")).toBe(1);
        expect(line.payment_status).toBe("waitingCard");
    });
});

describe("after a reload", () => {
    test.tags("desktop");

    /** What a browser that starts again has: its records, and nobody following. */
    function forget() {
        const {desk, line} = world;
        line.uiState = JSON.parse(JSON.stringify(line.uiState));
        for (const payment of desk.follower.payments.values()) {
            payment.phase = "gone";
        }
        desk.follower.payments.clear();
        desk.preparing.clear();
        world.transport.asked = [];
    }

    test("a running payment is finished, and its order validated", async () => {
        const {desk, line, order, transport} = world;
        await sendAndAnswer(ROWS.pending);
        forget();
        desk.recovery.resume();
        await transport.answer("resume", [viewOf(line, ROWS.pending)]);
        await transport.answer("poll", viewOf(line, ROWS.approved));
        expect(line.payment_status).toBe("done");
        await waitUntil(() => order.state === "paid");
        expect(transport.count("start")).toBe(0);
    });

    test("what ended meanwhile is shown at once, and validated", async () => {
        const {desk, line, order, transport} = world;
        await sendAndAnswer(ROWS.pending);
        forget();
        desk.recovery.resume();
        await transport.answer("resume", [viewOf(line, ROWS.approved)]);
        expect(line.payment_status).toBe("done");
        await waitUntil(() => order.state === "paid");
    });

    test("receipts are not kept twice", async () => {
        const {desk, line, pos, transport} = world;
        pos.config.auto_validate_terminal_payment = false;
        const receipts = {customer_receipt: "CUSTOMER COPY"};
        await sendAndAnswer(ROWS.approved, receipts);
        forget();
        line.uiState.sci.phase = "following";
        line.uiState.sci.paid = false;
        desk.recovery.resume();
        await transport.answer("resume", [viewOf(line, ROWS.approved, receipts)]);
        expect(line.ticket).toBe("CUSTOMER COPY");
    });

    test("a start that was cut off: its row is looked for, never started again", async () => {
        const {desk, line, transport} = world;
        send();
        await waitUntil(() => transport.count("start"));
        forget();
        desk.recovery.resume();
        await transport.answer("resume", []);
        await transport.answer("find", [{id: 7, payment_uuid: line.uuid, attempt: 1}]);
        await transport.answer("poll", viewOf(line, ROWS.pending));
        expect(line.payment_status).toBe("waitingCard");
        expect(transport.count("start")).toBe(0);
    });

    test("a start that never arrived: retry after three looks, same attempt", async () => {
        const {desk, line, transport} = world;
        send();
        await waitUntil(() => transport.count("start"));
        forget();
        transport.standing.find = [];
        desk.recovery.resume();
        await transport.answer("resume", []);
        expect(line.payment_status).toBe("waiting");
        await waitUntil(() => line.payment_status === "retry", {timeout: 5000});
        expect(transport.count("find")).toBe(3);
        send();
        await waitUntil(() => transport.count("start"));
        expect(transport.last("start").args[0].attempt).toBe(1);
    });

    test("an older attempt's row says nothing about the newest attempt", async () => {
        const {desk, line, transport} = world;
        await sendAndAnswer(ROWS.declined);
        send();
        await waitUntil(() => transport.count("start") === 2);
        forget();
        desk.recovery.resume();
        await transport.answer("resume", [viewOf(line, ROWS.declined)]);
        expect(line.payment_status).toBe("waiting");
    });

    test("a new browser does not tell of what was declined in other orders", async () => {
        const {desk, line, pos, transport} = world;
        patchWithCleanup(pos.notification, {add: () => expect.step("told")});
        pos.router.state.current = "ProductScreen";
        for (const isNew of [true, false]) {
            line.payment_status = "waitingCard";
            line.uiState = isNew ? {} : {sci: {phase: "following", attempt: 1}};
            desk.follower.payments.clear();
            desk.recovery.resume();
            await transport.answer("resume", [viewOf(line, ROWS.declined)]);
            expect(line.payment_status).toBe("retry");
            expect.verifySteps(isNew ? [] : ["told"]);
        }
    });

    test("of several attempts the last one counts", async () => {
        const {desk, line, transport} = world;
        line.payment_status = "waitingCard";
        desk.recovery.resume();
        await transport.answer("resume", [
            viewOf(line, ROWS.declined),
            viewOf(line, ROWS.pending, {id: 8, attempt: 2}),
        ]);
        expect(line.payment_status).toBe("waitingCard");
        expect(transport.last("poll").args[0]).toBe(8);
        await transport.answer(
            "poll",
            viewOf(line, ROWS.declined, {id: 8, attempt: 2})
        );
        send();
        await waitUntil(() => transport.count("start"));
        expect(transport.last("start").args[0].attempt).toBe(3);
    });

    test("an order that this browser has not got is fetched", async () => {
        const {desk, pos, transport} = world;
        patchWithCleanup(pos.data, {
            loadServerOrders: async (domain) => expect.step(JSON.stringify(domain)),
        });
        desk.recovery.resume();
        await transport.answer("resume", [
            makeView({payment_uuid: "elsewhere", order_uuid: "far"}),
            makeView({...ROWS.declined, id: 9, payment_uuid: "x", order_uuid: "over"}),
        ]);
        expect.verifySteps(['[["uuid","=","far"]]']);
    });

    test("what the row said outlives an older copy of the line from the server", async () => {
        const {line, pos} = world;
        pos.config.auto_validate_terminal_payment = false;
        await sendAndAnswer(ROWS.approved);
        const copy = {...line.raw, payment_status: "waiting"};
        pos.models.connectNewData({"pos.payment": [copy]});
        expect(line.payment_status).toBe("done");
        expect(line.isDirty()).toBe(true);
    });

    test("a hint about a row that nobody follows asks nothing", async () => {
        const {desk, transport} = world;
        await desk.recovery.hint({id: 7, version: 0});
        expect(transport.asked).toEqual([]);
    });
});

test.tags("desktop");
test("the choice of terminals names who is busy", async () => {
    const {desk, pos, card} = world;
    patchWithCleanup(pos.dialog, {
        add: (_popup, {list, getPayload}) => {
            expect(list.map(({label}) => label)).toEqual([
                "Front Bar",
                "Bistro (busy: Register 2)",
            ]);
            getPayload(3);
        },
    });
    expect(await desk.chooseTerminal(card.id)).toBe(3);
});
