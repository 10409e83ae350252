import {animationFrame} from "@odoo/hoot-mock";
import {queryOne} from "@odoo/hoot-dom";
import {expect} from "@odoo/hoot";
import {contains, mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {PairingPanel} from "@pos_mx51_sci/pairing/pairing_panel";
import {setupPosEnv} from "@point_of_sale/../tests/unit/utils";

export const NETWORK_SENTENCE =
    "Please check network and terminal connections and try again";
export const NO_PAIRING = {
    code: "no_active_pairings_found",
    message: "No active pairings found",
    hint: false,
};

/** What the browser sees when Odoo does not answer. */
export const gone = () => new Response("", {status: 502});

/** Lets the server answer; a function is called with the method's own arguments. */
export function serve(answers) {
    for (const [method, answer] of Object.entries(answers)) {
        onRpc("pos.sci.terminal", method, ({args}) => {
            const [ids, ...rest] = args;
            expect(ids).toEqual([7]);
            return typeof answer === "function" ? answer(...rest) : answer;
        });
    }
}

/** Opens the panel where the server has `view`, also after its check. */
export async function openPanel(view, answers = {}) {
    serve({pairing_view: view, check_pairing: view, ...answers});
    await setupPosEnv();
    await mountWithCleanup(PairingPanel, {props: {terminalId: 7}});
    await animationFrame();
}

export const error = (code, message, hint = false) => ({code, message, hint});
export const press = (name) => contains(`button[name=${name}]`).click();
export const code = () => queryOne("input[name=pairing_code]");
