import {describe, expect, mockDate, test} from "@odoo/hoot";
import {definePosModels} from "@point_of_sale/../tests/unit/data/generate_model_definitions";
import {setupPosEnv} from "@point_of_sale/../tests/unit/utils";
import {terminalState} from "@pos_mx51_sci/app/status/terminal_state";

definePosModels();

const FRONT_BAR = {id: 3, name: "Front Bar", state: "paired", busy: false};

describe("what a register says of a terminal", () => {
    test.tags("desktop");

    const STATES = {
        "none: no terminal": undefined,
        "paired: paired": {},
        "unpaired: not paired": {state: "unpaired", not_connected_since: "2026-01-01"},
        "confirming: pairing not finished": {state: "confirming"},
        "copy: copy of the database": {is_of_other_database: true, busy: "Bar"},
        "busy: taking a payment": {busy: "Bar", doing: "purchase"},
        "busy: paying a refund": {busy: "Bar", doing: "refund"},
        "busy: busy: Bistro": {busy: "Bistro", doing: "refund"},
        "busy: closing the day at the bank": {doing: "settlement"},
        "busy: reading its totals": {doing: "enquiry"},
        "busy: being paired or unpaired": {doing: "pairing"},
        "lost: not connected since 13:32": {
            not_connected_since: "2026-03-10 12:32:05",
            busy: "Bar",
        },
        "lost: not connected since 03/09/2026 23:05": {
            not_connected_since: "2026-03-09 22:05:00",
        },
    };

    for (const [expected, changes] of Object.entries(STATES)) {
        test(expected, async () => {
            mockDate("2026-03-10 15:00:00", +1);
            await setupPosEnv();
            const terminal = changes && {...FRONT_BAR, ...changes};
            const {key, text, icon, tone} = terminalState(terminal, "Bar");
            expect(`${key}: ${text}`).toBe(expected);
            expect(icon).toInclude("fa-");
            expect(tone).not.toBeEmpty();
        });
    }
});
