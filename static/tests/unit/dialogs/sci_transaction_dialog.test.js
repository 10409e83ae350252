import {CANCEL, CERTIFICATION, SIGNATURE, formOf} from "../data/action_forms";
import {
    PRINTED,
    awaiting,
    news,
    pay,
    setupDialog,
    touch,
} from "../helpers/dialog_setup";
import {
    advanceTime,
    beforeEach,
    describe,
    edit,
    expect,
    test,
    waitUntil,
} from "@odoo/hoot";
import {click, queryAllTexts, queryFirst, queryOne} from "@odoo/hoot-dom";
import {ROWS} from "../data/ledger_rows";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {viewOf} from "../helpers/pos_setup";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupDialog();
});

describe("what the dialog shows", () => {
    test.tags("desktop");

    test("the payment, from its first moment", async () => {
        world.line.pay();
        await waitUntil(() => queryFirst(".o_sci_dialog"));
        expect(".o_sci_dialog .modal-title").toHaveText("Card payment");
        expect(".o_sci_amount").toHaveText(/17\.85/);
        expect(".o_sci_terminal").toHaveText("Front Bar");
        expect(".o_sci_dialog .badge").toHaveText("SANDBOX");
        expect(".o_sci_message").toHaveText("Checking the terminal");
        expect(".o_sci_dialog .btn-primary").toHaveCount(0);
    });

    test("mx51's message as given, in a polite live region", async () => {
        await pay(world, ROWS.pending, {message: "Waiting for <b>customer</b>"});
        expect(".o_sci_message").toHaveText("Waiting for <b>customer</b>");
        expect(queryOne(".o_sci_headline").getAttribute("aria-live")).toBe("polite");
        const region = queryOne(".o_sci_headline");
        await news(world, ROWS.pending, {version: 2, message: "Processing"});
        expect(".o_sci_message").toHaveText("Processing");
        expect(queryOne(".o_sci_headline")).toBe(region);
    });

    test("the time that passed, from ten seconds on", async () => {
        await pay(world, ROWS.pending);
        expect(".o_sci_elapsed").toHaveCount(0);
        await news(world, ROWS.pending, {version: 2, elapsed: 12});
        expect(".o_sci_elapsed").toHaveText("12 s");
    });

    test("the details, during and after", async () => {
        const details = "Pairing ID: pid_1, Transaction Version: 3";
        await pay(world, ROWS.awaiting, awaiting(CERTIFICATION));
        expect(".o_sci_details").toHaveText(details);
        const over = {action_form: {details: {"Pairing ID": "pid_1"}}};
        await news(world, ROWS.approved, {pos_instructions: over});
        expect(".o_sci_details").toHaveText("Pairing ID: pid_1");
    });

    test("the details stay when the next version has none", async () => {
        await pay(world, ROWS.awaiting, awaiting(CERTIFICATION));
        const details = "Pairing ID: pid_1, Transaction Version: 3";
        await news(world, ROWS.awaiting, {version: 3, pos_instructions: null});
        expect(".o_sci_details").toHaveText(details);
        await news(world, ROWS.approved);
        expect(".o_sci_details").toHaveText(details);
    });

    test("a payment may be cancelled before anything is known", async () => {
        world.line.pay();
        await waitUntil(() => world.transport.count("start"));
        await animationFrame();
        await touch("Cancel");
        expect(".o_sci_message").toHaveText("Cancelling");
        expect(".o_sci_cancel").toHaveCount(0);
        await world.transport.answer("start", viewOf(world.line, ROWS.pending));
        expect(world.transport.last("cancel").args).toEqual([7]);
    });

    test("what was charged in all, tip and surcharge named", async () => {
        await pay(world, ROWS.approved, {
            result_amounts: {
                purchase_amount: 1785,
                tip_amount: 200,
                surcharge_amount: 15,
                cashout_amount: 0,
            },
        });
        expect(".o_sci_amount").toHaveText(/20\.00/);
        expect(".o_sci_parts li").toHaveCount(3);
        expect(".o_sci_parts li:eq(0)").toHaveText(/Purchase.*17\.85/s);
        expect(".o_sci_parts li:eq(1)").toHaveText(/Tip.*2\.00/s);
        expect(".o_sci_parts li:eq(2)").toHaveText(/Surcharge.*0\.15/s);
    });

    test("the parts while the payment runs, then the cash to hand out", async () => {
        const amounts = {cashout_amount: 500, purchase_amount: 1285};
        await pay(world, ROWS.pending, {amounts});
        expect(queryAllTexts(".o_sci_parts li span:first-child")).toEqual([
            "Purchase",
            "Cash-out",
        ]);
        expect(".o_sci_note").toHaveCount(0);
        await news(world, ROWS.approved, {amounts, result_amounts: amounts});
        expect(".o_sci_todo").toHaveText(/Hand out .*5\.00/);
        expect(".o_sci_parts li:eq(1)").toHaveText(/Cash-out.*5\.00/s);
    });

    test("what is still due when only a part was approved", async () => {
        const amounts = {purchase_amount: 1785};
        const result_amounts = {purchase_amount: 1000};
        await pay(world, ROWS.approved, {amounts, result_amounts});
        expect(".o_sci_todo").toHaveText(/Still to pay .*7\.85/);
        expect(".o_sci_note").toHaveText("Only a part of it was approved.");
    });

    for (const code of ["no_answer", "bad_answer", "device_not_connected"]) {
        test(`${code}: no advice to try again while it may be charged`, async () => {
            const error = {code, message: "Check the network and try again"};
            await pay(world, ROWS.pending, {error});
            expect(".o_sci_dialog").not.toHaveText(/try again/);
            await news(world, ROWS.unknown, {version: 2, error});
            expect(".o_sci_dialog").not.toHaveText(/try again/);
        });
    }

    test("Enter does not answer a form that has just come", async () => {
        await pay(world, ROWS.pending, awaiting(CANCEL, {version: 1}));
        queryOne(".o_sci_button").focus();
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION));
        expect(document.activeElement).toBe(queryOne(".o_sci_headline"));
        await news(world, ROWS.approved);
        expect(document.activeElement).toBe(queryOne(".o_sci_close"));
    });

    test("a lost connection: the required sentence, and nothing destructive", async () => {
        await pay(
            world,
            ROWS.awaiting,
            awaiting(SIGNATURE, {message: "Signature required"})
        );
        expect.verifySteps([PRINTED.MERCHANT]);
        await world.transport.lose("poll");
        await animationFrame();
        expect(".o_sci_message").toHaveText("Signature required");
        expect(".o_sci_note").toHaveText(
            "Connection to Odoo lost. The terminal may still be taking the payment; " +
                "this screen will catch up."
        );
        expect(".o_sci_button:not(:disabled)").toHaveCount(0);
        expect(".o_sci_cancel").toHaveCount(0);
        expect(".o_sci_aside").toHaveCount(1);
    });

    test("a payment that was not sent: the reason, and that nothing was charged", async () => {
        await pay(world, ROWS.not_sent);
        expect(".o_sci_message").toHaveText("Busy.");
        expect(".o_sci_note").toHaveText("Nothing was charged.");
        await touch("Other method");
        expect(".o_sci_dialog").toHaveCount(0);
    });

    test("what a person stated, not mx51's last message", async () => {
        const stale = {message: "Waiting for customer to present card"};
        await pay(world, ROWS.unknown_overridden_no, stale);
        expect(".o_sci_message").toHaveText("Recorded as not paid on Front Bar");
    });

    test("no buttons of a form once a person has stated the outcome", async () => {
        await pay(world, ROWS.awaiting, awaiting(SIGNATURE));
        expect.verifySteps([PRINTED.MERCHANT]);
        expect(".o_sci_button").toHaveCount(2);
        await news(world, ROWS.awaiting, {
            ...awaiting(SIGNATURE),
            unresolved: false,
            overridden: "no",
        });
        expect(".o_sci_button").toHaveCount(0);
        expect(".o_sci_close").toHaveText("Other method");
    });
});

