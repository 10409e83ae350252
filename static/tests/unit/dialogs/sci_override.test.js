import {NoAnswer, Refused} from "@pos_mx51_sci/app/follow/sci_transport";
import {FINAL} from "../data/action_forms";
import {ROWS, makeView} from "../data/ledger_rows";
import {
    advanceTime,
    beforeEach,
    describe,
    edit,
    expect,
    test,
    waitUntil,
} from "@odoo/hoot";
import {click, queryAllTexts, queryOne} from "@odoo/hoot-dom";
import {pay, setupDialog, touch} from "../helpers/dialog_setup";
import {KEEP_WAITING} from "@pos_mx51_sci/dialogs/sci_transaction_dialog/sci_transaction_dialog";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {viewOf} from "../helpers/pos_setup";

definePosModels();

const OPEN = makeView({status: "PENDING", override_open: true, override_in: 0});
const QUESTION =
    "We could not get the result of AUD 17.85 from Front Bar. Look at the terminal " +
    "or its receipt: was the transaction successful?";

let world = null;

beforeEach(async () => {
    world = await setupDialog();
});

async function recordFirstReason() {
    await click(".o_sci_reason:first");
    await animationFrame();
    await click(".o_sci_record");
    await animationFrame();
}

/** Yes or No, with the first of the reasons that are offered. */
async function state(label) {
    await touch(label);
    await recordFirstReason();
}

async function answer(kind, content) {
    await world.transport.answer(kind, viewOf(world.line, content));
    await animationFrame();
}

describe("the question", () => {
    test.tags("desktop");

    test("word for word", async () => {
        await pay(world, OPEN);
        expect(".o_sci_question").toHaveText(QUESTION);
        expect(".o_sci_how_to_look").toHaveText(/Reprint last receipt/);
        expect(queryAllTexts(".o_sci_yes, .o_sci_no")).toEqual([
            "Yes, paid",
            "No, not paid",
        ]);
        expect(".o_sci_dialog .btn-primary").toHaveText("Keep waiting");
        expect(".o_sci_button, .o_sci_cancel").toHaveCount(0);
    });

    for (const [name, row, isAsked] of [
        ["pending", ROWS.pending, false],
        ["unknown, in its window", {...ROWS.unknown, override_open: true}, true],
        ["final, but unknown", {...ROWS.final_unknown, override_open: true}, true],
        ["unknown, not yet", {...ROWS.unknown, override_in: 30}, false],
        ["approved", ROWS.approved, false],
        ["over, whatever else", {...ROWS.declined, override_open: true}, false],
    ]) {
        test(`${name}: ${isAsked ? "asked" : "not asked"}`, async () => {
            await pay(world, row);
            expect(".o_sci_override").toHaveCount(isAsked ? 1 : 0);
        });
    }

    test("the headline is the silence, not an old step", async () => {
        const message = "Waiting for customer to present card";
        await pay(world, {...OPEN, message, silent_for: 36});
        expect(".o_sci_message").toHaveText("No answer for 36 s");
        expect(".o_sci_headline").toHaveClass("alert-warning");
        expect(".o_sci_dialog").not.toHaveText(new RegExp(message));
    });

    test("says that mx51 does not know the pairing any more", async () => {
        const error = {
            code: "no_active_pairings_found",
            message: "No active pairings found",
        };
        await pay(world, {...OPEN, error});
        expect(".o_sci_note").toHaveText("No active pairings found");
    });

    test("a final UNKNOWN: mx51's message, and nothing to wait for", async () => {
        const final = {...ROWS.final_unknown, override_open: true};
        await pay(world, {...final, message: "(UNKNOWN) No result"});
        expect(".o_sci_message").toHaveText("(UNKNOWN) No result");
        expect(".o_sci_check_again").toHaveCount(0);
        expect(".o_sci_dialog .btn-primary").toHaveText("Answer later");
    });

    test("put off, the form's Done does not stand for the result", async () => {
        const final = {...ROWS.final_unknown, override_open: true};
        await pay(world, {...final, pos_instructions: FINAL});
        await touch("Answer later");
        expect(".o_sci_dialog .btn-primary").toHaveText("Was it successful?");
        expect(queryAllTexts(".o_sci_button")).toEqual([
            "Print Merchant Receipt",
            "Print Customer Receipt",
        ]);
    });

    test("no reason that proves nothing", async () => {
        await pay(world, OPEN);
        await touch("No, not paid");
        expect(queryAllTexts(".o_sci_reason")).toEqual([
            "The terminal shows declined or cancelled",
            "No card was presented",
        ]);
    });

    test("comes when its time has come, answer or not", async () => {
        await pay(world, makeView({override_in: 3}));
        expect(".o_sci_override").toHaveCount(0);
        await advanceTime(2000);
        expect(".o_sci_override").toHaveCount(0);
        await advanceTime(2000);
        expect(".o_sci_override").toHaveCount(1);
    });

    test("is not asked while the answer cannot reach Odoo", async () => {
        await pay(world, OPEN);
        await world.transport.lose("poll");
        await animationFrame();
        expect(".o_sci_override").toHaveCount(0);
        expect(".o_sci_message").toHaveText(/Connection to Odoo lost/);
    });

    test("Keep waiting hides it for a while, and it can be called back", async () => {
        await pay(world, OPEN);
        await touch("Keep waiting");
        expect(".o_sci_override").toHaveCount(0);
        await touch("Was it successful?");
        expect(".o_sci_override").toHaveCount(1);
        await touch("Keep waiting");
        await advanceTime(KEEP_WAITING + 1000);
        expect(".o_sci_override").toHaveCount(1);
    });

    test("Check again asks now", async () => {
        await pay(world, OPEN);
        await touch("Check again");
        expect(".o_sci_yes").toHaveProperty("disabled", true);
        await answer("pollNow", OPEN);
        expect(".o_sci_error").toHaveText("There is still no result.");
        await touch("Check again");
        await answer("pollNow", ROWS.approved);
        expect(".o_sci_override").toHaveCount(0);
        expect(world.line.payment_status).toBe("done");
    });
});

