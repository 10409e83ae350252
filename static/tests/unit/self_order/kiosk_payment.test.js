import {
    Deferred,
    advanceTime,
    animationFrame,
    beforeEach,
    describe,
    expect,
    test,
    waitUntil as waitFor,
} from "@odoo/hoot";
import {
    allowTranslations,
    makeMockServer,
    makeServerError,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {BRIEF} from "@pos_mx51_sci/app/follow/patience";
import {KioskPayment} from "@pos_mx51_sci/self_order/kiosk_payment";

const TOKENS = {access_token: "kiosk", order_uuid: "order", order_token: "token"};
const ROUTE = "/mx51_sci/kiosk/";

let asked = [];
let sent = [];
let answers = {};

function viewOf(state, version = 1) {
    return {id: 7, version, state, text: state, held: true};
}

/** The next answer to a route; "lost" is none, an error is Odoo's. */
function answerTo(route) {
    asked.push(route);
    const answer = answers[route]?.shift() ?? new Deferred();
    if (answer instanceof Error) {
        throw answer;
    }
    return answer === "lost" ? new Response("", {status: 502}) : answer;
}

/** Lets seconds pass, and what is due in each happen. */
async function pass(seconds) {
    for (let second = 0; second < seconds; second++) {
        await advanceTime(1000);
        await animationFrame();
    }
}

/** How often a call was made, whichever way. */
function times(call) {
    return asked.filter((route) => route.endsWith(`/${call}`)).length;
}

/** The next polls are answered so, whichever way they take. */
function answerPolls(...views) {
    answers[`${ROUTE}poll`] = [...views];
    answers[`/websocket${ROUTE}poll`] = [...views];
}

async function wakeUp() {
    window.dispatchEvent(new Event("online"));
    await animationFrame();
}

beforeEach(async () => {
    asked = [];
    sent = [];
    answers = {};
    allowTranslations();
    patchWithCleanup(console, {warn: () => undefined});
    for (const call of ["start", "poll", "cancel"]) {
        for (const route of [`${ROUTE}${call}`, `/websocket${ROUTE}${call}`]) {
            onRpc(route, async (request) => {
                sent.push((await request.json()).params);
                return answerTo(route);
            });
        }
    }
    await makeMockServer();
});

describe("a card payment at a kiosk", () => {
    test.tags("desktop");

    test("is asked for once and followed to its end", async () => {
        answers[`${ROUTE}start`] = [viewOf("waiting")];
        answers[`/websocket${ROUTE}poll`] = [viewOf("waiting", 2), viewOf("paid", 3)];
        const payment = new KioskPayment(TOKENS, () => expect.step("end"));
        await payment.start(1);
        expect(payment.view.state).toBe("paid");
        expect.verifySteps(["end"]);
        expect(asked.filter((route) => route.endsWith("start"))).toHaveLength(1);
    });

    test("is not called unpaid because nobody answered", async () => {
        answers[`${ROUTE}start`] = ["lost"];
        const payment = new KioskPayment(TOKENS, () => expect.step("end"));
        payment.start(1);
        await animationFrame();
        await advanceTime(1000);
        expect(payment.ended).toBe(false);
        answers[`${ROUTE}poll`] = [viewOf("paid")];
        answers[`/websocket${ROUTE}poll`] = ["lost"];
        for (let second = 0; second < 10; second++) {
            await advanceTime(1000);
        }
        expect(payment.view.state).toBe("paid");
        expect(asked.filter((route) => route.endsWith("start"))).toHaveLength(1);
        expect.verifySteps(["end"]);
    });

    test("is not called unpaid because Odoo had an error", async () => {
        answers[`${ROUTE}start`] = [viewOf("waiting")];
        answers[`/websocket${ROUTE}poll`] = [makeServerError()];
        answers[`${ROUTE}poll`] = [viewOf("paid", 2)];
        const payment = new KioskPayment(TOKENS, () => expect.step("end"));
        payment.start(1);
        await waitFor(() => payment.shown.state === "staff");
        await advanceTime(3000);
        await waitFor(() => payment.view.state === "paid");
        expect.verifySteps(["end"]);
    });

    test("is not paid where Odoo has refused to start it, in words for customers", async () => {
        const message = "You are not allowed to access 'Point of Sale Payments'.";
        answers[`${ROUTE}start`] = [makeServerError({message, type: "UserError"})];
        const payment = new KioskPayment(TOKENS, () => expect.step("end"));
        await payment.start(1);
        expect(payment.view.state).toBe("not_paid");
        expect(`${payment.shown.text}`).toBe("The payment was not made.");
        expect.verifySteps(["end"]);
    });

    test("is looked for before a start without an answer was not made", async () => {
        answers[`${ROUTE}start`] = ["lost"];
        answers[`/websocket${ROUTE}poll`] = ["lost"];
        const none = {...viewOf("not_paid", 0), id: false, held: false};
        answers[`${ROUTE}poll`] = [none, none, viewOf("paid")];
        const payment = new KioskPayment(TOKENS, () => expect.step("end"));
        payment.start(1);
        await pass(12);
        expect(payment.view.state).toBe("paid");
        expect.verifySteps(["end"]);
    });

    test("that was never begun is not paid after three searches", async () => {
        answers[`${ROUTE}start`] = ["lost"];
        const none = {...viewOf("not_paid", 0), id: false, held: false};
        answers[`${ROUTE}poll`] = [none, none, none];
        answers[`/websocket${ROUTE}poll`] = [none, none, none];
        const payment = new KioskPayment(TOKENS, () => expect.step("end"));
        payment.start(1);
        await pass(12);
        expect(payment.view.state).toBe("not_paid");
        expect.verifySteps(["end"]);
    });

    test("whose order was closed at the counter ends", async () => {
        answers[`${ROUTE}start`] = [viewOf("staff")];
        answers[`/websocket${ROUTE}poll`] = [viewOf("closed")];
        const payment = new KioskPayment(TOKENS, () => expect.step("end"));
        await payment.start(1);
        expect(payment.view.state).toBe("closed");
        expect.verifySteps(["end"]);
    });
});

describe("without a connection", () => {
    test.tags("desktop");

    /** A payment at the terminal, of which polls hear nothing more. */
    async function cutOff(answer, count = 20) {
        answers[`${ROUTE}start`] = [viewOf("waiting")];
        for (const way of ["", "/websocket"]) {
            answers[`${way}${ROUTE}poll`] = Array(count).fill(answer);
        }
        const payment = new KioskPayment(TOKENS, () => expect.step("end"));
        payment.start(1);
        await pass(1);
        return payment;
    }

    test("staff is called after ten seconds, and polls go on to the end", async () => {
        const payment = await cutOff("lost", 4);
        await pass(5);
        expect(payment.shown.state).toBe("waiting");
        await pass(8);
        expect(payment.shown.state).toBe("staff");
        expect(`${payment.shown.text}`).toBe("Please call our staff.");
        expect(payment.view.state).toBe("waiting");
        for (const way of ["", "/websocket"]) {
            answers[`${way}${ROUTE}poll`] = [viewOf("waiting", 2), viewOf("paid", 3)];
        }
        await pass(6);
        expect(payment.shown.state).toBe("paid");
        expect.verifySteps(["end"]);
    });

    test("what was said last is back with the first answer", async () => {
        const payment = await cutOff("lost", 4);
        await pass(13);
        expect(payment.shown.state).toBe("staff");
        for (const way of ["", "/websocket"]) {
            answers[`${way}${ROUTE}poll`] = [viewOf("waiting")];
        }
        await pass(4);
        expect(payment.shown.state).toBe("waiting");
        payment.stop();
    });

    test("a request that never ends counts as none", async () => {
        const payment = await cutOff(new Deferred());
        await pass(25);
        expect(payment.shown.state).toBe("waiting");
        await pass(8);
        expect(payment.shown.state).toBe("staff");
        payment.stop();
    });
});

describe("awake again", () => {
    test.tags("desktop");
    let payment = null;

    /** Starts a payment of which an earlier row is known. */
    async function begin(known, answer) {
        answers[`${ROUTE}start`] = [answer];
        payment = new KioskPayment(TOKENS, () => expect.step("end"));
        payment.start(1, known);
        await pass(1);
    }

    test("a poll that hangs gives way to one that is not held", async () => {
        await begin(0, viewOf("waiting"));
        expect(times("poll")).toBe(1);
        expect(sent.at(-1).hold).toBe(true);
        answerPolls(viewOf("waiting", 2));
        await wakeUp();
        await advanceTime(1);
        await animationFrame();
        expect(payment.view.version).toBe(2);
        expect(sent.slice(-2).map(({hold}) => hold)).toEqual([false, true]);
        payment.stop();
    });

    test("the first connection may be dead too: the truth within a second", async () => {
        await begin(0, viewOf("waiting"));
        await wakeUp();
        expect(times("poll")).toBe(2);
        answerPolls(viewOf("paid", 2));
        await advanceTime(BRIEF.first);
        await animationFrame();
        expect(payment.shown.state).toBe("paid");
        expect.verifySteps(["end"]);
        patchWithCleanup(payment, {askNow: () => expect.step("listens for ever")});
        await wakeUp();
        expect.verifySteps([]);
    });

    test("a start on its way is looked for, and not sent again", async () => {
        await begin(0, new Deferred());
        expect(times("poll")).toBe(0);
        const none = {...viewOf("not_paid", 0), id: false, held: false};
        answers[`/websocket${ROUTE}poll`] = [...Array(4).fill(none), viewOf("waiting")];
        await wakeUp();
        await pass(2);
        expect(payment.ended).toBe(false);
        await pass(4);
        expect(payment.view.id).toBe(7);
        // The start has failed meanwhile, which says nothing any more.
        await pass(24);
        expect(payment.shown.state).toBe("waiting");
        expect(times("start")).toBe(1);
        payment.stop();
    });

    test("the row of an earlier try says nothing about the next", async () => {
        await begin(7, new Deferred());
        const declined = viewOf("not_paid", 9);
        answerPolls(...Array(4).fill(declined), {...viewOf("paid"), id: 8});
        await wakeUp();
        await pass(2);
        expect(payment.ended).toBe(false);
        await pass(4);
        expect(payment.view.id).toBe(8);
        expect.verifySteps(["end"]);
    });
});

describe("Cancel", () => {
    test.tags("desktop");

    async function atTerminal() {
        answers[`${ROUTE}start`] = [{...viewOf("waiting"), may_cancel: true}];
        const payment = new KioskPayment(TOKENS, () => undefined);
        expect(payment.mayCancel).toBe(false);
        payment.start(1);
        await pass(1);
        expect(payment.mayCancel).toBe(true);
        return payment;
    }

    for (const [what, answer] of Object.entries({
        "that was lost": "lost",
        "that Odoo had an error with": makeServerError(),
        "that mx51 has not confirmed": {...viewOf("waiting"), may_cancel: true},
    })) {
        test(`${what} may be pressed again`, async () => {
            const payment = await atTerminal();
            answers[`/websocket${ROUTE}cancel`] = [answer];
            const pressed = payment.cancel();
            expect(payment.mayCancel).toBe(false);
            await pressed;
            expect(payment.mayCancel).toBe(true);
            expect(payment.shown.state).toBe("waiting");
            payment.stop();
        });
    }

    test("is not offered while the terminal was asked, nor at the end", async () => {
        const payment = await atTerminal();
        answers[`/websocket${ROUTE}cancel`] = [
            {...viewOf("waiting"), may_cancel: false},
        ];
        await payment.cancel();
        expect(payment.mayCancel).toBe(false);
        payment.take({...viewOf("not_paid", 2), may_cancel: true});
        expect(payment.mayCancel).toBe(false);
        payment.stop();
    });

    const text = (payment) => `${payment.shown.text}`;

    test("is answered at once, and again where its request was lost", async () => {
        const payment = await atTerminal();
        answers[`/websocket${ROUTE}cancel`] = ["lost"];
        const pressed = payment.cancel();
        expect(text(payment)).toMatch(/is being cancelled/);
        await pressed;
        expect(text(payment)).toMatch(/not cancelled yet. Please press Cancel again/);
        const changes = {may_cancel: false, cancel_state: "sent"};
        payment.take({...viewOf("waiting"), ...changes, text: "From Odoo"});
        expect(text(payment)).toBe("From Odoo");
        payment.stop();
    });

    test("without an answer may be pressed again after a while, or awake again", async () => {
        const payment = await atTerminal();
        payment.cancel();
        await pass(19);
        expect(payment.mayCancel).toBe(false);
        await pass(1);
        expect(payment.mayCancel).toBe(true);
        payment.cancel();
        await pass(1);
        expect(payment.mayCancel).toBe(false);
        await wakeUp();
        expect(payment.mayCancel).toBe(true);
        expect(times("cancel")).toBe(2);
        payment.stop();
    });

    test("is not undone by a view from before", async () => {
        const payment = await atTerminal();
        const changes = {may_cancel: false, cancel_state: "accepted"};
        answers[`/websocket${ROUTE}cancel`] = [{...viewOf("waiting"), ...changes}];
        await payment.cancel();
        payment.take({...viewOf("waiting"), may_cancel: true, cancel_state: false});
        expect(payment.mayCancel).toBe(false);
        payment.stop();
    });

    test("steps back where staff is called", async () => {
        const payment = await atTerminal();
        answers[`/websocket${ROUTE}cancel`] = ["lost"];
        await payment.cancel();
        payment.take({...viewOf("staff"), may_cancel: true});
        expect(text(payment)).toBe("staff");
        expect(payment.mayCancel).toBe(true);
        payment.stop();
    });
});
