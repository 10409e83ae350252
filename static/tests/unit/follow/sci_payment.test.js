import {FakeTransport} from "../helpers/fake_transport";
import {ROWS, makeView} from "../data/ledger_rows";
import {flushPromises, stopClock} from "../helpers/time";
import {
    SciPayment,
    UNHELD_PAUSE,
    UNKNOWN_PAUSE,
} from "@pos_mx51_sci/app/follow/sci_payment";
import {advanceTime, beforeEach, describe, expect, test} from "@odoo/hoot";
import {NO_ANSWER_PAUSE, REFUSED_PAUSE} from "@pos_mx51_sci/app/follow/backoff";
import {NoAnswer, PROBLEM, Refused} from "@pos_mx51_sci/app/follow/sci_transport";
import {START_LATE} from "@pos_mx51_sci/app/follow/row_search";

const NO_CONNECTION = {code: PROBLEM.noConnection, message: ""};

const DENIED = {code: PROBLEM.refused, message: "Access denied"};

const VALUES = {payment_uuid: "line-1", attempt: 1, kind: "purchase"};

let transport = null;
let phases = [];

beforeEach(() => {
    stopClock();
    transport = new FakeTransport();
    phases = [];
});

function makePayment(attempt = 1) {
    return new SciPayment({
        uuid: "line-1",
        attempt,
        transport,
        onChange: ({phase}) => phases.push(phase),
    });
}

/** A payment whose start was answered with that row. */
async function makeStarted(row) {
    const payment = makePayment();
    const result = payment.start(VALUES);
    await transport.answer("start", row);
    return {payment, result};
}

const OPEN = ["draft", "sending", "pending", "awaiting", "unknown", "final_unknown"];
const PAID = ["approved", "final_unknown_overridden_yes", "unknown_overridden_yes"];
const UNPAID = [
    "declined",
    "cancelled",
    "final_unknown_overridden_no",
    "unknown_overridden_no",
    "given_up",
    "not_sent",
];

describe("the answer to the start", () => {
    test.tags("desktop");
    for (const name of OPEN) {
        test(`${name}: the row is followed`, async () => {
            const {payment} = await makeStarted(ROWS[name]);
            expect(payment.phase).toBe("following");
            expect(transport.last("poll").args.slice(0, 2)).toEqual([
                7,
                ROWS[name].version,
            ]);
        });
    }
    for (const name of [...PAID, ...UNPAID, "no_row"]) {
        test(`${name}: the payment has ended`, async () => {
            const {payment, result} = await makeStarted(ROWS[name]);
            expect(payment.phase).toBe("ended");
            expect(await result).toBe(PAID.includes(name));
            expect(transport.count("poll")).toBe(0);
        });
    }

    test("a refusal keeps its reason", async () => {
        const {payment} = await makeStarted(ROWS.not_sent);
        expect(payment.error).toEqual({code: "terminal_busy", message: "Busy."});
        expect(payment.view.id).toBe(7);
    });

    test("a row of another attempt is taken as it is", async () => {
        const payment = makePayment(2);
        payment.start({...VALUES, attempt: 2});
        await transport.answer("start", makeView({attempt: 1}));
        expect(payment.attempt).toBe(1);
        expect(payment.phase).toBe("following");
    });

    test("not answered: the same start is sent again, ever more slowly, until it is", async () => {
        const payment = makePayment();
        payment.start(VALUES);
        const pauses = [200, 400, 800, 1600, 2000, 2000];
        for (const [index, pause] of pauses.entries()) {
            await transport.lose("start");
            expect(payment.problem).toEqual(NO_CONNECTION);
            await advanceTime(pause - 1);
            expect(transport.count("start")).toBe(index + 1);
            await advanceTime(1);
            await flushPromises();
            expect(transport.count("start")).toBe(index + 2);
            expect(transport.last("start").args).toEqual([VALUES]);
        }
        expect(payment.phase).toBe("starting");
        await transport.answer("start", ROWS.pending);
        expect(payment.problem).toBe(false);
        expect(payment.phase).toBe("following");
    });

    test("refused without a row: the payment ends with Odoo's sentence", async () => {
        const payment = makePayment();
        const result = payment.start(VALUES);
        await transport.refuse("start", "Not your register.");
        await transport.answer("find", []);
        expect(await result).toBe(false);
        expect(payment.error).toEqual({code: "refused", message: "Not your register."});
        expect(transport.count("start")).toBe(1);
    });

    test("refused although a row exists: the row is followed", async () => {
        const payment = makePayment();
        payment.start(VALUES);
        await transport.refuse("start");
        await transport.answer("find", [{id: 7, payment_uuid: "line-1", attempt: 1}]);
        await transport.answer("poll", ROWS.sending);
        expect(payment.phase).toBe("following");
        expect(transport.count("start")).toBe(1);
    });

    test("refused, and the row of an older attempt is not mistaken for it", async () => {
        const payment = makePayment(2);
        const result = payment.start({...VALUES, attempt: 2});
        await transport.refuse("start");
        await transport.answer("find", [{id: 7, payment_uuid: "line-1", attempt: 1}]);
        expect(await result).toBe(false);
        expect(payment.view).toBe(false);
    });

    test("logged out: sent again, nothing is concluded", async () => {
        const payment = makePayment();
        payment.start(VALUES);
        const loggedOut = Object.assign(new NoAnswer(), {isLoggedOut: true});
        await transport.answer("start", loggedOut);
        expect(payment.phase).toBe("starting");
        expect(payment.problem.code).toBe(PROBLEM.loggedOut);
        await advanceTime(NO_ANSWER_PAUSE.first);
        expect(transport.count("start")).toBe(2);
        await transport.answer("start", ROWS.pending);
        expect(payment.problem).toBe(false);
    });

    test("refused and then no connection: sent again, nothing is concluded", async () => {
        const payment = makePayment();
        payment.start(VALUES);
        await transport.refuse("start");
        await transport.lose("find");
        expect(payment.phase).toBe("starting");
        expect(payment.problem).toEqual(NO_CONNECTION);
        await advanceTime(NO_ANSWER_PAUSE.first);
        expect(transport.count("start")).toBe(2);
    });
});

