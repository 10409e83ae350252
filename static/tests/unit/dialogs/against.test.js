import {beforeEach, describe, expect, test, waitUntil} from "@odoo/hoot";
import {click, queryAllTexts} from "@odoo/hoot-dom";
import {pay, setupDialog, touch} from "../helpers/dialog_setup";
import {ROWS} from "../data/ledger_rows";
import {Refused} from "@pos_mx51_sci/app/follow/sci_transport";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {viewOf} from "../helpers/pos_setup";

definePosModels();

let world = null;

beforeEach(async () => {
    world = await setupDialog();
    patchWithCleanup(world.pos, {getCashier: () => ({id: 1, _role: "manager"})});
});

/** A manager presses the button, takes the first reason, and records it. */
async function state() {
    await click(".o_sci_against");
    await animationFrame();
    await click(".o_sci_reason:first");
    await animationFrame();
    await click(".o_sci_record");
    await animationFrame();
}

async function answer(changes) {
    const content = viewOf(world.line, ROWS.declined, changes);
    await world.transport.answer("stateAgainst", content);
    await animationFrame();
}

describe("a receipt that says approved, against the bank", () => {
    test.tags("desktop");

    for (const [name, count] of Object.entries({
        declined: 1,
        cancelled: 1,
        approved: 0,
        not_sent: 0,
        pending: 0,
        final_unknown: 0,
        unknown_overridden_no: 0,
    })) {
        test(`${name}: ${count ? "may" : "may not"} be stated`, async () => {
            await pay(world, ROWS[name]);
            expect(".o_sci_against").toHaveCount(count);
        });
    }

    test("not by a cashier", async () => {
        patchWithCleanup(world.pos, {getCashier: () => ({id: 1, _role: "cashier"})});
        await pay(world, ROWS.declined);
        expect(".o_sci_against").toHaveCount(0);
    });

    test("says what the bank says, and needs a reason", async () => {
        await pay(world, ROWS.declined);
        expect(".o_sci_against").toHaveText("The terminal's receipt says approved");
        await click(".o_sci_against");
        await animationFrame();
        expect(".o_sci_question").toHaveText(
            "The bank says that AUD 17.85 was not paid. Record it as paid only if the " +
                "receipt of Front Bar says approved."
        );
        expect(queryAllTexts(".o_sci_reason")).toEqual([
            "The terminal shows approved",
            "The receipt says approved",
        ]);
        expect(".o_sci_record").toHaveText("Record as paid");
        expect(".o_sci_record").toHaveProperty("disabled", true);
        await touch("Back");
        expect(".o_sci_override").toHaveCount(0);
        expect(".o_sci_against").toHaveCount(1);
        expect(world.transport.count("stateAgainst")).toBe(0);
    });

    test("counts once Odoo has it: the line is paid", async () => {
        const {line, transport} = world;
        await pay(world, ROWS.declined);
        await state();
        expect(transport.last("stateAgainst").args).toEqual([
            7,
            "The terminal shows approved",
            null,
            null,
        ]);
        await answer({overridden: "yes", paid: true, posted: true});
        expect(line.payment_status).toBe("done");
        expect(line.isSciLocked()).toBe(true);
        expect(world.order.isPaid()).toBe(true);
        expect(".o_sci_override, .o_sci_against").toHaveCount(0);
        expect(".o_sci_message").toHaveText("Recorded as paid on Front Bar");
    });

    test("is refused: the sentence is shown, and it may be tried again", async () => {
        await pay(world, ROWS.declined);
        await state();
        await world.transport.answer(
            "stateAgainst",
            new Refused("Only a manager may.")
        );
        await animationFrame();
        expect(".o_sci_error").toHaveText("Only a manager may.");
        expect(".o_sci_record").toHaveProperty("disabled", false);
        expect(world.line.payment_status).toBe("retry");
    });

    test("is refused by an error of the row", async () => {
        await pay(world, ROWS.declined);
        await state();
        await answer({error: {code: "wrong_pin", message: "Wrong PIN."}});
        expect(".o_sci_error").toHaveText("Wrong PIN.");
    });

    test("with pos_hr: whoever is at the register, a manager with a PIN", async () => {
        const {pos, transport} = world;
        const people = [
            {id: 1, name: "Casey", _role: "cashier"},
            {id: 2, name: "Morgan", _role: "manager"},
        ];
        pos.config.module_pos_hr = true;
        patchWithCleanup(pos, {getCashier: () => people[0]});
        Object.defineProperty(pos.models, "hr.employee", {
            value: people,
            configurable: true,
        });
        await pay(world, ROWS.declined);
        await state();
        await waitUntil(() => document.querySelector(".modal .numpad"));
        await touch("4");
        await touch("Confirm");
        expect(transport.last("stateAgainst").args.slice(2)).toEqual([2, "4"]);
    });
});
