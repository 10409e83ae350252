import {FakeTransport} from "../helpers/fake_transport";
import {ROWS, makeView} from "../data/ledger_rows";
import {flushPromises, stopClock} from "../helpers/time";
import {BRIEF, READS} from "@pos_mx51_sci/app/follow/patience";
import {advanceTime, beforeEach, describe, expect, test} from "@odoo/hoot";
import {SciPayment} from "@pos_mx51_sci/app/follow/sci_payment";

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
    await transport.answer("start", ROWS.awaiting);
});

describe("a press on a button of the form", () => {
    test.tags("desktop");

    test("goes out with the version that was seen, and every input", () => {
        payment.submit("approve", {name_1: ""});
        expect(transport.last("submit").args).toEqual([7, 2, "approve", {name_1: ""}]);
        expect(payment.press.sending).toBe(true);
    });

    test("a second press waits for the answer to the first", async () => {
        payment.submit("approve", {});
        payment.submit("decline", {});
        expect(transport.count("submit")).toBe(1);
        await transport.answer("submit", ROWS.awaiting);
        expect(payment.press.sending).toBe(false);
    });

    test("what the server has sent is not pressed again", async () => {
        payment.submit("approve", {});
        await transport.answer("submit", ROWS.awaiting);
        expect(payment.isSpent).toBe(true);
        payment.submit("approve", {});
        expect(transport.count("submit")).toBe(1);
    });

    test("a new version may be pressed", async () => {
        payment.submit("approve", {});
        await transport.answer(
            "submit",
            makeView({status: "AWAITING_POS", version: 3})
        );
        expect(payment.isSpent).toBe(false);
        payment.submit("approve", {});
        expect(transport.last("submit").args[1]).toBe(3);
    });

    test("after no answer of Odoo it may be pressed again", async () => {
        payment.submit("approve", {});
        await transport.lose("submit");
        expect(payment.isSpent).toBe(false);
        expect(payment.phase).toBe("following");
        payment.submit("approve", {});
        expect(transport.count("submit")).toBe(2);
    });

    test("right after waking up it leaves when a read has found a connection", async () => {
        payment.askNow(READS.allDead);
        payment.submit("approve", {});
        await flushPromises();
        expect(transport.count("submit")).toBe(0);
        expect(payment.press.sending).toBe(true);
        await transport.answer("poll", ROWS.awaiting);
        expect(transport.count("submit")).toBe(1);
    });

    test("a read that Odoo refuses has found one too", async () => {
        payment.askNow(READS.allDead);
        payment.submit("approve", {});
        await flushPromises();
        await transport.refuse("poll");
        expect(transport.count("submit")).toBe(1);
    });

    test("without such a read it leaves all the same", async () => {
        payment.askNow(READS.allDead);
        payment.submit("approve", {});
        await advanceTime(BRIEF.lasts);
        expect(transport.count("submit")).toBe(1);
    });

    test("after no answer of mx51 the server decides", async () => {
        const error = {code: "no_answer", message: "Please check"};
        payment.submit("approve", {});
        await transport.answer("submit", {...ROWS.awaiting, error});
        expect(payment.isSpent).toBe(false);
        expect(payment.press.error).toEqual(error);
        payment.submit("approve", {});
        expect(payment.press.error).toBe(false);
        await transport.answer("submit", ROWS.awaiting);
        expect(payment.isSpent).toBe(true);
    });

    test("Cancel of the form without any effect: a cancel request follows", async () => {
        const error = {code: "device_not_connected", message: "Not connected"};
        payment.submit("cancel_transaction", {});
        expect(transport.count("cancel")).toBe(0);
        await transport.answer("submit", {...ROWS.awaiting, error});
        expect(transport.count("cancel")).toBe(1);
        expect(payment.cancelRequested).toBe(true);
    });

    test("so it does after a button that Odoo knows as a cancellation", async () => {
        const properties = {stop: {type: "button", submit: true, cancel: true}};
        const pos_instructions = {action_form: {properties}};
        const view = {...ROWS.awaiting, version: 3, pos_instructions};
        await transport.answer("poll", view);
        payment.submit("stop", {});
        const error = {code: "not_submitted", message: "Nothing was sent"};
        const gone = {...view, version: 4, pos_instructions: null, error};
        await transport.answer("submit", gone);
        expect(transport.count("cancel")).toBe(1);
    });

    test("Cancel of the form that was sent is enough", async () => {
        payment.submit("cancel_transaction", {});
        await transport.answer("submit", ROWS.awaiting);
        expect(transport.count("cancel")).toBe(0);
    });

    test("a refusal by Odoo is shown and ends nothing", async () => {
        payment.submit("approve", {});
        await transport.refuse("submit", "Session expired");
        expect(payment.press.message).toBe("Session expired");
        expect(payment.phase).toBe("following");
    });

    test("its answer may be the end", async () => {
        payment.submit("approve", {});
        await transport.answer("submit", ROWS.approved);
        expect(payment.phase).toBe("ended");
        expect(payment.paid).toBe(true);
        payment.submit("approve", {});
        expect(transport.count("submit")).toBe(1);
    });

    test("an answer that was overtaken changes nothing", async () => {
        payment.submit("approve", {});
        await transport.answer("poll", makeView({version: 5}));
        await transport.answer("submit", ROWS.awaiting);
        expect(payment.view.version).toBe(5);
        expect(payment.isSpent).toBe(false);
    });
});

