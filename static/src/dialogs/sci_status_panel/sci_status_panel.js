import {Component, onMounted} from "@odoo/owl";
import {runningPayments, waitsFor} from "@pos_mx51_sci/app/status/running_payments";
import {Dialog} from "@web/core/dialog/dialog";
import {SciSessionPayments} from "./sci_session_payments";
import {SciTerminalCard} from "./sci_terminal_card";
import {registry} from "@web/core/registry";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/**
 * "EFTPOS", behind the mark in the navbar: what runs, the register's terminals, the card
 * payments of its session, help.
 */
export class SciStatusPanel extends Component {
    static template = "pos_mx51_sci.SciStatusPanel";
    static components = {Dialog, SciSessionPayments, SciTerminalCard};
    static props = {close: Function};

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
        onMounted(() => this.lookAgain());
    }

    /** What the server has, then what the terminal service says of each pairing. */
    async lookAgain() {
        await this.terminals.refresh();
        await this.terminals.checkAll(this.terminals.ofRegister);
    }

    /** @returns {Object[]} `{line, order, amount, waiting}` */
    get running() {
        return runningPayments(this.pos).map((line) => ({
            line,
            order: line.pos_order_id?.getName(),
            amount: this.env.utils.formatCurrency(line.getAmount()),
            waiting: waitsFor(line),
        }));
    }

    goTo(line) {
        this.props.close();
        this.pos.sci.goToPayment(line);
    }
}

registry.category("lazy_components").add("SciStatusPanel", SciStatusPanel);
