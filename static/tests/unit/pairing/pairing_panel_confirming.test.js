import {Deferred, advanceTime, animationFrame} from "@odoo/hoot-mock";
import {queryOne} from "@odoo/hoot-dom";
import {describe, expect, test} from "@odoo/hoot";
import {makeServerError} from "@web/../tests/web_test_helpers";
import {CHECK_AGAIN_AFTER} from "@pos_mx51_sci/pairing/pairing_panel";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {confirming, paired, unpaired} from "../data/pairing_views";
import {
    NETWORK_SENTENCE,
    openPanel,
    error,
    press,
    code,
} from "../helpers/pairing_setup";

describe.current.tags("headless");

// The services of the POS are in the same bundle and ask for its models
definePosModels();

describe("confirming", () => {
    test("shows the code large, to be confirmed on the terminal", async () => {
        await openPanel(confirming);
        const shown = queryOne(".o_sci_confirmation_code");
        expect(shown).toHaveText("0482");
        expect(shown).toHaveAttribute("aria-label", "0 4 8 2");
        expect(".o_sci_pairing").toHaveText(/Does the terminal show the same code\?/);
        expect("button[name=test]").toHaveText("Test pairing");
        expect("button[name=cancel]").toHaveText("Cancel");
    });

    test("the light check changes the text only; the test finishes", async () => {
        let isConfirmed = false;
        await openPanel(confirming, {
            check_pairing: () => {
                expect.step("check");
                return {...confirming, confirmed: isConfirmed};
            },
            action_test: paired,
        });
        expect.verifySteps(["check"]);
        isConfirmed = true;
        await advanceTime(CHECK_AGAIN_AFTER);
        expect.verifySteps(["check"]);
        expect(".o_sci_confirming").toHaveText(
            "Confirmed on the terminal. Press Test pairing to finish."
        );
        expect(".o_sci_pairing").toHaveAttribute("data-screen", "confirming");
        await press("test");
        expect(".o_sci_success").toHaveText("This terminal is paired.");
        await advanceTime(3 * CHECK_AGAIN_AFTER);
        expect.verifySteps([]);
    });

    test("tested too early", async () => {
        const early = error("not_confirmed", "Not confirmed on the terminal yet.");
        await openPanel(confirming, {action_test: {...confirming, error: early}});
        await press("test");
        expect(".o_sci_confirming").toHaveText("Not confirmed on the terminal yet.");
        expect("[role=alert]").toHaveCount(0);
        expect(".o_sci_confirmation_code").toHaveText("0482");
    });

    test("a test without an answer says so and keeps the code", async () => {
        const failed = error("no_answer", NETWORK_SENTENCE);
        await openPanel(confirming, {action_test: {...confirming, error: failed}});
        await press("test");
        expect("[role=alert]").toHaveText(NETWORK_SENTENCE);
        expect(".o_sci_confirmation_code").toHaveText("0482");
        await advanceTime(CHECK_AGAIN_AFTER);
        expect("[role=alert]").toHaveText(NETWORK_SENTENCE);
    });

    test("a check that Odoo refuses says why and is not repeated", async () => {
        let isAllowed = true;
        await openPanel(confirming, {
            check_pairing: () => {
                expect.step("check");
                if (isAllowed) {
                    return confirming;
                }
                throw makeServerError({message: "Not your company."});
            },
            action_test: {...confirming, error: error("no_answer", NETWORK_SENTENCE)},
        });
        isAllowed = false;
        await advanceTime(CHECK_AGAIN_AFTER);
        expect.verifySteps(["check", "check"]);
        expect("[role=alert]").toHaveText("Not your company.");
        expect(".o_sci_confirmation_code").toHaveText("0482");
        await advanceTime(5 * CHECK_AGAIN_AFTER);
        expect.verifySteps([]);
        isAllowed = true;
        await press("test");
        await advanceTime(CHECK_AGAIN_AFTER);
        expect.verifySteps(["check"]);
    });

    test("Cancel goes back to the form", async () => {
        await openPanel(confirming, {
            action_cancel_pairing: () => {
                expect.step("cancel");
                return unpaired;
            },
        });
        await press("cancel");
        expect.verifySteps(["cancel"]);
        expect(code()).toHaveValue("");
        expect(code()).toBeFocused();
    });

    test("a check that cannot know says why, until one can", async () => {
        let found = error("no_valid_signatures_found", "No valid signatures", "Part A");
        await openPanel(confirming, {
            check_pairing: () => ({...confirming, error: found}),
        });
        await animationFrame();
        expect("[role=alert]").toHaveText("No valid signatures\nPart A");
        expect(".o_sci_confirmation_code").toHaveText("0482");
        found = false;
        await advanceTime(CHECK_AGAIN_AFTER);
        expect("[role=alert]").toHaveCount(0);
    });

    test("nobody confirms: the form for a new code, with what to do", async () => {
        let isOver = false;
        const text = "The code was not confirmed on the terminal.";
        const hint = "Start the pairing again on the terminal and type its new code.";
        const over = {...unpaired, error: error("not_confirmed", text, hint)};
        await openPanel(confirming, {
            check_pairing: () => {
                expect.step("check");
                return isOver ? over : confirming;
            },
        });
        isOver = true;
        await advanceTime(CHECK_AGAIN_AFTER);
        expect("[role=alert]").toHaveText(`${text}\n${hint}`);
        expect(".o_sci_pairing").toHaveAttribute("data-screen", "unpaired");
        expect(code()).toBeFocused();
        await advanceTime(5 * CHECK_AGAIN_AFTER);
        expect.verifySteps(["check", "check"]);
    });

    test("an older check does not undo what was done meanwhile", async () => {
        const check = new Deferred();
        await openPanel(confirming, {check_pairing: () => check, action_test: paired});
        await press("test");
        check.resolve(confirming);
        await animationFrame();
        expect(".o_sci_success").toHaveCount(1);
    });
});