describe("the answer", () => {
    test.tags("desktop");

    for (const [label, successful, row, status] of [
        ["Yes", true, ROWS.unknown_overridden_yes, "done"],
        ["No", false, ROWS.unknown_overridden_no, "retry"],
    ]) {
        test(`${label}, with a reason`, async () => {
            await pay(world, OPEN);
            await state(label);
            const {args} = world.transport.last("override");
            expect(args.slice(0, 2)).toEqual([7, successful]);
            expect(args[2]).toBe(queryAllTexts(".o_sci_reason")[0]);
            expect(args[2]).toMatch(/^The terminal shows/);
            expect(args.slice(3)).toEqual([null, null]);
            await answer("override", {...row, version: 1});
            expect(world.line.payment_status).toBe(status);
            expect(".o_sci_override").toHaveCount(0);
            expect(".o_sci_message").toHaveText(/Recorded as/);
        });
    }

    test("is not recorded without a reason", async () => {
        await pay(world, OPEN);
        await touch("Yes");
        expect(document.activeElement).toBe(queryOne(".o_sci_reason_text"));
        expect(".o_sci_record").toHaveProperty("disabled", true);
        await edit("   ");
        await animationFrame();
        expect(".o_sci_record").toHaveProperty("disabled", true);
        await edit(" I saw the receipt ");
        await animationFrame();
        await click(".o_sci_record");
        await animationFrame();
        expect(world.transport.last("override").args[2]).toBe("I saw the receipt");
    });

    test("goes out once", async () => {
        await pay(world, OPEN);
        await state("Yes");
        await click(".o_sci_record");
        expect(world.transport.count("override")).toBe(1);
    });

    test("can be thought over", async () => {
        await pay(world, OPEN);
        await touch("Yes");
        await touch("Back");
        expect(".o_sci_question").toHaveCount(1);
        expect(".o_sci_yes").toHaveCount(1);
    });

    test("the bank has answered meanwhile", async () => {
        const error = {code: "answered", message: "The bank has answered meanwhile."};
        await pay(world, OPEN);
        await state("Yes");
        await answer("override", {...ROWS.declined, message: "DECLINED", error});
        expect(".o_sci_message").toHaveText("DECLINED");
        expect(".o_sci_note").toHaveText("The bank has answered meanwhile.");
        expect(world.line.payment_status).toBe("retry");
    });

    for (const [title, failure, said] of [
        ["Odoo does not answer", new NoAnswer(), /did not answer/],
        ["no manager", new Refused("Only a manager may."), /Only a manager may/],
    ]) {
        test(`${title}: said kindly, and the question stays`, async () => {
            await pay(world, OPEN);
            await state("No");
            await world.transport.answer("override", failure);
            await animationFrame();
            expect(".o_sci_error").toHaveText(said);
            expect(".o_sci_record").toHaveProperty("disabled", false);
            expect(world.line.isSciUnresolved()).toBe(true);
        });
    }

    test("the window has closed again", async () => {
        const error = {code: "override_closed", message: "Please wait."};
        await pay(world, OPEN);
        await state("Yes");
        await answer("override", {...ROWS.pending, error});
        expect(".o_sci_override").toHaveCount(0);
        expect(".o_sci_note").toHaveText("Please wait.");
    });
});