describe("each state × each answer of the poll", () => {
    test.tags("desktop");
    for (const before of OPEN) {
        for (const [name, after] of Object.entries(ROWS)) {
            test(`${before} → ${name}`, async () => {
                const {payment} = await makeStarted({...ROWS[before], version: 1});
                await transport.answer("poll", {...after, version: 9});
                const isOver = PAID.includes(name) || UNPAID.includes(name);
                expect(payment.phase).toBe(isOver ? "ended" : "following");
                expect(payment.paid).toBe(PAID.includes(name));
                // An answer that names no row says nothing about ours.
                const kept = name === "no_row" ? ROWS[before] : after;
                expect(payment.view.status).toBe(kept.status);
            });
        }
        for (const [name, error, problem, pause] of [
            ["connection lost", new NoAnswer(), NO_CONNECTION, NO_ANSWER_PAUSE],
            ["refused", new Refused("Access denied"), DENIED, REFUSED_PAUSE],
        ]) {
            test(`${before} → ${name}: nothing changes and it asks again`, async () => {
                const {payment} = await makeStarted(ROWS[before]);
                await transport.answer("poll", error);
                expect(payment.phase).toBe("following");
                expect(payment.view.status).toBe(ROWS[before].status);
                expect(payment.problem).toEqual(problem);
                await advanceTime(pause.first);
                await flushPromises();
                expect(transport.count("poll")).toBe(2);
            });
        }
    }
});

