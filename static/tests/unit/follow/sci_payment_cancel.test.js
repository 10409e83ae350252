import {NoAnswer} from "@pos_mx51_sci/app/follow/sci_transport";
import {NO_ANSWER_PAUSE} from "@pos_mx51_sci/app/follow/backoff";
import {READS} from "@pos_mx51_sci/app/follow/patience";
import {SciPayment} from "@pos_mx51_sci/app/follow/sci_payment";
import {FakeTransport} from "../helpers/fake_transport";
import {ROWS, makeView} from "../data/ledger_rows";
import {flushPromises, stopClock} from "../helpers/time";
import {advanceTime, beforeEach, describe, expect, test} from "@odoo/hoot";

const VALUES = {payment_uuid: "line-1", attempt: 1, kind: "purchase"};

let transport = null;

beforeEach(() => {
    stopClock();
    transport = new FakeTransport();
});

function makePayment() {
    return new SciPayment({
        uuid: "line-1",
        attempt: 1,
        transport,
        onChange: () => undefined,
    });
}

/** A payment whose start was answered with that row. */
async function makeStarted(row) {
    const payment = makePayment();
    const result = payment.start(VALUES);
    await transport.answer("start", row);
    return {payment, result};
}

describe("cancel", () => {
    test.tags("desktop");

    test("is sent once, and the payment is followed on", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        payment.cancel();
        payment.cancel();
        await transport.answer("cancel", makeView({cancel_requested: true}));
        expect(transport.count("cancel")).toBe(1);
        expect(transport.last("cancel").args).toEqual([7]);
        expect(payment.phase).toBe("following");
        await transport.answer("poll", ROWS.cancelled);
        expect(payment.phase).toBe("ended");
        expect(payment.paid).toBe(false);
    });

    test("right after waking up it leaves when a read has found a connection", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        payment.askNow(READS.allDead);
        payment.cancel();
        await flushPromises();
        expect(transport.count("cancel")).toBe(0);
        expect(payment.cancelRequested).toBe(true);
        await transport.answer("poll", makeView());
        expect(transport.count("cancel")).toBe(1);
    });

    test("a late approval wins", async () => {
        const {payment, result} = await makeStarted(ROWS.pending);
        payment.cancel();
        await transport.answer("cancel", makeView({cancel_requested: true}));
        await transport.answer("poll", {...ROWS.approved, cancel_requested: true});
        expect(await result).toBe(true);
    });

    test("an approval that arrives before the answer to the cancel wins", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        payment.cancel();
        await transport.answer("poll", ROWS.approved);
        await transport.answer("cancel", makeView({cancel_requested: true}));
        expect(payment.paid).toBe(true);
        expect(payment.phase).toBe("ended");
    });

    test("the answer to the cancel may be the end", async () => {
        const {payment} = await makeStarted(ROWS.draft);
        payment.cancel();
        await transport.answer("cancel", {...ROWS.not_sent, version: 1});
        expect(payment.phase).toBe("ended");
    });

    test("requested before the row is known, it is sent when it is", async () => {
        const payment = makePayment();
        payment.start(VALUES);
        payment.cancel();
        await flushPromises();
        expect(transport.count("cancel")).toBe(0);
        await transport.answer("start", ROWS.pending);
        expect(transport.count("cancel")).toBe(1);
    });

    test("not answered: it is sent again until it is", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        transport.standing.pollNow = ROWS.pending;
        payment.cancel();
        await transport.lose("cancel");
        await advanceTime(NO_ANSWER_PAUSE.first);
        await flushPromises();
        expect(transport.count("cancel")).toBe(2);
        await transport.answer("cancel", makeView({cancel_requested: true}));
        await advanceTime(10000);
        await flushPromises();
        expect(transport.count("cancel")).toBe(2);
    });

    test("not answered, but another answer shows that it arrived: not sent again", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        payment.cancel();
        await transport.lose("cancel");
        await transport.answer("poll", makeView({version: 2, cancel_requested: true}));
        await advanceTime(10000);
        await flushPromises();
        expect(transport.count("cancel")).toBe(1);
    });

    test("not answered: not sent again before Odoo says that it has not come", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        transport.standing.pollNow = new NoAnswer();
        payment.cancel();
        await transport.lose("cancel");
        await advanceTime(5000);
        await flushPromises();
        expect(transport.count("cancel")).toBe(1);
        transport.standing.pollNow = makeView({cancel_requested: true});
        await advanceTime(5000);
        await flushPromises();
        expect(transport.count("cancel")).toBe(1);
        expect(payment.view.cancel_requested).toBe(true);
    });

    test("may be pressed again where it was not confirmed, and only there", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        payment.cancel();
        for (const [cancel_state, requests] of [
            ["no_answer", 2],
            ["accepted", 2],
        ]) {
            await transport.answer(
                "cancel",
                makeView({cancel_requested: true, cancel_state})
            );
            payment.cancel();
            expect(transport.count("cancel")).toBe(requests);
        }
    });

    test("a second press without an answer is not sent again by itself", async () => {
        const view = makeView({cancel_requested: true, cancel_state: "no_answer"});
        const {payment} = await makeStarted(view);
        transport.standing.pollNow = view;
        payment.cancel();
        await transport.lose("cancel");
        await advanceTime(10000);
        await flushPromises();
        expect(transport.count("cancel")).toBe(1);
        payment.cancel();
        expect(transport.count("cancel")).toBe(2);
    });

    test("refused by mx51: the next poll sends it, no press does", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        payment.cancel();
        const refused = {cancel_requested: true, cancel_state: "refused"};
        await transport.answer("cancel", makeView(refused));
        payment.cancel();
        expect(transport.count("cancel")).toBe(1);
    });

    test("a view from before the request is none of it", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        payment.cancel();
        await transport.answer("cancel", makeView({cancel_requested: true}));
        payment.learn(makeView());
        expect(payment.view.cancel_requested).toBe(true);
        payment.cancel();
        expect(transport.count("cancel")).toBe(1);
    });

    test("refused by Odoo: it may be requested again", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        payment.cancel();
        await transport.refuse("cancel");
        expect(payment.cancelRequested).toBe(false);
        payment.cancel();
        expect(transport.count("cancel")).toBe(2);
    });

    test("after the end nothing is sent", async () => {
        const {payment} = await makeStarted(ROWS.approved);
        payment.cancel();
        await flushPromises();
        expect(transport.count("cancel")).toBe(0);
    });
});
