import {addCardLine, sendAndAnswer, setupSciPos, viewOf} from "../helpers/pos_setup";
import {advanceTime, beforeEach, describe, expect, test} from "@odoo/hoot";
import {flushPromises, stopClock} from "../helpers/time";
import {NoAnswer, PROBLEM} from "@pos_mx51_sci/app/follow/sci_transport";
import {ROWS, makeView} from "../data/ledger_rows";
import {BRIEF, READS} from "@pos_mx51_sci/app/follow/patience";
import {FakeTransport} from "../helpers/fake_transport";
import {SciPayment} from "@pos_mx51_sci/app/follow/sci_payment";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {onWakeUp} from "@pos_mx51_sci/app/follow/wake_up";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";

definePosModels();

/** How many a browser has to a host, with HTTP/1.1. */
const BROWSER_CONNECTIONS = 6;
const VALUES = {payment_uuid: "line-1", attempt: 1, kind: "purchase"};
const FOUND = [{id: 7, payment_uuid: "line-1", attempt: 1}];

let transport = null;
let payment = null;

/** How the last read of a kind is waited for. */
function howOf(kind) {
    return transport.last(kind).args.at(-1);
}

/** No short read of a kind gets an answer within its time limit. */
async function timeOutAll(kind) {
    for (const {kind: other, args, answer} of transport.requests) {
        if (other === kind && args.at(-1)?.brief) {
            answer.reject(Object.assign(new NoAnswer(), {timedOut: true}));
        }
    }
    await flushPromises();
}

test.tags("desktop");
test("the page wakes up, until nobody wants to know any more", () => {
    const end = onWakeUp(() => expect.step("awake"));
    const wake = () => {
        window.dispatchEvent(new Event("online"));
        window.dispatchEvent(new Event("pageshow"));
        document.dispatchEvent(new Event("visibilitychange"));
    };
    wake();
    expect.verifySteps(["awake", "awake", "awake"]);
    end();
    wake();
    expect.verifySteps([]);
});

describe("awake again, while a payment is followed", () => {
    test.tags("desktop");

    beforeEach(async () => {
        stopClock();
        transport = new FakeTransport();
        const onChange = () => undefined;
        payment = new SciPayment({uuid: "line-1", attempt: 1, transport, onChange});
        payment.start(VALUES);
        await transport.answer("start", ROWS.pending);
    });

    test("the poll that hangs gives way to a short one, and that to a held one", async () => {
        payment.askNow();
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
        expect(howOf("poll").brief).toBe(true);
        expect(payment.problem).toBe(false);
        await transport.answer("poll", makeView({held: false, wait: 1}));
        await advanceTime(1);
        expect(transport.count("poll")).toBe(3);
        expect(howOf("poll").brief).toBe(false);
    });

    for (let dead = 1; dead <= BROWSER_CONNECTIONS; dead++) {
        test(`${dead} more are dead too: the truth within a second`, async () => {
            const followed = transport.count("poll");
            payment.askNow(READS.allDead);
            await flushPromises();
            let waited = 0;
            while (transport.count("poll") - followed <= dead && waited < 1000) {
                await advanceTime(50);
                waited += 50;
            }
            expect(waited).toBeLessThan(1000);
            expect(howOf("poll").brief).toBe(true);
            expect(payment.problem).toBe(false);
            // The browser opens a seventh connection only when one of the six is given up.
            const isFree = dead < BROWSER_CONNECTIONS || BRIEF.first <= waited;
            expect(isFree).toBe(true);
            const {signal} = howOf("poll");
            await transport.answer("poll", ROWS.approved);
            expect(payment.paid).toBe(true);
            expect(signal.aborted).toBe(true);
        });
    }

    test("what is answered soon is read once", async () => {
        payment.askNow(READS.allDead);
        await flushPromises();
        await transport.answer("poll", makeView({held: false, wait: 1}));
        const {length} = transport.requests;
        await advanceTime(BRIEF.lasts);
        const later = transport.requests.slice(length);
        expect(later.some(({args}) => args.at(-1).brief)).toBe(false);
    });

    test("news meanwhile take no read away", async () => {
        payment.askNow(READS.allDead);
        await flushPromises();
        payment.askNow();
        await flushPromises();
        const followed = transport.count("poll");
        await advanceTime(BRIEF.every * READS.allDead);
        expect(transport.count("poll") - followed).toBe(READS.allDead - 1);
    });

    test("where one connection is dead, Odoo is asked over two", async () => {
        payment.askNow();
        await flushPromises();
        await advanceTime(BRIEF.every * READS.allDead);
        expect(transport.count("poll")).toBe(3);
    });

    test("when none was answered Odoo is lost, and later ones may take their time", async () => {
        payment.askNow(READS.allDead);
        await flushPromises();
        await advanceTime(BRIEF.every * READS.allDead);
        expect(payment.problem).toBe(false);
        await timeOutAll("poll");
        expect(payment.problem.code).toBe(PROBLEM.noConnection);
        await advanceTime(BRIEF.lasts);
        await flushPromises();
        await transport.lose("poll");
        await advanceTime(2000);
        expect(howOf("poll")).toMatchObject({brief: false, limit: undefined});
    });
});

