import {Component, onMounted} from "@odoo/owl";
import {Dialog} from "@web/core/dialog/dialog";
import {terminalState} from "./terminal_state";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {takesPayments, useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/**
 * Which terminal a payment goes to: the register's own first, only paired ones can be
 * chosen, and each pairing is checked while it is open (docs/protocol.md 8, SCIMULTI03).
 */
export class SciTerminalChooser extends Component {
    static template = "pos_mx51_sci.SciTerminalChooser";
    static components = {Dialog};
    static props = {
        // Of the payment method; false offers all that are paired
        methodId: [Number, Boolean],
        getPayload: Function,
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
        this.takesPayments = takesPayments;
        onMounted(() => this.terminals.checkAll(this.offered));
    }

    get offered() {
        return this.terminals.offered(this.props.methodId);
    }

    state(terminal) {
        return terminalState(terminal, this.pos.config.name);
    }

    choose(terminal) {
        this.props.getPayload(terminal.id);
        this.props.close();
    }
}
