import {Component, onWillStart, useState} from "@odoo/owl";
import {Layout} from "@web/search/layout";
import {SciFindings} from "./sci_findings";
import {SciNewPairing} from "./sci_new_pairing";
import {registry} from "@web/core/registry";
import {standardActionServiceProps} from "@web/webclient/actions/action_service";
import {useService} from "@web/core/utils/hooks";

/**
 * From nothing to a card payment: pair a terminal, tick its registers, take a test
 * payment. Each touch is kept at once, so it may be left and opened again at any time.
 */
export class SciSetUp extends Component {
    static template = "pos_mx51_sci.SciSetUp";
    static components = {Layout, SciFindings, SciNewPairing};
    static props = {...standardActionServiceProps};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = {controlPanel: {}};
        this.state = useState({
            overview: false,
            // The terminal to pair now, `{id, name}`; false where none is left
            next: false,
            // Counts the terminals: each gets a pairing screen of its own
            round: 0,
            failure: "",
        });
        onWillStart(async () => {
            const wanted = this.props.action.params?.config_id || null;
            await this.ask("overview", [wanted]);
            this.state.next = this.state.overview && this.state.overview.next;
        });
    }

    get overview() {
        return this.state.overview;
    }

    get paired() {
        return this.overview.terminals.filter(({state}) => state === "paired");
    }

    /** What to press next has the one primary button: Pair, this one's test payment, or
     * Done. */
    get toTest() {
        return !this.state.next && this.paired.find((terminal) => !terminal.has_paid);
    }

    get isDone() {
        return !this.state.next && !this.toTest;
    }

    registersOf(terminal) {
        return this.overview.registers.filter((it) => it.terminal_id === terminal.id);
    }

    /** Odoo adds payment methods to closed registers only. */
    isLocked(register) {
        return register.is_open && !register.takes_cards;
    }

    another() {
        this.setNext({id: false, name: this.overview.another});
    }

    setNext(next) {
        this.state.next = next;
        this.state.round++;
    }

    /** Odoo has answered an action of the pairing screen. */
    async onPairingChanged(view) {
        if (view.state === "paired") {
            await this.ask("paired", [view.id]);
            this.setNext(this.overview.next);
        }
    }

    async tick(terminal, register, box) {
        await this.ask("tick", [terminal.id, register.id, box.checked]);
        if (this.state.failure) {
            box.checked = !box.checked;
        }
    }

    /** A test payment is a sale like any other: at the register, with all its guards. */
    async openRegister(terminal) {
        const [register] = this.registersOf(terminal);
        const action = await this.orm.call("pos.config", "open_ui", [[register.id]]);
        return this.action.doAction(action);
    }

    open(name) {
        return this.action.doAction(name);
    }

    async ask(method, args) {
        this.state.failure = "";
        try {
            this.state.overview = await this.orm.call("pos.sci.set.up", method, args);
            this.state.failure = this.overview.problem || "";
        } catch (error) {
            if (!error.data?.message) {
                throw error;
            }
            this.state.failure = error.data.message;
        }
    }
}

registry.category("actions").add("pos_mx51_sci.set_up", SciSetUp);
