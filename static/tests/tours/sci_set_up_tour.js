import {cookie} from "@web/core/browser/cookie";
import {registry} from "@web/core/registry";

/** Touches for a terminal and its register, the confirmation on the terminal included. */
const MOST = {first: 8, next: 4};
let touches = 0;

/** One touch of a person. */
function touch(content, trigger, run = "click") {
    return {
        content,
        trigger,
        async run(helpers) {
            touches++;
            await (typeof run === "function" ? run(helpers) : helpers[run]());
        },
    };
}

function see(content, trigger) {
    return {content, trigger};
}

/** @param {"first" | "next"} which */
function countTouches(which) {
    return {
        content: `${which} register: at most ${MOST[which]} touches`,
        trigger: ".o_sci_set_up",
        run() {
            if (touches > MOST[which]) {
                throw new Error(`${touches} touches for the ${which} register`);
            }
            touches = 0;
        },
    };
}

/**
 * @param {String} name of the register and the terminal beside it
 * @param {String} code the cookie in which the test has put the terminal's code
 */
function setUp(name, code) {
    const box = `.o_sci_paired[data-terminal="${name}"] input[name="${name}"]:checked`;
    return [
        see(
            "it is called as its register",
            `.o_sci_set_up:has(input[name=pairing_nickname]:value(${name}))`
        ),
        touch(
            "type the code that the terminal shows",
            ".o_sci_next input[name=pairing_code]",
            ({anchor}) => {
                anchor.value = cookie.get(code);
                anchor.dispatchEvent(new Event("input", {bubbles: true}));
            }
        ),
        touch("pair", ".o_sci_next button[name=pair]"),
        touch(
            "compare the codes, and confirm on the terminal",
            ".o_sci_confirming:contains(Confirmed on the terminal)",
            () => {
                // The test's merchant has done it
            }
        ),
        touch("test the pairing", ".o_sci_next button[name=test]"),
        see("paired, and ticked for its register", box),
    ];
}

registry.category("web_tour.tours").add("pos_mx51_sci.set_up", {
    steps: () => [
        see("nothing is paired yet", '[data-key="terminals"][data-state="warning"]'),
        ...setUp("Front Bar", "sci_code_front_bar"),
        see("what is left is a test payment", "button[name=test_payment]"),
        countTouches("first"),
        ...setUp("Bistro", "sci_code_bistro"),
        countTouches("next"),
        see("nothing is left to pair", '[data-key="terminals"][data-state="ok"]'),
        touch("done", "button[name=done]"),
        see(
            "the dashboard says so",
            ".o_kanban_record:contains(Bistro) .o_sci_summary:contains(Bistro paired)"
        ),
    ],
});
