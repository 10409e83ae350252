import {Component, xml} from "@odoo/owl";
import {Deferred, advanceTime, animationFrame} from "@odoo/hoot-mock";
import {LONGEST_WAIT, SciSetupCheck} from "@pos_mx51_sci/backend/sci_setup_check";
import {describe, expect, test} from "@odoo/hoot";
import {mountWithCleanup, onRpc} from "@web/../tests/web_test_helpers";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {setupPosEnv} from "@point_of_sale/../tests/unit/utils";

describe.current.tags("desktop");
// The services of the POS are in the same bundle and ask for its models
definePosModels();

class ControlPanel extends Component {
    static template = xml``;
    static props = ["*"];
}

/** Opens the screen; what the server is told of `/websocket` is a step. */
async function open(way) {
    onRpc("/websocket/mx51_sci/way", () => way);
    onRpc("pos.sci.support", "check_setup", ({kwargs}) => {
        const {way: seen, problem} = kwargs;
        expect.step(JSON.stringify({way: seen, problem}));
        return [{key: "waiting", state: "ok", title: "Waiting", text: "", detail: ""}];
    });
    await setupPosEnv();
    await mountWithCleanup(SciSetupCheck, {
        props: {action: {}, actionId: 1, className: ""},
        componentEnv: {config: {ControlPanel}},
    });
    await animationFrame();
}

test("the server is told which process has answered", async () => {
    await open("evented");
    expect.verifySteps(['{"way":"evented"}']);
    await advanceTime(LONGEST_WAIT);
    expect("[data-key=waiting]").toHaveAttribute("data-state", "ok");
    expect.verifySteps([]);
});

test("a request that a proxy swallows ends in time", async () => {
    await open(new Deferred());
    await advanceTime(LONGEST_WAIT - 1000);
    expect(".btn-primary").not.toBeEnabled();
    expect.verifySteps([]);
    await advanceTime(1000);
    await animationFrame();
    expect.verifySteps(['{"problem":0}']);
    expect(".btn-primary").toBeEnabled();
});

test("the server is told what a proxy answers instead", async () => {
    await open(new Response("<h1>Bad Gateway</h1>", {status: 502}));
    expect.verifySteps(['{"problem":502}']);
});
