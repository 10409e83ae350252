import {Component} from "@odoo/owl";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useSciTerminals} from "@pos_mx51_sci/app/services/sci_terminals";

/** What a cashier can do about a payment that was not paid. */
export class SciNextSteps extends Component {
    static template = "pos_mx51_sci.SciNextSteps";
    static props = {
        line: Object,
        /** where Retry would send it */
        terminalName: String,
        /** what mx51's form offers already */
        hasRetry: Boolean,
        hasClose: Boolean,
        close: Function,
    };

    setup() {
        this.pos = usePos();
        this.terminals = useSciTerminals();
    }

    get canRetry() {
        return this.props.line.canSciRetry();
    }

    get isElsewhere() {
        return this.canRetry && this.terminals.hasOther(this.props.line);
    }

    /** The terminal that a new pairing would help. */
    get unpaired() {
        return this.pos.sci.unpairedTerminal(this.props.line);
    }

    get canPair() {
        return Boolean(this.unpaired) && this.pos.sci.status.mayManage;
    }

    /** A person has stated that it was not paid; the bank may yet say otherwise. */
    get isStated() {
        return this.props.line.uiState.sci?.view?.overridden === "no";
    }

    /** The step that stands out: not a Retry that cannot succeed or may charge twice. */
    get primary() {
        if (this.canPair) {
            return "pair";
        }
        if (this.isStated) {
            return "close";
        }
        if (this.canRetry && !this.unpaired) {
            return "retry";
        }
        return this.isElsewhere ? "elsewhere" : "close";
    }

    look(step) {
        return step === this.primary ? "btn-primary" : "btn-secondary";
    }

    retry() {
        this.pos.sci.pay(this.props.line.uuid);
    }

    elsewhere() {
        return this.pos.sci.payElsewhere(this.props.line);
    }

    pair() {
        this.pos.sci.status.openPairing(this.unpaired);
    }
}