describe("the form", () => {
    test.tags("desktop");

    test("every kind of element", async () => {
        await pay(world, ROWS.awaiting, awaiting(CERTIFICATION));
        expect(".o_sci_image img").toHaveCount(1);
        expect(queryAllTexts(".o_sci_form_text")).toEqual([
            "Label 1: Text with a label",
            "Text without a label",
        ]);
        expect(queryAllTexts(".o_sci_input")).toEqual([
            "Input 1 (name_1)",
            "Input 2 (name_2)",
        ]);
        expect(queryAllTexts(".o_sci_button")).toEqual([
            "Submit to API",
            "Test action",
        ]);
        expect(".o_sci_dialog .btn-primary").toHaveText("Submit to API");
        expect(".o_sci_cancel").toHaveCount(0);
    });

    test("HTML in a text or a label is text", async () => {
        const html = "<img src=x onerror=alert(1)>";
        await pay(
            world,
            ROWS.awaiting,
            awaiting(formOf({type: "text", text: html}, html))
        );
        expect(".o_sci_form_text").toHaveText(`${html}: ${html}`);
        expect(".o_sci_dialog img").toHaveCount(0);
    });

    test("a press sends every input by name", async () => {
        await pay(world, ROWS.awaiting, awaiting(CERTIFICATION));
        await click("input[name=name_1]");
        await edit("hello");
        await touch("Submit to API");
        const {args} = world.transport.last("submit");
        expect(args).toEqual([7, 2, "submit", {name_1: "hello", name_2: ""}]);
    });

    test("while it is on its way nothing else is pressed", async () => {
        await pay(world, ROWS.awaiting, awaiting(SIGNATURE));
        expect.verifySteps([PRINTED.MERCHANT]);
        await touch("Approve");
        expect(".o_sci_button:not(:disabled)").toHaveCount(0);
        await world.transport.lose("submit");
        await animationFrame();
        expect(".o_sci_button:not(:disabled)").toHaveCount(2);
        await touch("Approve");
        await world.transport.answer("submit", viewOf(world.line, ROWS.awaiting));
        await animationFrame();
        expect(".o_sci_button:not(:disabled)").toHaveCount(0);
        expect(".o_sci_cancel").toHaveCount(1);
    });

    test("a press that changes nothing is not waited for in silence", async () => {
        await pay(world, ROWS.awaiting, awaiting(SIGNATURE));
        expect.verifySteps([PRINTED.MERCHANT]);
        await touch("Approve");
        const view = viewOf(world.line, ROWS.awaiting, awaiting(SIGNATURE));
        await world.transport.answer("submit", view);
        await animationFrame();
        expect(".o_sci_press_error").toHaveCount(0);
        await advanceTime(11000);
        expect(".o_sci_press_error").toHaveText(/has not taken this up/);
        expect(".o_sci_cancel").toHaveCount(1);
    });

    test("inputs are kept while the version stays, and empty in a new form", async () => {
        await pay(world, ROWS.awaiting, awaiting(CERTIFICATION));
        await click("input[name=name_1]");
        await edit("hello");
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION));
        expect("input[name=name_1]").toHaveValue("hello");
        expect(document.activeElement).toBe(queryOne("input[name=name_1]"));
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION, {version: 3}));
        expect("input[name=name_1]").toHaveValue("");
    });

    test("a version without a form keeps what waits for an answer", async () => {
        await pay(world, ROWS.awaiting, awaiting(CERTIFICATION));
        await click("input[name=name_1]");
        await edit("hello");
        const bare = {action_form: {details: {"Transaction Version": "3"}}};
        await news(world, ROWS.awaiting, awaiting(bare, {version: 3}));
        expect("input[name=name_1]").toHaveValue("hello");
        expect(".o_sci_details").toHaveText("Transaction Version: 3");
        await news(world, ROWS.pending, {version: 4, pos_instructions: bare});
        expect(".o_sci_button").toHaveCount(0);
    });

    test("TEST_ACTION shows what a press would have sent", async () => {
        await pay(world, ROWS.awaiting, awaiting(CERTIFICATION));
        await click("input[name=name_2]");
        await edit("<b>");
        await touch("Test action");
        expect(JSON.parse(queryOne(".o_sci_payload").textContent)).toEqual({
            name_1: "",
            name_2: "<b>",
        });
        expect(world.transport.count("submit")).toBe(0);
        await news(world, ROWS.awaiting, awaiting(CERTIFICATION, {version: 3}));
        expect(".o_sci_payload").toHaveCount(0);
    });

    test("wrong forms do not stop the payment", async () => {
        await pay(world, ROWS.pending);
        let version = 1;
        for (const wrong of ["x", 5, [], {action_form: 5}, {auto_actions: {a: 1}}]) {
            await news(world, ROWS.pending, {
                version: ++version,
                pos_instructions: wrong,
            });
        }
        expect(".o_sci_dialog").toHaveCount(1);
        await news(world, ROWS.approved);
        expect(world.line.payment_status).toBe("done");
    });
});