describe("where only managers may answer", () => {
    test.tags("desktop");

    beforeEach(() => {
        world.pos.config.sci_override_by_managers = true;
    });

    test("a cashier is told at once; a manager logs in for this answer", async () => {
        patchWithCleanup(world.pos, {getCashier: () => ({_role: "cashier"})});
        await pay(world, OPEN);
        expect(".o_sci_for_managers").toHaveText(/Only a manager may answer/);
        await touch("Yes, paid");
        await click(".o_sci_reason:first");
        await animationFrame();
        expect(".o_sci_record").toHaveProperty("disabled", true);
        await click(".o_sci_login");
        await edit(" morgan ");
        await click(".o_sci_password");
        await edit("secret");
        await animationFrame();
        await click(".o_sci_record");
        await animationFrame();
        const person = world.transport.last("override").args.slice(3);
        expect(person).toEqual(["morgan", "secret"]);
        const error = {code: "wrong_login", message: "Wrong login or password."};
        await answer("override", {...OPEN, error});
        expect(".o_sci_error").toHaveText("Wrong login or password.");
        expect(".o_sci_note").toHaveCount(0);
        expect(".o_sci_password").toHaveValue("");
    });

    test("a manager answers without more ado", async () => {
        patchWithCleanup(world.pos, {getCashier: () => ({_role: "manager"})});
        await pay(world, OPEN);
        expect(".o_sci_for_managers").toHaveCount(0);
        await state("Yes, paid");
        const person = world.transport.last("override").args.slice(3);
        expect(person).toEqual([null, null]);
    });
});

describe("where employees log in", () => {
    test.tags("desktop");
    const PEOPLE = [
        {id: 1, name: "Casey", _role: "cashier"},
        {id: 2, name: "Morgan", _role: "manager"},
        {id: 3, name: "Alex", _role: "manager"},
    ];

    function useEmployees(people) {
        const {pos} = world;
        pos.config.module_pos_hr = true;
        patchWithCleanup(pos, {getCashier: () => people[0]});
        Object.defineProperty(pos.models, "hr.employee", {
            value: people,
            configurable: true,
        });
    }

    beforeEach(() => useEmployees(PEOPLE));

    test("the cashier is named", async () => {
        await pay(world, OPEN);
        await state("Yes");
        expect(world.transport.last("override").args.slice(3)).toEqual([1, null]);
    });

    test("managers only: which one, and the PIN, before anything else", async () => {
        world.pos.config.sci_override_by_managers = true;
        await pay(world, OPEN);
        expect(".o_sci_for_managers").toHaveText(/Only a manager may answer/);
        await touch("Yes, paid");
        expect(".selection-item").toHaveCount(2);
        await touch("Morgan");
        await waitUntil(() => document.querySelector(".modal .numpad"));
        await touch("1");
        await touch("2");
        await touch("Confirm");
        await recordFirstReason();
        expect(world.transport.last("override").args.slice(3)).toEqual([2, "12"]);
        const error = {code: "wrong_pin", message: "Wrong PIN. Please try again."};
        await answer("override", {...OPEN, error});
        expect(".o_sci_error").toHaveText("Wrong PIN. Please try again.");
        await click(".o_sci_record");
        await animationFrame();
        expect(".selection-item").toHaveCount(2);
    });

    test("managers only: nobody goes on without a PIN", async () => {
        world.pos.config.sci_override_by_managers = true;
        useEmployees(PEOPLE.slice(0, 2));
        await pay(world, OPEN);
        await touch("Yes, paid");
        await click(".modal:not(.o_inactive_modal) .btn-close");
        await animationFrame();
        expect(".o_sci_reason_text").toHaveCount(0);
        expect(".o_sci_yes").toHaveCount(1);
    });

    test("managers only: one without a PIN reads where it is set", async () => {
        world.pos.config.sci_override_by_managers = true;
        useEmployees([PEOPLE[0], {...PEOPLE[1], _pin: false}]);
        await pay(world, OPEN);
        await touch("Yes, paid");
        expect(".o_sci_error").toHaveText(/Morgan has no PIN/);
        expect(".o_sci_reason_text").toHaveCount(0);
    });

    test("managers only, and there is none", async () => {
        world.pos.config.sci_override_by_managers = true;
        useEmployees(PEOPLE.slice(0, 1));
        await pay(world, OPEN);
        await touch("Yes, paid");
        expect(".o_sci_error").toHaveText(/Only a manager/);
        expect(".o_sci_reason_text").toHaveCount(0);
    });
});
