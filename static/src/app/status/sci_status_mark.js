import {runningPayments, waitsFor} from "./running_payments";
import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {terminalState} from "./terminal_state";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/**
 * The register's terminal in the navbar, on every screen: its state, and the card
 * payments that run. A press opens the panel behind it.
 */
export class SciStatusMark extends Component {
    static template = "pos_mx51_sci.SciStatusMark";
    static props = {};

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
    }

    get terminal() {
        return this.terminals.main;
    }

    get state() {
        return terminalState(this.terminal, this.pos.config.name);
    }

    /** @returns {Object[]} what each waits for, the cashier's turn first */
    get waiting() {
        return runningPayments(this.pos)
            .map(waitsFor)
            .sort((one, other) => other.needsCashier - one.needsCashier);
    }

    /** A payment that runs here has an icon of its own. */
    get hasStateIcon() {
        const {key} = this.state;
        return key !== "paired" && !(key === "busy" && this.waiting.length);
    }

    /** What is most worth knowing, where there is room for it. */
    get text() {
        const [first] = this.waiting;
        return first ? first.text : this.state.key === "paired" ? "" : this.state.text;
    }

    /** All of it, for those who do not see the mark. */
    get label() {
        const {name, sandbox} = this.terminal || {};
        return [
            _t("EFTPOS"),
            name ? `${name}: ${this.state.text}` : this.state.text,
            sandbox && _t("SANDBOX"),
            ...this.waiting.map(({text}) => text),
        ]
            .filter(Boolean)
            .join(" · ");
    }
}