describe("the outcome that a person states", () => {
    test.tags("desktop");

    for (const [successful, row] of [
        [true, ROWS.unknown_overridden_yes],
        [false, ROWS.unknown_overridden_no],
    ]) {
        test(`${successful ? "yes" : "no"} ends the payment`, async () => {
            const stated = payment.override(successful, "Receipt says so", 5, "1234");
            expect(transport.last("override").args).toEqual([
                7,
                successful,
                "Receipt says so",
                5,
                "1234",
            ]);
            await transport.answer("override", {...row, version: 2});
            expect(await stated).toBe(false);
            expect(payment.phase).toBe("ended");
            expect(payment.paid).toBe(successful);
        });
    }

    for (const code of ["override_closed", "wrong_pin"]) {
        test(`${code}: the payment goes on`, async () => {
            const error = {code, message: "No."};
            const stated = payment.override(true, "Receipt says so");
            await transport.answer("override", {...ROWS.awaiting, error});
            expect(await stated).toEqual(error);
            expect(payment.phase).toBe("following");
        });
    }

    test("the bank's own answer counts instead", async () => {
        const error = {code: "answered", message: "The bank has answered meanwhile."};
        const stated = payment.override(true, "Receipt says so");
        await transport.answer("override", {...ROWS.declined, error});
        expect(await stated).toBe(false);
        expect(payment.paid).toBe(false);
        expect(payment.phase).toBe("ended");
        expect(payment.error).toEqual(error);
    });

    test("no answer and a refusal reach the caller", async () => {
        const unanswered = payment.override(true, "Receipt says so");
        transport.lose("override");
        await expect(unanswered).rejects.toThrow();
        const refused = payment.override(true, "Receipt says so");
        transport.refuse("override", "Only a manager");
        await expect(refused).rejects.toThrow("Only a manager");
        expect(payment.phase).toBe("following");
    });
});

describe("one poll now", () => {
    test.tags("desktop");

    test("is sent at once", async () => {
        payment.checkNow();
        expect(transport.last("pollNow").args).toEqual([7, 2]);
        await transport.answer("pollNow", ROWS.approved);
        expect(payment.paid).toBe(true);
    });

    test("without an answer: the connection is lost, nothing else", async () => {
        payment.checkNow();
        await transport.lose("pollNow");
        expect(payment.problem.code).toBe("no_connection");
        expect(payment.phase).toBe("following");
        await flushPromises();
        payment.checkNow();
        await transport.answer("pollNow", ROWS.awaiting);
        expect(payment.problem).toBe(false);
    });
});
