import {advanceTime, beforeEach, describe, expect, test} from "@odoo/hoot";
import {NEWS_LATE, SciPayment} from "@pos_mx51_sci/app/follow/sci_payment";
import {ROWS, makeView} from "../data/ledger_rows";
import {flushPromises, stopClock} from "../helpers/time";
import {BRIEF} from "@pos_mx51_sci/app/follow/patience";
import {FakeTransport} from "../helpers/fake_transport";

const VALUES = {payment_uuid: "line-1", attempt: 1, kind: "purchase"};

let transport = null;

beforeEach(() => {
    stopClock();
    transport = new FakeTransport();
});

function makePayment() {
    const onChange = () => undefined;
    return new SciPayment({uuid: "line-1", attempt: 1, transport, onChange});
}

/** A payment whose start was answered with that row. */
async function makeStarted(row) {
    const payment = makePayment();
    const result = payment.start(VALUES);
    await transport.answer("start", row);
    return {payment, result};
}

describe("hints of the bus", () => {
    test.tags("desktop");

    test("a newer version is polled at once", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        await transport.answer("poll", makeView({held: false}));
        payment.hint(2);
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
    });

    test("the same hint again, or an old one, sends nothing", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        await transport.answer("poll", makeView({held: false, version: 2}));
        payment.hint(2);
        payment.hint(1);
        await flushPromises();
        expect(transport.count("poll")).toBe(1);
    });

    test("two hints make one poll", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        await transport.answer("poll", makeView({held: false}));
        payment.hint(2);
        payment.hint(2);
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
    });

    test("a poll that does not bring the news gives way to a short one", async () => {
        const {payment, result} = await makeStarted(ROWS.pending);
        payment.hint(4);
        await advanceTime(NEWS_LATE - 1);
        expect(transport.count("poll")).toBe(1);
        await advanceTime(1);
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
        expect(transport.last("poll").args[2].brief).toBe(true);
        await transport.answer("poll", ROWS.approved);
        expect(await result).toBe(true);
        await advanceTime(BRIEF.first);
        expect(transport.count("pollNow")).toBe(0);
    });

    test("news that no poll brings come another way", async () => {
        const {payment, result} = await makeStarted(ROWS.pending);
        payment.hint(4);
        await advanceTime(NEWS_LATE);
        await advanceTime(BRIEF.first);
        expect(transport.last("pollNow").args).toEqual([7, ROWS.pending.version]);
        await transport.answer("pollNow", ROWS.approved);
        expect(await result).toBe(true);
    });

    test("news that has arrived is not polled for", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        payment.hint(2);
        await transport.answer("poll", makeView({version: 2}));
        await advanceTime(NEWS_LATE);
        expect(transport.count("pollNow")).toBe(0);
    });

    test("an override has no new version, and is noticed all the same", async () => {
        const {payment} = await makeStarted(ROWS.unknown);
        await transport.answer("poll", {...ROWS.unknown, held: false});
        payment.hint(0);
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
    });

    test("a hint during a poll, before the row is known, or after the end", async () => {
        const payment = makePayment();
        payment.start(VALUES);
        payment.hint(1);
        await transport.answer("start", ROWS.pending);
        payment.hint(5);
        await flushPromises();
        expect(transport.count("poll")).toBe(1);
        await transport.answer("poll", ROWS.approved);
        payment.hint(6);
        await flushPromises();
        expect(transport.count("poll")).toBe(1);
    });

    test("without the bus, the ledger shows that the poll's connection is dead", async () => {
        const {payment, result} = await makeStarted({...ROWS.pending, look_every: 4});
        transport.standing.versionOf = 1;
        await advanceTime(3999);
        expect(transport.count("versionOf")).toBe(0);
        await advanceTime(1);
        await flushPromises();
        expect(transport.count("versionOf")).toBe(1);
        expect(transport.count("poll")).toBe(1);
        transport.standing.versionOf = 9;
        await advanceTime(4000);
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
        await transport.answer("poll", ROWS.approved);
        expect(await result).toBe(true);
        expect(payment.problem).toBe(false);
    });

    test("a hint ends the pause after a lost connection", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        await transport.lose("poll");
        payment.hint(2);
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
    });
});
