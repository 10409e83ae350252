import {Component, xml} from "@odoo/owl";
import {
    contains,
    makeServerError,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import {describe, expect, test} from "@odoo/hoot";
import {SciSetUp} from "@pos_mx51_sci/backend/sci_set_up";
import {animationFrame} from "@odoo/hoot-mock";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {queryOne} from "@odoo/hoot-dom";
import {setupPosEnv} from "@point_of_sale/../tests/unit/utils";
import {confirming, paired, unpaired} from "../data/pairing_views";

describe.current.tags("desktop");
// The services of the POS are in the same bundle and ask for its models
definePosModels();

class ControlPanel extends Component {
    static template = xml``;
    static props = ["*"];
}

const FORM = {...unpaired, id: false, name: "", suggested_nickname: ""};
const register = (id, name, changes = {}) => ({
    id,
    name,
    terminal_id: false,
    terminal: "",
    takes_cards: false,
    is_open: false,
    ...changes,
});
const NOTHING = {
    terminals: [],
    registers: [register(1, "Front Bar"), register(2, "Bistro")],
    next: {id: false, name: "Front Bar"},
    another: "Terminal 1",
    keepers: "",
    form: FORM,
    findings: [
        {key: "terminals", state: "warning", title: "Terminals", text: "", detail: ""},
    ],
    is_administrator: false,
};
const ONE = {
    ...NOTHING,
    terminals: [{id: 7, name: "Front Bar", state: "paired", has_paid: false}],
    registers: [
        register(1, "Front Bar", {
            terminal_id: 7,
            terminal: "Front Bar",
            takes_cards: true,
        }),
        register(2, "Bistro"),
    ],
    next: {id: false, name: "Bistro"},
};

/** Opens the screen; each call of the server is a step. */
async function open(overview, answers = {}, params = {}) {
    const serve = (model, method, answer) =>
        onRpc(model, method, ({args}) => {
            const called = typeof answer === "function" ? answer(...args) : answer;
            expect.step(`${method} ${JSON.stringify(args)}`);
            return called;
        });
    serve("pos.sci.set.up", "overview", overview);
    for (const method of ["paired", "tick", "name_terminal"]) {
        serve("pos.sci.set.up", method, answers[method]);
    }
    for (const method of ["action_pair", "action_test", "check_pairing"]) {
        serve("pos.sci.terminal", method, answers[method]);
    }
    onRpc("pos.sci.terminal", "pairing_view", () => answers.pairing_view);
    await setupPosEnv();
    await mountWithCleanup(SciSetUp, {
        props: {action: {params}, actionId: 1, className: ""},
        componentEnv: {config: {ControlPanel}},
    });
    await animationFrame();
}

test("the first terminal: name, code, confirmation, registers", async () => {
    await open(NOTHING, {
        name_terminal: 7,
        action_pair: confirming,
        check_pairing: {...confirming, confirmed: true},
        action_test: paired,
        paired: ONE,
    });
    expect.verifySteps(["overview [null]"]);
    expect("input[name=terminal_name]").toHaveValue("Front Bar");
    expect("input[name=pairing_nickname]").toHaveValue("Front Bar");
    expect("input[name=pairing_code]").toBeFocused();
    expect("[data-key=terminals]").toHaveAttribute("data-state", "warning");
    await contains("input[name=pairing_code]").edit("012345", {confirm: "enter"});
    await animationFrame();
    expect.verifySteps([
        'name_terminal ["Front Bar",null]',
        'action_pair [[7],"012345","Front Bar"]',
    ]);
    expect(".o_sci_confirmation_code").toHaveText("0482");
    await contains("button[name=test]").click();
    await animationFrame();
    expect.verifySteps(["action_test [[7]]", "paired [7]"]);
    expect(".o_sci_paired[data-terminal='Front Bar']").toHaveText(
        /Front Bar is paired/
    );
    expect("input[type=checkbox][name='Front Bar']").toBeChecked();
    expect("input[type=checkbox][name='Bistro']").not.toBeChecked();
    expect("button[name=test_payment]").toHaveCount(1);
    // The next one is asked for at once
    expect("input[name=terminal_name]").toHaveValue("Bistro");
    expect("input[name=pairing_code]").toHaveValue("");
});

test("another name is the pairing nickname, unless somebody typed one", async () => {
    await open(NOTHING);
    await contains("input[name=terminal_name]").edit("Counter", {confirm: false});
    expect("input[name=pairing_nickname]").toHaveValue("Counter");
    await contains("input[name=pairing_nickname]").edit("Till 1", {confirm: false});
    await contains("input[name=terminal_name]").edit("Desk", {confirm: false});
    expect("input[name=pairing_nickname]").toHaveValue("Till 1");
    expect.verifySteps(["overview [null]"]);
});

test("a wrong code: the same terminal is tried again, under its new name", async () => {
    const wrong = {...unpaired, error: {code: "pairing_not_found", message: "Wrong"}};
    await open(NOTHING, {name_terminal: 7, action_pair: wrong});
    await contains("input[name=pairing_code]").edit("1", {confirm: "enter"});
    await animationFrame();
    expect(".o_sci_error").toHaveText(/Wrong/);
    await contains("input[name=terminal_name]").edit("Counter", {confirm: false});
    await contains("button[name=pair]").click();
    expect.verifySteps([
        "overview [null]",
        'name_terminal ["Front Bar",null]',
        'action_pair [[7],"1","Front Bar"]',
        'name_terminal ["Counter",7]',
        'action_pair [[7],"1","Counter"]',
    ]);
});

test("each tick is kept at once", async () => {
    const ticked = {
        ...ONE,
        registers: [ONE.registers[0], register(2, "Bistro", {is_open: true})],
        next: false,
    };
    await open(ONE, {tick: ticked});
    await contains("input[type=checkbox][name=Bistro]").click();
    expect.verifySteps(["overview [null]", "tick [7,2,true]"]);
    expect("input[type=checkbox][name=Bistro]").not.toBeEnabled();
    expect(".o_sci_paired").toHaveText(/open; close it first/);
});

test("what Odoo refuses is said, and not ticked", async () => {
    const message = "Bistro is open.";
    const refuse = () => {
        throw makeServerError({message, type: "UserError"});
    };
    await open(ONE, {tick: refuse});
    await contains("input[type=checkbox][name=Bistro]").click();
    await animationFrame();
    expect("input[type=checkbox][name=Bistro]").not.toBeChecked();
    expect(".o_sci_set_up [role=alert]").toHaveText(message);
    expect.verifySteps(["overview [null]"]);
});

test("a copy of the database is not shown as paired", async () => {
    const [terminal] = ONE.terminals;
    await open({...ONE, terminals: [{...terminal, is_copy: true}]});
    expect.verifySteps(["overview [null]"]);
    expect(".o_sci_paired h2").toHaveText("Front Bar: copy of the database");
    expect(".o_sci_paired .text-success").toHaveCount(0);
});

test("what the server could not do is said, and the terminal is paired", async () => {
    const problem = "The shop has no bank journal.";
    await open(NOTHING, {
        name_terminal: 7,
        action_pair: paired,
        paired: {...ONE, problem},
    });
    await contains("input[name=pairing_code]").edit("1", {confirm: "enter"});
    await animationFrame();
    expect("[role=alert]").toHaveText(problem);
    expect(".o_sci_paired").toHaveCount(1);
    expect.verifySteps([
        "overview [null]",
        'name_terminal ["Front Bar",null]',
        'action_pair [[7],"1","Front Bar"]',
        "paired [7]",
    ]);
});

test("with a terminal at each register, one more may be set up", async () => {
    const terminals = [...ONE.terminals, {...ONE.terminals[0], id: 8, name: "Bistro"}];
    const registers = [ONE.registers[0], register(2, "Bistro", {terminal_id: 8})];
    await open({...ONE, terminals, registers, next: false});
    expect(".o_sci_next").toHaveCount(0);
    expect("button[name=test_payment]").toHaveCount(2);
    expect("button[name=test_payment].btn-primary").toHaveCount(1);
    expect(".btn-primary").toHaveCount(1);
    await contains("button[name=another]").click();
    expect("input[name=terminal_name]").toHaveValue("Terminal 1");
    expect.verifySteps(["overview [null]"]);
});

test("a pairing that has begun goes on", async () => {
    await open(
        {...NOTHING, next: {id: 7, name: "Counter"}},
        {pairing_view: confirming, check_pairing: confirming},
        {config_id: 2}
    );
    expect.verifySteps(["overview [2]", "check_pairing [[7]]"]);
    expect(".o_sci_confirmation_code").toHaveText("0482");
    expect(queryOne("input[name=terminal_name]").value).toBe("Counter");
});

test("once a card has paid, no test payment is asked for", async () => {
    const terminals = [{...ONE.terminals[0], has_paid: true}];
    await open({...ONE, terminals, next: false});
    expect("button[name=test_payment]").toHaveCount(0);
    expect("button[name=done]").toHaveClass("btn-primary");
    expect(".o_sci_paired").toHaveText(/A card has paid with it/);
    expect.verifySteps(["overview [null]"]);
});
