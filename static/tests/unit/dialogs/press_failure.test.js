import {CANCEL, SIGNATURE} from "../data/action_forms";
import {
    PRINTED,
    awaiting,
    news,
    pay,
    setupDialog,
    touch,
} from "../helpers/dialog_setup";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {ROWS} from "../data/ledger_rows";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {queryAllTexts} from "@odoo/hoot-dom";
import {viewOf} from "../helpers/pos_setup";

definePosModels();

const FOREIGN = {
    code: "not_ours",
    message: "This button leads away from the terminal service. Nothing was sent.",
    hint: "Use another button, or cancel the payment.",
};

const CLOCK = {
    code: "no_valid_signatures_found",
    message: "No valid signatures found",
    hint: "The clock of the server was wrong. Nothing was done; please try again.",
};

let world = null;

beforeEach(async () => {
    world = await setupDialog();
    await pay(world, ROWS.awaiting, awaiting(SIGNATURE));
    expect.verifySteps([PRINTED.MERCHANT]);
});

/** The press that is on its way is answered with that error. */
async function fail(error, row = ROWS.awaiting, changes = awaiting(SIGNATURE)) {
    await world.transport.answer(
        "submit",
        viewOf(world.line, row, {...changes, error})
    );
    await animationFrame();
}

async function pressAndFail(error) {
    await touch("Approve");
    await fail(error);
}

const said = () => queryAllTexts(".o_sci_press_error div");

describe("a button that was pressed in vain", () => {
    test.tags("desktop");

    for (const error of [FOREIGN, CLOCK]) {
        test(`${error.code}: why, and what to do, below the form`, async () => {
            await pressAndFail(error);
            expect(said()).toEqual([error.message, error.hint]);
            expect(".o_sci_headline").not.toHaveText(new RegExp(error.message));
            expect(".o_sci_button:not(:disabled)").toHaveCount(2);
            expect(".o_sci_cancel").toHaveCount(1);
        });
    }

    test("is said until the form changes, or it is pressed again", async () => {
        await pressAndFail(FOREIGN);
        await news(world, ROWS.awaiting, awaiting(SIGNATURE));
        expect(said()).toHaveLength(2);
        await touch("Approve");
        expect(said()).toEqual([]);
        await fail(FOREIGN);
        expect(said()).toHaveLength(2);
        await news(world, ROWS.awaiting, awaiting(SIGNATURE, {version: 3}));
        expect.verifySteps([PRINTED.MERCHANT]);
        expect(said()).toEqual([]);
    });

    for (const code of ["no_answer", "bad_answer", "device_not_connected"]) {
        test(`${code}: nothing that advises trying again`, async () => {
            await pressAndFail({code, message: "Check the network and try again"});
            expect(said()).toEqual([]);
            expect(".o_sci_dialog").not.toHaveText(/try again/);
        });
    }

    test("of Cancel nothing, while the payment says how it goes on", async () => {
        const form = {pos_instructions: CANCEL, version: 3};
        await news(world, ROWS.pending, form);
        await touch("Cancel");
        const cancel = {cancel_requested: true, cancel_state: "refused"};
        await fail(FOREIGN, ROWS.pending, {...form, ...cancel});
        expect(".o_sci_dialog").not.toHaveText(/leads away/);
        expect(".o_sci_dialog").toHaveText(/could not be asked to cancel/);
    });
});
