import {Deferred, after, describe, expect, test} from "@odoo/hoot";
import {PRINTED, awaiting, news, pay, setupDialog} from "../helpers/dialog_setup";
import {SIGNATURE} from "../data/action_forms";
import {ROWS} from "../data/ledger_rows";
import {animationFrame} from "@odoo/hoot-mock";
import {assets} from "@web/core/assets";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {openLazyDialog} from "@pos_mx51_sci/app/display/lazy_dialogs";
import {patchWithCleanup} from "@web/../tests/web_test_helpers";
import {registry} from "@web/core/registry";

definePosModels();

const components = registry.category("lazy_components");

const services = {
    dialog: {add: (component, props) => expect.step([component.name, props])},
    notification: {add: (text, {type}) => expect.step(`${type}: ${text}`)},
};

/** The bundle has not been loaded yet; it arrives with the promise `comes`. */
function delay(name, comes) {
    const component = components.get(name);
    components.remove(name);
    after(() => components.add(name, component, {force: true}));
    patchWithCleanup(assets, {
        async loadBundle(bundle) {
            expect(bundle).toBe("pos_mx51_sci.assets_dialogs");
            await comes;
            components.add(name, component);
        },
    });
    return component;
}

describe("a dialog that is loaded after the start of the POS", () => {
    test.tags("desktop");

    test("is loaded when it is opened", async () => {
        delay("SciReceiptsDialog");
        await openLazyDialog(services, "SciReceiptsDialog", {rows: []});
        expect.verifySteps([["SciReceiptsDialog", {rows: []}]]);
    });

    test("that cannot be had: says so, and is tried again", async () => {
        await setupDialog();
        const component = delay("PairingDialog", Promise.reject(new Error("gone")));
        await openLazyDialog(services, "PairingDialog", {});
        expect.verifySteps([
            "danger: Odoo did not answer. Check the connection and try again.",
        ]);
        patchWithCleanup(assets, {
            loadBundle: async () => components.add("PairingDialog", component),
        });
        await openLazyDialog(services, "PairingDialog", {terminalId: 7});
        expect.verifySteps([["PairingDialog", {terminalId: 7}]]);
    });

    test("holds no payment up, and opens once it is there", async () => {
        const world = await setupDialog();
        const loaded = new Deferred();
        delay("SciTransactionDialog", loaded);
        await pay(world, ROWS.pending);
        expect(world.line.payment_status).toBe("waitingCard");
        expect(".modal").toHaveCount(0);
        loaded.resolve();
        await animationFrame();
        expect(".modal .o_sci_amount").toHaveCount(1);
    });

    test("automatic actions wait for it, and run once", async () => {
        const world = await setupDialog();
        const loaded = new Deferred();
        delay("SciTransactionDialog", loaded);
        const functions = registry.category("pos_mx51_sci.dialogs");
        const parse = functions.get("parseInstructions");
        functions.remove("parseInstructions");
        after(() => functions.add("parseInstructions", parse, {force: true}));
        await pay(world, ROWS.awaiting, awaiting(SIGNATURE));
        expect.verifySteps([]);
        functions.add("parseInstructions", parse);
        loaded.resolve();
        await animationFrame();
        expect.verifySteps([PRINTED.MERCHANT]);
        await news(world, ROWS.awaiting, awaiting(SIGNATURE));
        expect.verifySteps([]);
    });
});
