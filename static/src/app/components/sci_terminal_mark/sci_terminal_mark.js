import {Component} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
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

    /** @returns {{icon: string, text: string}} */
    get mark() {
        const {state, busy} = this.terminal || {};
        if (busy) {
            const isHere = busy === this.pos.config.name;
            const text = isHere ? _t("taking a payment") : _t("busy: %s", busy);
            return {icon: "fa-clock-o text-warning", text};
        }
        const marks = {
            paired: {icon: "fa-check-circle text-success", text: ""},
            confirming: {
                icon: "fa-clock-o text-warning",
                text: _t("pairing not finished"),
            },
            unpaired: {icon: "fa-chain-broken text-danger", text: _t("not paired")},
        };
        return marks[state] || {icon: "fa-question-circle text-muted", text: ""};
    }
}