describe("the Cancel button of the POS", () => {
    test.tags("desktop");

    test("is there while the form has none", async () => {
        await pay(world, ROWS.pending);
        await touch("Cancel");
        expect(world.transport.count("cancel")).toBe(1);
        expect(".o_sci_cancel").toHaveCount(0);
    });

    test("comes back when the terminal has not confirmed the cancel", async () => {
        await pay(world, ROWS.pending, {pos_instructions: CANCEL});
        await touch("Cancel");
        const unconfirmed = {cancel_requested: true, cancel_state: "no_answer"};
        const view = {...ROWS.pending, pos_instructions: CANCEL, ...unconfirmed};
        await world.transport.answer("submit", viewOf(world.line, view));
        await animationFrame();
        expect(".o_sci_dialog").toHaveText(
            /has not confirmed the cancel. Press Cancel/
        );
        expect(world.transport.count("cancel")).toBe(0);
        await click(".o_sci_cancel");
        await animationFrame();
        expect(world.transport.count("cancel")).toBe(1);
        expect(".o_sci_cancel").toHaveCount(0);
    });

    test("does not come back, in the form neither, while it is cancelled", async () => {
        await pay(world, ROWS.pending, {pos_instructions: CANCEL});
        const cancelling = {cancel_requested: true, pos_instructions: CANCEL};
        await news(world, ROWS.pending, {...cancelling, version: 2});
        expect(".o_sci_button, .o_sci_cancel").toHaveCount(0);
        await news(world, ROWS.pending, {version: 2});
        expect(".o_sci_button, .o_sci_cancel").toHaveCount(0);
    });

    test("steps back for the form's", async () => {
        await pay(world, ROWS.pending, {pos_instructions: CANCEL});
        expect(".o_sci_cancel").toHaveCount(0);
        await touch("Cancel");
        expect(world.transport.last("submit").args[2]).toBe("cancel_transaction");
    });
});
