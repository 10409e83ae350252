import {ROWS, makeView} from "../data/ledger_rows";
import {beforeEach, describe, expect, test} from "@odoo/hoot";
import {PROBLEM} from "@pos_mx51_sci/app/follow/sci_transport";
import {lineText} from "@pos_mx51_sci/app/display/texts";
import {patchTranslations} from "@web/../tests/web_test_helpers";

const NOW = 1000000;

const NO_CONNECTION = {code: PROBLEM.noConnection, message: ""};

function follow(view, changes = {}) {
    return {phase: "following", answeredAt: NOW, error: view.error, view, ...changes};
}

function end(view, changes = {}) {
    const {paid, error} = view;
    return {phase: "ended", answeredAt: NOW, paid, error, view, ...changes};
}

beforeEach(() => patchTranslations());

describe("the text of a payment line", () => {
    test.tags("desktop");
    const LOST =
        "Connection to Odoo lost. The terminal may still be taking the payment; " +
        "this screen will catch up.";
    for (const [title, sci, text, hint] of [
        ["before anything is known", {phase: "starting"}, "Checking the terminal"],
        ["draft", follow(ROWS.draft), "Checking the terminal"],
        ["sending", follow(ROWS.sending), "Sending to Front Bar"],
        ["pending, no message yet", follow(ROWS.pending), "Waiting for Front Bar"],
        ["mx51's message", follow(makeView({message: "Present card"})), "Present card"],
        [
            "the cashier's turn",
            follow({...ROWS.awaiting, message: "Signature required"}),
            "Waiting for the cashier: Signature required",
        ],
        ["silence", follow(makeView({silent_for: 40})), "No answer for 40 s"],
        [
            "silence with a cause",
            follow({
                ...makeView({silent_for: 40}),
                error: {code: "x", hint: "Ask Ann."},
            }),
            "No answer for 40 s",
            "Ask Ann.",
        ],
        [
            "a copy of the database",
            follow(
                makeView({
                    error: {code: "other_database", message: "A copy.", hint: ""},
                    cancel_requested: true,
                    cancel_state: "refused",
                })
            ),
            "A copy.",
        ],
        [
            "another pairing",
            follow(
                makeView({
                    error: {code: "other_pairing", message: "It changed.", hint: ""},
                })
            ),
            "It changed.",
        ],
        [
            "cancelling",
            follow(makeView({cancel_requested: true})),
            "Cancelling on Front Bar",
        ],
        [
            "the cancel is not confirmed",
            follow(makeView({cancel_requested: true, cancel_state: "no_answer"})),
            "Cancelling on Front Bar",
            "The terminal has not confirmed the cancel. Press Cancel again.",
        ],
        [
            "the cancel has not reached the terminal",
            follow(makeView({cancel_requested: true, cancel_state: "refused"})),
            "Cancelling on Front Bar",
            "The terminal could not be asked to cancel. It is asked again.",
        ],
        [
            "cancel requested",
            follow(makeView(), {cancelRequested: true}),
            "Cancelling on Front Bar",
        ],
        ["connection lost", follow(ROWS.pending, {problem: NO_CONNECTION}), LOST],
        [
            "connection lost before the row is known",
            {phase: "starting", problem: NO_CONNECTION},
            LOST,
        ],
        [
            "logged out",
            follow(ROWS.pending, {problem: {code: PROBLEM.loggedOut}}),
            "You are logged out of Odoo. Reload this page and log in again: the " +
                "terminal may still be taking the payment.",
        ],
        [
            "cancel requested before anything is known",
            {phase: "starting", cancelRequested: true},
            "Cancelling",
        ],
        ["unknown", follow(ROWS.unknown), "No answer from Front Bar"],
        ["final, but unknown", follow(ROWS.final_unknown), "No answer from Front Bar"],
        [
            "approved",
            end(makeView({paid: true, message: "APPROVED 00"})),
            "APPROVED 00",
        ],
        ["declined", end(makeView({message: "DECLINED 051"})), "DECLINED 051"],
        [
            "declined, with a code that is known",
            end(makeView({message: "(051) DECLINED"})),
            "(051) DECLINED",
            "The customer's bank does not accept this. Ask for another card.",
        ],
        [
            "not connected while it runs",
            follow(makeView({error: {code: "device_not_connected", message: "Retry"}})),
            "Front Bar is not connected",
            "Check its power and network. The payment may still be running; this " +
                "screen goes on by itself.",
        ],
        ["not sent", end(ROWS.not_sent), "Busy.", "Nothing was charged."],
        [
            "refused by Odoo",
            {phase: "ended", error: {code: "refused", message: "No."}},
            "No.",
        ],
    ]) {
        test(title, () => {
            expect(lineText(sci, NOW).text).toBe(text);
            if (hint) {
                expect(lineText(sci, NOW).hint).toBe(hint);
            }
        });
    }

    test("a lost pairing: the required words, what was charged, what to do", () => {
        const error = {
            code: "no_active_pairings_found",
            message: "No active pairings found",
            hint: "Pair it again.",
        };
        const said = lineText(end(makeView({status: "not_sent", error})), NOW);
        expect(said.text).toBe("No active pairings found");
        expect(said.hint).toBe("Nothing was charged. Pair it again.");
    });

    test("of what a person has answered: no advice to try again", () => {
        const error = {code: "no_answer", message: "Check the network and try again"};
        const sci = end({...ROWS.unknown_overridden_no, error});
        expect(lineText(sci, NOW).hint).toBe("");
    });

    test("nothing is said twice", () => {
        const error = {code: "x", message: "Cancelled. Nothing was charged."};
        expect(lineText(end(makeView({status: "not_sent", error})), NOW).hint).toBe("");
    });

    test("silence and elapsed time go on while no answer comes", () => {
        const sci = follow(makeView({silent_for: 20, elapsed: 8}));
        expect(lineText(sci, NOW).text).toBe("Waiting for Front Bar");
        expect(lineText(sci, NOW).elapsed).toBe(0);
        const later = lineText(sci, NOW + 10000);
        expect(later.text).toBe("No answer for 30 s");
        expect(later.elapsed).toBe(18);
    });
});
