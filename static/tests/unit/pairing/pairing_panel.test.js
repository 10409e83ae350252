import {Deferred, advanceTime, animationFrame} from "@odoo/hoot-mock";
import {press as pressKey, queryFirst, queryOne} from "@odoo/hoot-dom";
import {describe, expect, test} from "@odoo/hoot";
import {
    contains,
    makeServerError,
    mountWithCleanup,
    getService,
} from "@web/../tests/web_test_helpers";
import {CHECK_AGAIN_AFTER, PairingPanel} from "@pos_mx51_sci/pairing/pairing_panel";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {PairingDialog} from "@pos_mx51_sci/dialogs/pairing_dialog";
import {setupPosEnv} from "@point_of_sale/../tests/unit/utils";
import {confirming, paired, unpaired} from "../data/pairing_views";
import {
    NETWORK_SENTENCE,
    NO_PAIRING,
    gone,
    serve,
    openPanel,
    error,
    press,
    code,
} from "../helpers/pairing_setup";

describe.current.tags("headless");

// The services of the POS are in the same bundle and ask for its models
definePosModels();

describe("unpaired", () => {
    test("asks for the code, suggests a nickname, names SCI, explains how", async () => {
        await openPanel(unpaired);
        expect(".o_sci_pairing").toHaveAttribute("data-screen", "unpaired");
        expect(".o_sci_pairing").toHaveText(/Simple Cloud Integration/);
        expect("img.o_sci_wordmark").toHaveCount(1);
        expect("label:contains(Pairing Code)").toHaveCount(1);
        expect("input[name=pairing_nickname]").toHaveValue("Front Bar");
        expect(".o_sci_steps").toHaveText(/Manage POS pairing/);
        expect(code()).toBeFocused();
        expect(code()).toHaveAttribute("inputmode", "numeric");
        expect("[role=alert]").toHaveCount(0);
        expect(".o_sci_sandbox").toHaveCount(0);
    });

    test("sends the code with its leading zeros and without blanks", async () => {
        await openPanel(unpaired, {
            action_pair: (pairingCode, nickname) => {
                expect.step(`pair ${pairingCode} ${nickname}`);
                return confirming;
            },
        });
        await contains("input[name=pairing_code]").edit(" 012 345 ", {confirm: false});
        expect(code()).toHaveValue("012345");
        await press("pair");
        expect.verifySteps(["pair 012345 Front Bar"]);
        expect(".o_sci_confirmation_code").toHaveText("0482");
        expect("button[name=test]").toBeFocused();
    });

    test("a touch screen without a keyboard has keys for the code", async () => {
        serve({pairing_view: unpaired, check_pairing: unpaired});
        await setupPosEnv();
        const props = {terminalId: 7, keypad: true};
        await mountWithCleanup(PairingPanel, {props});
        for (const key of ["9", "C", "0", "4", "8", "⌫", "7"]) {
            await contains(`.o_sci_keypad button:contains(${key})`).click();
        }
        expect(code()).toHaveValue("047");
    });

    test("Enter submits, an empty nickname is left out", async () => {
        await openPanel(unpaired, {
            action_pair: (pairingCode, nickname) => {
                expect.step([pairingCode, nickname]);
                return confirming;
            },
        });
        await contains("input[name=pairing_nickname]").edit(" ", {confirm: false});
        await contains("input[name=pairing_code]").edit("000001", {confirm: "enter"});
        await animationFrame();
        expect.verifySteps([["000001", null]]);
        expect(".o_sci_pairing").toHaveAttribute("data-screen", "confirming");
    });

    test("without a code nothing is sent", async () => {
        await openPanel(unpaired, {action_pair: () => expect.step("pair")});
        await press("pair");
        expect("[role=alert]").toHaveText("Enter the code that the terminal shows.");
        expect.verifySteps([]);
    });

    test("is locked while working, and a double click pairs once", async () => {
        const answer = new Deferred();
        await openPanel(unpaired, {
            action_pair: () => {
                expect.step("pair");
                return answer;
            },
        });
        await contains("input[name=pairing_code]").edit("123456", {confirm: false});
        const form = queryOne("form");
        form.requestSubmit();
        form.requestSubmit();
        await animationFrame();
        expect("fieldset").toHaveProperty("disabled", true);
        expect("[role=status]").toHaveText("Contacting the terminal service…");
        expect(code()).toHaveValue("123456");
        answer.resolve(confirming);
        await animationFrame();
        expect.verifySteps(["pair"]);
    });

    for (const [errorCode, message] of [
        ["invalid_request", "Invalid request: pairing_code is invalid"],
        ["api_key_invalid", "API key is invalid"],
        ["api_key_missing", "API key is missing"],
        ["pairing_route_forbidden", "Pairing route is forbidden"],
        ["test_api_key_forbidden_for_live_pairing", "Test API key is forbidden"],
        ["pairing_not_found", "Pairing not found: Pairing not found"],
        ["pairing_not_initial", "Pairing is not in its initial state"],
        ["no_answer", NETWORK_SENTENCE],
    ]) {
        test(`${errorCode}: the API's text, what to do, and what was typed`, async () => {
            const failed = error(errorCode, message, "Do this next.");
            await openPanel(unpaired, {action_pair: {...unpaired, error: failed}});
            await contains("input[name=pairing_nickname]").edit("Bar", {
                confirm: false,
            });
            await contains("input[name=pairing_code]").edit("0999", {confirm: false});
            await press("pair");
            expect("[role=alert]").toHaveText(`${message}\nDo this next.`);
            expect(code()).toHaveValue("0999");
            expect(code()).toBeFocused();
            expect("input[name=pairing_nickname]").toHaveValue("Bar");
            expect("button[name=pair]").toBeEnabled();
        });
    }

    test("Odoo out of reach: the network sentence, then it catches up", async () => {
        await openPanel(unpaired, {action_pair: gone, check_pairing: gone});
        await contains("input[name=pairing_code]").edit("123456", {confirm: false});
        await press("pair");
        expect("[role=alert]").toHaveText(new RegExp(NETWORK_SENTENCE));
        expect(code()).toHaveValue("123456");
        await advanceTime(CHECK_AGAIN_AFTER);
        expect("[role=alert]").toHaveCount(1);
        // The pairing had begun all the same, only its answer did not arrive
        serve({check_pairing: confirming});
        await advanceTime(CHECK_AGAIN_AFTER);
        await animationFrame();
        expect("[role=alert]").toHaveCount(0);
        expect(".o_sci_confirmation_code").toHaveText("0482");
    });

    test("a refusal of Odoo is shown in its own words", async () => {
        await openPanel(unpaired, {
            action_pair: () => {
                throw makeServerError({message: "A payment is not finished yet."});
            },
        });
        await contains("input[name=pairing_code]").edit("123456", {confirm: false});
        await press("pair");
        expect("[role=alert]").toHaveText("A payment is not finished yet.");
    });

    test("without credentials it says who has to do what", async () => {
        await openPanel({
            ...unpaired,
            credentials_error: "Set MX51_SCI_PAIRING_API_KEY on the server.",
        });
        expect("[role=alert]").toHaveText(
            "Set MX51_SCI_PAIRING_API_KEY on the server."
        );
        expect("input").toHaveCount(0);
    });

    test("a copy of the database is said once, and shown as no success", async () => {
        const text = "This is a copy of the database that Counter was paired in.";
        await openPanel(
            {...paired, is_copy: true, credentials_error: text},
            {
                check_pairing: {
                    ...paired,
                    is_copy: true,
                    credentials_error: text,
                    error: {code: "other_database", message: text, hint: ""},
                },
            }
        );
        expect("[role=alert]").toHaveCount(1);
        expect("[role=alert]").toHaveText(text);
        expect(".alert-success").toHaveCount(0);
    });

    test("who may not pair is sent to a manager", async () => {
        await openPanel({...unpaired, can_pair: false});
        expect(".o_sci_pairing").toHaveText(/Ask a manager to pair it/);
        expect("input, button").toHaveCount(0);
    });

    test("a sandbox is named on every screen", async () => {
        const sandbox = {sandbox: true};
        await openPanel(
            {...unpaired, ...sandbox},
            {
                action_pair: {...confirming, ...sandbox},
                action_test: {...paired, ...sandbox},
            }
        );
        expect(".o_sci_sandbox").toHaveCount(1);
        await contains("input[name=pairing_code]").edit("123456", {confirm: false});
        await press("pair");
        expect(".o_sci_confirmation_code + *").toHaveCount(1);
        expect(".o_sci_sandbox").toHaveCount(1);
        await press("test");
        expect(".o_sci_success").toHaveCount(1);
        expect(".o_sci_sandbox").toHaveCount(1);
    });
});

