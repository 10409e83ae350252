import {ROWS, makeView} from "../data/ledger_rows";
import {
    addCardLine,
    send,
    sendAndAnswer,
    setupSciPos,
    viewOf,
} from "../helpers/pos_setup";
import {beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {lineText} from "@pos_mx51_sci/app/display/texts";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupSciPos();
    Object.assign(world, await addCardLine(world));
});

describe("after a reload", () => {
    test.tags("desktop");

    /** What a browser that starts again has: its records, and nobody following. */
    function forget() {
        const {sci, line} = world;
        line.uiState = JSON.parse(JSON.stringify(line.uiState));
        for (const payment of sci.follower.running.values()) {
            payment.phase = "gone";
        }
        sci.follower.running.clear();
        sci.startedHere.clear();
        world.transport.requests = [];
    }

    test("a running payment is finished, and its order validated", async () => {
        const {sci, line, order, transport} = world;
        await sendAndAnswer(world, ROWS.pending);
        forget();
        sci.recovery.resume(world.pos.config.id);
        await transport.answer("resume", [viewOf(line, ROWS.pending)]);
        await transport.answer("poll", viewOf(line, ROWS.approved));
        expect(line.payment_status).toBe("done");
        await waitUntil(() => order.state === "paid");
        expect(transport.count("start")).toBe(0);
    });

    test("what ended meanwhile is shown at once, and validated", async () => {
        const {sci, line, order, transport} = world;
        await sendAndAnswer(world, ROWS.pending);
        forget();
        sci.recovery.resume(world.pos.config.id);
        await transport.answer("resume", [viewOf(line, ROWS.approved)]);
        expect(line.payment_status).toBe("done");
        await waitUntil(() => order.state === "paid");
    });

    test("receipts are not kept twice", async () => {
        const {sci, line, pos, transport} = world;
        pos.config.auto_validate_terminal_payment = false;
        const receipts = {customer_receipt: "CUSTOMER COPY"};
        await sendAndAnswer(world, ROWS.approved, receipts);
        forget();
        line.uiState.sci.phase = "following";
        line.uiState.sci.paid = false;
        sci.recovery.resume(world.pos.config.id);
        await transport.answer("resume", [viewOf(line, ROWS.approved, receipts)]);
        expect(line.ticket).toBe("CUSTOMER COPY");
    });

    test("a start that was cut off: its row is searched for, never started again", async () => {
        const {sci, line, transport} = world;
        send(world);
        await waitUntil(() => transport.count("start"));
        forget();
        sci.recovery.resume(world.pos.config.id);
        await transport.answer("resume", []);
        await transport.answer("find", [{id: 7, payment_uuid: line.uuid, attempt: 1}]);
        await transport.answer("poll", viewOf(line, ROWS.pending));
        expect(line.payment_status).toBe("waitingCard");
        expect(transport.count("start")).toBe(0);
    });

    /** Cancel is pressed before the start is answered, and the page is loaded anew. */
    async function cancelAndForget() {
        const {sci, line, transport} = world;
        send(world);
        await waitUntil(() => transport.count("start"));
        let kept = 0;
        patchWithCleanup(sci.lines, {flush: () => ++kept});
        sci.cancel(line.uuid);
        expect(kept).toBe(1);
        forget();
        sci.recovery.resume(world.pos.config.id);
    }

    test("a press on Cancel that had not reached Odoo is sent, once", async () => {
        const {line, transport} = world;
        await cancelAndForget();
        await transport.answer("resume", []);
        expect(lineText(line.uiState.sci, Date.now()).text).toBe("Cancelling");
        await transport.answer("find", [{id: 7, payment_uuid: line.uuid, attempt: 1}]);
        await transport.answer("poll", viewOf(line, ROWS.pending));
        expect(transport.last("cancel").args).toEqual([7]);
        const asked = viewOf(line, ROWS.pending, {cancel_requested: true});
        await transport.answer("cancel", asked);
        await transport.answer("poll", {...asked, version: 2});
        expect(transport.count("cancel")).toBe(1);
        expect(line.uiState.sci.cancelRequested).toBe(false);
        expect(transport.count("start")).toBe(0);
    });

    for (const [why, row, changes] of [
        ["Odoo has kept it", ROWS.pending, {cancel_requested: true}],
        ["it was about an earlier attempt", ROWS.pending, {attempt: 2}],
        ["the payment is over", ROWS.declined, {}],
    ]) {
        test(`a press on Cancel is not sent where ${why}`, async () => {
            const {line, transport} = world;
            await cancelAndForget();
            await transport.answer("resume", [viewOf(line, row, changes)]);
            expect(transport.count("cancel")).toBe(0);
            expect(line.uiState.sci.cancelRequested).toBe(false);
        });
    }

    test("a start that never arrived: retry after three searches, same attempt", async () => {
        const {sci, line, transport} = world;
        send(world);
        await waitUntil(() => transport.count("start"));
        forget();
        transport.standing.find = [];
        sci.recovery.resume(world.pos.config.id);
        await transport.answer("resume", []);
        expect(line.payment_status).toBe("waiting");
        await waitUntil(() => line.payment_status === "retry", {timeout: 5000});
        expect(transport.count("find")).toBe(3);
        send(world);
        await waitUntil(() => transport.count("start"));
        expect(transport.last("start").args[0].attempt).toBe(1);
    });

    test("an older attempt's row says nothing about the newest attempt", async () => {
        const {sci, line, transport} = world;
        await sendAndAnswer(world, ROWS.declined);
        send(world);
        await waitUntil(() => transport.count("start") === 2);
        forget();
        sci.recovery.resume(world.pos.config.id);
        await transport.answer("resume", [viewOf(line, ROWS.declined)]);
        expect(line.payment_status).toBe("waiting");
    });

    test("a new browser does not announce what was declined in other orders", async () => {
        const {sci, line, pos, transport} = world;
        patchWithCleanup(pos.notification, {add: () => expect.step("announced")});
        pos.router.state.current = "ProductScreen";
        for (const isNew of [true, false]) {
            line.payment_status = "waitingCard";
            line.uiState = isNew ? {} : {sci: {phase: "following", attempt: 1}};
            sci.follower.running.clear();
            sci.recovery.resume(world.pos.config.id);
            await transport.answer("resume", [viewOf(line, ROWS.declined)]);
            expect(line.payment_status).toBe("retry");
            expect.verifySteps(isNew ? [] : ["announced"]);
        }
    });

    test("of several attempts the last one counts", async () => {
        const {sci, line, transport} = world;
        line.payment_status = "waitingCard";
        sci.recovery.resume(world.pos.config.id);
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
        send(world);
        await waitUntil(() => transport.count("start"));
        expect(transport.last("start").args[0].attempt).toBe(3);
    });

    test("an order that this browser has not got is fetched", async () => {
        const {sci, pos, transport} = world;
        patchWithCleanup(pos.data, {
            loadServerOrders: async (domain) => expect.step(JSON.stringify(domain)),
        });
        sci.recovery.resume(world.pos.config.id);
        await transport.answer("resume", [
            makeView({payment_uuid: "elsewhere", order_uuid: "far"}),
            makeView({...ROWS.declined, id: 9, payment_uuid: "x", order_uuid: "over"}),
        ]);
        expect.verifySteps(['[["uuid","=","far"]]']);
    });

    test("what the row said outlives an older copy of the line from the server", async () => {
        const {line, pos} = world;
        pos.config.auto_validate_terminal_payment = false;
        await sendAndAnswer(world, ROWS.approved);
        const copy = {...line.raw, payment_status: "waiting"};
        pos.models.connectNewData({"pos.payment": [copy]});
        expect(line.payment_status).toBe("done");
        expect(line.isDirty()).toBe(true);
    });

    test("a hint about a row that nobody follows sends nothing", async () => {
        const {sci, transport} = world;
        await sci.recovery.hint({id: 7, version: 0});
        expect(transport.requests).toEqual([]);
    });
});

describe("another device pays the order on this payment screen", () => {
    test.tags("desktop");

    const NEWS = {id: ROWS.pending.id, version: 1};

    test("its line follows, and this browser leaves the rest to the other", async () => {
        const {sci, line, order, transport} = world;
        sci.recovery.isResumed = true;
        sci.recovery.hint(NEWS);
        await transport.answer("poll", viewOf(line, ROWS.pending));
        await waitUntil(() => line.payment_status === "waitingCard");
        await transport.answer("poll", viewOf(line, ROWS.approved));
        await waitUntil(() => line.payment_status === "done");
        await waitUntil(() => !sci.takeOver.isRunning(order));
        expect(order.state).toBe("draft");
    });

    test("payments of other orders are nobody's business", async () => {
        const {sci, line, transport} = world;
        sci.recovery.isResumed = true;
        sci.recovery.hint(NEWS);
        await transport.answer(
            "poll",
            viewOf(line, ROWS.pending, {order_uuid: "other"})
        );
        expect(line.uiState.sci).toBe(false);
        world.pos.router.state.current = "ProductScreen";
        sci.recovery.hint(NEWS);
        expect(transport.count("poll")).toBe(1);
    });
});
