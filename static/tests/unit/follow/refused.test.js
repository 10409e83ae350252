import {FakeTransport} from "../helpers/fake_transport";
import {ROWS} from "../data/ledger_rows";
import {
    addCardLine,
    send,
    sendAndAnswer,
    setupSciPos,
    viewOf,
} from "../helpers/pos_setup";
import {advanceTime, beforeEach, describe, expect, test} from "@odoo/hoot";
import {flushPromises, stopClock} from "../helpers/time";
import {PROBLEM} from "@pos_mx51_sci/app/follow/sci_transport";
import {REFUSED_PAUSE} from "@pos_mx51_sci/app/follow/backoff";
import {SciPayment} from "@pos_mx51_sci/app/follow/sci_payment";
import {START_LATE} from "@pos_mx51_sci/app/follow/row_search";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {lineText} from "@pos_mx51_sci/app/display/texts";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

/** Milliseconds in which pauses that double reach their longest. */
const HOUR = 3600000;

describe("a payment that Odoo refuses to show", () => {
    test.tags("desktop");
    let transport = null;
    let payment = null;

    beforeEach(async () => {
        stopClock();
        transport = new FakeTransport();
        payment = new SciPayment({
            uuid: "line-1",
            attempt: 1,
            transport,
            onChange: () => undefined,
        });
        payment.start({payment_uuid: "line-1", attempt: 1});
        await transport.answer("start", ROWS.pending);
    });

    /** Lets time pass; every request is refused. */
    async function refuseFor(kind, milliseconds, step) {
        for (let passed = 0; passed < milliseconds; passed += step) {
            const before = transport.count(kind);
            await transport.refuse(kind);
            await advanceTime(step);
            await flushPromises();
            expect(transport.count(kind) - before).toBeLessThan(2);
        }
    }

    test("is polled about once a minute, and goes on when Odoo shows it again", async () => {
        await refuseFor("poll", HOUR, REFUSED_PAUSE.longest);
        expect(transport.count("poll")).toBeLessThan(70);
        expect(payment.phase).toBe("following");
        expect(payment.problem).toEqual({
            code: PROBLEM.refused,
            message: "Access denied",
        });
        await transport.answer("poll", ROWS.approved);
        expect(payment.paid).toBe(true);
        expect(payment.problem).toBe(false);
    });

    for (const [why, act] of [
        ["news of the bus", () => payment.hint(5)],
        ["the register comes back to the screen", () => payment.askNow()],
    ]) {
        test(`is polled at once after ${why}`, async () => {
            await transport.refuse("poll");
            await advanceTime(100);
            expect(transport.count("poll")).toBe(1);
            act();
            await flushPromises();
            expect(transport.count("poll")).toBe(2);
        });
    }

    test("a refused cancel request says why, until it is made again", async () => {
        payment.cancel();
        await transport.refuse("cancel", "Only a manager may cancel.");
        await advanceTime(HOUR);
        expect(transport.count("cancel")).toBe(1);
        const {hint} = lineText(payment.snapshot, Date.now());
        expect(hint).toBe("Only a manager may cancel.");
        payment.cancel();
        expect(payment.snapshot.cancelRefusal).toBe("");
        expect(transport.count("cancel")).toBe(2);
    });
});

test.tags("desktop");
test("the search for a late start's row slows down where Odoo refuses it", async () => {
    stopClock();
    const transport = new FakeTransport();
    const onChange = () => undefined;
    const payment = new SciPayment({uuid: "line-1", attempt: 1, transport, onChange});
    payment.start({payment_uuid: "line-1", attempt: 1});
    await advanceTime(START_LATE);
    for (const pause of [2000, 4000, 8000, 16000]) {
        const before = transport.count("find");
        await transport.refuse("find");
        await advanceTime(pause - 1);
        expect(transport.count("find")).toBe(before);
        await advanceTime(1);
        await flushPromises();
        expect(transport.count("find")).toBe(before + 1);
    }
    expect(transport.count("start")).toBe(1);
});

describe("recovery that Odoo refuses", () => {
    test.tags("desktop");
    let world = null;

    beforeEach(async () => {
        world = await setupSciPos();
        Object.assign(world, await addCardLine(world));
        patchWithCleanup(console, {warn: () => undefined});
        await sendAndAnswer(world, ROWS.pending);
        // What a browser that starts again has: the line, and nobody following it.
        const {line, sci} = world;
        line.uiState = JSON.parse(JSON.stringify(line.uiState));
        sci.follower.running.clear();
        sci.startedHere.clear();
        world.transport.requests = [];
        stopClock();
        sci.recovery.resume(world.pos.config.id);
        await world.transport.refuse("resume", "Not your register.");
    });

    test("keeps the line locked and shows the reason", () => {
        const {line} = world;
        expect(line.isSciLocked()).toBe(true);
        expect(line.payment_status).toBe("waitingCard");
        const {text} = lineText(line.uiState.sci, Date.now());
        expect(text).toInclude("Not your register.");
        expect(text).toInclude("the terminal may still be taking it");
    });

    test("is not tried every two seconds for ever", async () => {
        const {transport} = world;
        for (let minute = 0; minute < 60; minute++) {
            await advanceTime(REFUSED_PAUSE.longest);
            await transport.refuse("resume", "Not your register.");
        }
        expect(transport.count("resume")).toBeLessThan(70);
        expect(world.line.isSciLocked()).toBe(true);
    });

    test("goes on when Odoo answers again", async () => {
        const {line, sci, transport} = world;
        sci.recovery.askNow();
        await flushPromises();
        await transport.answer("resume", [viewOf(line, ROWS.pending)]);
        expect(line.uiState.sci.problem).toBe(false);
        await transport.answer("poll", viewOf(line, ROWS.declined));
        expect(line.payment_status).toBe("retry");
    });
});

describe("what a day leaves behind", () => {
    test.tags("desktop");

    test("payments that ended are forgotten, except those marked as not paid", async () => {
        const world = await setupSciPos();
        Object.assign(world, await addCardLine(world));
        world.pos.config.auto_validate_terminal_payment = false;
        const {follower} = world.sci;
        await sendAndAnswer(world, ROWS.declined);
        expect(follower.running.size).toBe(0);
        expect(follower.markedUnpaid.size).toBe(0);
        send(world);
        await advanceTime(100);
        const no = {...ROWS.unknown_overridden_no, id: 8, attempt: 2};
        await world.transport.answer("start", viewOf(world.line, no));
        expect(follower.running.size).toBe(0);
        expect(follower.markedUnpaid.size).toBe(1);
        expect(follower.isMarkedUnpaid({id: 8, version: 9})).toBe(true);
    });
});
