import {beforeEach, describe, expect, test, waitFor} from "@odoo/hoot";
import {
    contains,
    makeServerError,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import {MainComponentsContainer} from "@web/core/main_components_container";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {setupSciPos} from "../helpers/pos_setup";
import {unpaired} from "../data/pairing_views";

definePosModels();

describe("with pos_hr, on anybody's device", () => {
    test.tags("desktop");
    let world = null;

    function employ(...value) {
        const {models} = world.pos;
        Object.defineProperty(models, "hr.employee", {value, configurable: true});
    }

    beforeEach(async () => {
        world = await setupSciPos();
        const {pos, sci} = world;
        sci.terminals.canPair = false;
        pos.config.module_pos_hr = true;
        patchWithCleanup(pos, {getCashier: () => ({_role: "cashier"})});
        employ({id: 2, name: "Morgan", _role: "manager"});
        await mountWithCleanup(MainComponentsContainer);
    });

    function answer(result) {
        onRpc("pos.config", "sci_pairing", ({args: [ids, ...args]}) => {
            expect(ids).toEqual([world.pos.config.id]);
            expect.step(args.join());
            return result();
        });
    }

    async function openByPin() {
        world.sci.status.openPairing(4);
        await contains(".modal .numpad button:contains(1)").click();
        await contains(".modal-footer .btn-primary", {visible: false}).click();
    }

    test("a manager's PIN pairs", async () => {
        answer(() => ({...unpaired, id: 4}));
        await openByPin();
        await contains("input[name=pairing_code]").edit("123456", {confirm: false});
        await contains("button[name=pair]").click();
        await animationFrame();
        expect.verifySteps([
            "4,pairing_view,2,1",
            "4,pairing_view,2,1",
            "4,check_pairing,2,1",
            `4,action_pair,2,1,123456,${unpaired.suggested_nickname}`,
        ]);
    });

    test("a wrong one opens nothing", async () => {
        answer(() => {
            throw makeServerError({message: "Wrong PIN. Please try again."});
        });
        await openByPin();
        await waitFor(".modal:contains(Wrong PIN)");
        expect("input[name=pairing_code]").toHaveCount(0);
        expect.verifySteps(["4,pairing_view,2,1"]);
    });

    test("where nobody is a manager, that is said", async () => {
        employ();
        world.sci.status.openPairing(4);
        await waitFor(".modal:contains(Only a manager may pair terminals.)");
    });
});