describe("removed on the terminal", () => {
    test("is noticed when the screen opens", async () => {
        await openPanel(paired, {
            check_pairing: {...unpaired, error: NO_PAIRING},
        });
        expect(".o_sci_error.alert-danger").toHaveText(
            "No active pairings found\nThe pairing was removed on the terminal. Start a " +
                "new pairing on the terminal and enter the code here."
        );
        expect("button[name=pair]").toBeEnabled();
        expect(".o_sci_success").toHaveCount(0);
    });
});

describe("paired", () => {
    test("shows the pairing, and who uses it", async () => {
        await openPanel(paired);
        expect(".o_sci_success").toHaveText("This terminal is paired.");
        const details = queryFirst(".o_sci_details").innerText;
        for (const text of ["Front Bar", "pid_1", "10000001", "Terminal 1", "Card"]) {
            expect(details).toInclude(text);
        }
        expect("button[name=forget]").toHaveCount(0);
    });

    test("can be tested again", async () => {
        await openPanel(paired, {action_test: paired});
        await press("test");
        expect(".o_sci_status").toHaveText("Tested: the pairing is active.");
    });

    test("a check without an answer keeps the pairing", async () => {
        const failed = error("no_answer", NETWORK_SENTENCE);
        await openPanel(paired, {check_pairing: {...paired, error: failed}});
        expect("[role=alert]").toHaveText(NETWORK_SENTENCE);
        expect(".o_sci_success").toHaveCount(1);
    });

    test("Unpair asks first", async () => {
        await openPanel(paired, {
            action_unpair: () => {
                expect.step("unpair");
                return unpaired;
            },
        });
        await press("unpair");
        expect(".modal-body").toHaveText(/Counter cannot take card payments/);
        await contains(".modal-footer button:contains(Cancel)").click();
        expect.verifySteps([]);
        await press("unpair");
        await contains(".modal-footer button:contains(Unpair)").click();
        await animationFrame();
        expect.verifySteps(["unpair"]);
        expect(".o_sci_pairing").toHaveAttribute("data-screen", "unpaired");
    });

    test("an unpair without an answer offers to forget it here only", async () => {
        const failed = error("no_answer", NETWORK_SENTENCE);
        await openPanel(paired, {
            action_unpair: {...paired, error: failed, can_forget: true},
            action_forget: () => {
                expect.step("forget");
                return unpaired;
            },
        });
        await press("unpair");
        await contains(".modal-footer button:contains(Unpair)").click();
        await animationFrame();
        expect("[role=alert]").toHaveText(NETWORK_SENTENCE);
        expect(".o_sci_success").toHaveCount(1);
        await press("forget");
        expect(".modal-body").toHaveText(/Unpair it on the terminal as well/);
        await contains(".modal-footer button:contains(Forget here only)").click();
        await animationFrame();
        expect.verifySteps(["forget"]);
        expect(".o_sci_pairing").toHaveAttribute("data-screen", "unpaired");
    });

    test("who may not pair sees it and can't touch it", async () => {
        await openPanel({...paired, can_pair: false});
        expect(".o_sci_success").toHaveCount(1);
        expect("button[name]").toHaveCount(0);
    });
});

test("in the POS it is a dialog that Escape closes", async () => {
    serve({pairing_view: unpaired, check_pairing: unpaired});
    await setupPosEnv();
    await mountWithCleanup(MainComponentsContainer, {noMainContainer: true});
    getService("dialog").add(PairingDialog, {terminalId: 7});
    await animationFrame();
    expect(".modal .o_sci_pairing").toHaveCount(1);
    expect(code()).toBeFocused();
    await pressKey("Escape");
    await animationFrame();
    expect(".modal").toHaveCount(0);
});