describe("awake again, while a start is on its way", () => {
    test.tags("desktop");

    beforeEach(() => {
        stopClock();
        transport = new FakeTransport();
        const onChange = () => undefined;
        payment = new SciPayment({uuid: "line-1", attempt: 1, transport, onChange});
        payment.start(VALUES);
    });

    test("its row is searched for at once, and the start not sent again", async () => {
        payment.askNow();
        await flushPromises();
        expect(howOf("find")).toMatchObject({brief: true, limit: BRIEF.first});
        await transport.answer("find", FOUND);
        expect(howOf("poll").limit).toBe(undefined);
        await transport.answer("poll", ROWS.pending);
        expect(payment.phase).toBe("following");
        expect(transport.count("start")).toBe(1);
    });

    test("a search that hangs is given up", async () => {
        await advanceTime(2000);
        const {signal} = howOf("find");
        payment.askNow();
        await flushPromises();
        expect(signal.aborted).toBe(true);
        expect(transport.count("find")).toBe(2);
        await advanceTime(BRIEF.every);
        expect(transport.count("find")).toBe(3);
        await transport.answer("find", FOUND);
        await transport.answer("poll", ROWS.approved);
        expect(payment.paid).toBe(true);
        expect(transport.count("start")).toBe(1);
    });

    test("without Odoo that is said, until a search is answered", async () => {
        payment.askNow();
        await flushPromises();
        await advanceTime(BRIEF.every);
        await timeOutAll("find");
        expect(payment.problem.code).toBe(PROBLEM.noConnection);
        await advanceTime(200);
        await transport.answer("find", []);
        expect(payment.problem).toBe(false);
        expect(payment.phase).toBe("starting");
    });

    test("a row that is found shows that Odoo is back", async () => {
        await transport.lose("start");
        expect(payment.problem.code).toBe(PROBLEM.noConnection);
        payment.askNow();
        await flushPromises();
        await transport.answer("find", FOUND);
        await transport.answer("poll", ROWS.pending);
        expect(payment.problem).toBe(false);
    });
});

describe("awake again, while payments are picked up", () => {
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
        for (const running of sci.follower.running.values()) {
            running.phase = "gone";
        }
        sci.follower.running.clear();
        sci.startedHere.clear();
        transport = world.transport;
        transport.requests = [];
        stopClock();
    });

    test("the request that hangs is made anew", async () => {
        const {line, pos, sci} = world;
        sci.recovery.resume(pos.config.id);
        const {signal} = howOf("resume");
        sci.recovery.askNow();
        await flushPromises();
        expect(signal.aborted).toBe(true);
        expect(howOf("resume")).toMatchObject({brief: true, limit: BRIEF.first});
        await advanceTime(BRIEF.every);
        expect(transport.count("resume")).toBe(3);
        await transport.answer("resume", [viewOf(line, ROWS.declined)]);
        expect(line.payment_status).toBe("retry");
    });

    for (const [kind, act] of [
        ["find", ({sci}) => sci.recovery.findRows()],
        ["poll", ({sci}) => sci.recovery.hint({id: 7, version: 2})],
        ["findOfOrder", ({sci, order}) => sci.recovery.catchUp(order)],
    ]) {
        test(`${kind} too`, async () => {
            world.order.source = "kiosk";
            world.sci.recovery.isResumed = true;
            act(world);
            await flushPromises();
            expect(transport.count(kind)).toBe(1);
            world.sci.recovery.askNow();
            await flushPromises();
            expect(transport.count(kind)).toBe(2);
        });
    }
});

describe("awake again, while nothing is followed", () => {
    test.tags("desktop");

    test("a payment begins when a read has found a connection that works", async () => {
        const world = await setupSciPos();
        Object.assign(world, await addCardLine(world));
        stopClock();
        const saves = [];
        patchWithCleanup(world.pos, {
            syncAllOrders() {
                saves.push(world.transport.count("touch"));
                return super.syncAllOrders(...arguments);
            },
        });
        world.sci.recovery.askNow();
        world.line.pay();
        await flushPromises();
        await advanceTime(BRIEF.every);
        expect(saves).toEqual([]);
        await world.transport.answer("touch", []);
        await flushPromises();
        expect(saves).toEqual([2]);
    });
});
