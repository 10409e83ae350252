import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {terminalState} from "@pos_mx51_sci/app/status/terminal_state";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/** Which terminal a payment method goes to from this register, and its state. */
export class SciTerminalMark extends Component {
    static template = "pos_mx51_sci.SciTerminalMark";
    static props = {methodId: Number};

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
    }

    get terminal() {
        return this.terminals.usual(this.props.methodId);
    }

    get name() {
        if (this.terminal) {
            return this.terminal.name;
        }
        return this.terminals.of(this.props.methodId).length
            ? _t("Choose a terminal")
            : _t("No terminal");
    }

    get mark() {
        return terminalState(this.terminal, this.pos.config.name);
    }
}