describe("following", () => {
    test.tags("desktop");

    test("a poll that was held is followed by the next one at once", async () => {
        await makeStarted(ROWS.pending);
        await advanceTime(20000);
        await transport.answer("poll", makeView({held: true}));
        await advanceTime(0);
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
    });

    test("a poll that was not held is followed by one after a second", async () => {
        await makeStarted(ROWS.pending);
        await transport.answer("poll", makeView({held: false}));
        await advanceTime(UNHELD_PAUSE - 1);
        expect(transport.count("poll")).toBe(1);
        await advanceTime(1);
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
    });

    test("an answer that only claims to have waited does not make a busy loop", async () => {
        await makeStarted(ROWS.pending);
        await transport.answer("poll", makeView({held: true}));
        await advanceTime(UNHELD_PAUSE - 1);
        expect(transport.count("poll")).toBe(1);
    });

    for (const name of ["unknown", "final_unknown"]) {
        test(`${name}: polled now and then until a person decides`, async () => {
            const {payment, result} = await makeStarted(ROWS[name]);
            await transport.answer("poll", {...ROWS[name], held: false});
            await advanceTime(UNKNOWN_PAUSE - 1);
            expect(transport.count("poll")).toBe(1);
            await advanceTime(1);
            await flushPromises();
            await transport.answer("poll", ROWS[`${name}_overridden_yes`]);
            expect(payment.phase).toBe("ended");
            expect(await result).toBe(true);
        });
    }

    test("the next poll carries the version of the last answer", async () => {
        await makeStarted(ROWS.pending);
        await transport.answer("poll", makeView({version: 4}));
        await advanceTime(0);
        await flushPromises();
        expect(transport.last("poll").args.slice(0, 2)).toEqual([7, 4]);
    });

    test("lost connections: the pause grows, and starts short again after an answer", async () => {
        const {payment} = await makeStarted(ROWS.pending);
        await transport.lose("poll");
        await advanceTime(200);
        await flushPromises();
        await transport.lose("poll");
        await advanceTime(200);
        await flushPromises();
        expect(transport.count("poll")).toBe(2);
        await advanceTime(200);
        await flushPromises();
        expect(transport.count("poll")).toBe(3);
        await transport.answer("poll", makeView({version: 2}));
        expect(payment.problem).toBe(false);
        await advanceTime(0);
        await flushPromises();
        await transport.lose("poll");
        await advanceTime(200);
        await flushPromises();
        expect(transport.count("poll")).toBe(5);
    });

    test("an answer that was overtaken is dropped", async () => {
        const {payment} = await makeStarted(makeView({version: 5, message: "Present"}));
        await transport.answer("poll", makeView({version: 3, message: "Old"}));
        expect(payment.view.message).toBe("Present");
    });

    test("what has ended stays as it ended", async () => {
        const {payment} = await makeStarted(ROWS.approved);
        payment.learn(makeView({version: 99}));
        expect(payment.paid).toBe(true);
        expect(payment.view.status).toBe("FINALISED");
    });

    test("a row found after a reload is followed like one that was started", async () => {
        const payment = makePayment();
        const result = payment.resume(ROWS.pending);
        expect(transport.count("start")).toBe(0);
        await flushPromises();
        await transport.answer("poll", ROWS.approved);
        expect(await result).toBe(true);
    });

    test("a row that is resolved when it is found needs no poll", async () => {
        expect(await makePayment().resume(ROWS.declined)).toBe(false);
        expect(transport.requests).toEqual([]);
    });

    test("a row learned while the start waits is not started twice", async () => {
        const payment = makePayment();
        payment.start(VALUES);
        payment.learn(ROWS.draft);
        await transport.lose("start");
        await advanceTime(NO_ANSWER_PAUSE.first);
        await flushPromises();
        expect(transport.count("start")).toBe(1);
        expect(transport.count("poll")).toBe(1);
    });
});

describe("a start whose answer does not come", () => {
    test.tags("desktop");

    async function makeLate() {
        const payment = makePayment();
        const result = payment.start(VALUES);
        await advanceTime(START_LATE - 1);
        expect(transport.count("find")).toBe(0);
        await advanceTime(1);
        return {payment, result};
    }

    test("its row is found and followed", async () => {
        const {payment, result} = await makeLate();
        expect(transport.last("find").args[0]).toEqual(["line-1"]);
        await transport.answer("find", [{id: 7, payment_uuid: "line-1", attempt: 1}]);
        await transport.answer("poll", ROWS.pending);
        expect(payment.phase).toBe("following");
        expect(transport.last("poll").args.slice(0, 2)).toEqual([
            7,
            ROWS.pending.version,
        ]);
        await transport.lose("start");
        expect(payment.problem).toBe(false);
        await transport.answer("poll", ROWS.approved);
        expect(await result).toBe(true);
        expect(transport.count("start")).toBe(1);
    });

    test("without a row, or with that of an older attempt, it is searched for again", async () => {
        const payment = makePayment(2);
        payment.start({...VALUES, attempt: 2});
        await advanceTime(START_LATE);
        await transport.answer("find", [{id: 6, payment_uuid: "line-1", attempt: 1}]);
        await advanceTime(START_LATE);
        await transport.lose("find");
        await advanceTime(START_LATE);
        expect(transport.count("find")).toBe(3);
        expect(transport.count("poll")).toBe(0);
        expect(payment.phase).toBe("starting");
    });

    test("one that was answered is not searched for", async () => {
        await makeStarted(ROWS.pending);
        await advanceTime(START_LATE);
        expect(transport.count("find")).toBe(0);
    });
});
