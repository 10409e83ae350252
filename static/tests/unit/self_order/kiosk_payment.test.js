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
    makeMockServer,
    makeServerError,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {KioskPayment} from "@pos_mx51_sci/self_order/kiosk_payment";

const TOKENS = {access_token: "kiosk", order_uuid: "order", order_token: "token"};
const ROUTE = "/mx51_sci/kiosk/";

let asked = [];
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

beforeEach(async () => {
    asked = [];
    answers = {};
    patchWithCleanup(console, {warn: () => undefined});
    for (const call of ["start", "poll", "cancel"]) {
        for (const route of [`${ROUTE}${call}`, `/websocket${ROUTE}${call}`]) {
            onRpc(route, () => answerTo(route));
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
        await waitFor(() => payment.view.state === "staff");
        await advanceTime(3000);
        await waitFor(() => payment.view.state === "paid");
        expect.verifySteps(["end"]);
    });

    test("is not paid where Odoo has refused to start it, and says why", async () => {
        const message = "Nothing is due any more.";
        answers[`${ROUTE}start`] = [makeServerError({message, type: "UserError"})];
        const payment = new KioskPayment(TOKENS, () => expect.step("end"));
        await payment.start(1);
        expect(payment.view.state).toBe("not_paid");
        expect(payment.view.text).toBe(message);
        expect.verifySteps(["end"]);
    });
});
