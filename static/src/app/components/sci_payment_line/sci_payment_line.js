import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {isUnknown, lineText} from "@pos_mx51_sci/app/sci/sci_texts";
import {openDialog} from "@pos_mx51_sci/app/sci/sci_later";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";

/** Reasons that a new pairing may remove. */
const UNPAIRED = ["no_active_pairings_found", "not_paired"];

/** What a card payment is doing, whose turn it is, and what may be pressed. */
export class SciPaymentLine extends Component {
    static template = "pos_mx51_sci.SciPaymentLine";
    static props = {
        line: Object,
        send: Function,
        cancel: Function,
    };

    setup() {
        this.pos = usePos();
        this.terminals = useState(this.pos.sci.terminals.state);
        this.clock = useState({now: Date.now()});
        useEffect(
            (isRunning) => {
                this.clock.now = Date.now();
                const tick = () => (this.clock.now = Date.now());
                const timer = isRunning ? setInterval(tick, 1000) : 0;
                return () => clearInterval(timer);
            },
            () => [this.isRunning]
        );
        // Below other lines it would be out of sight, its buttons with it.
        this.root = useRef("root");
        useEffect(
            (isRunning) => {
                if (isRunning) {
                    this.root.el.scrollIntoView({block: "nearest"});
                }
            },
            () => [this.isRunning, this.props.line.isSelected()]
        );
    }

    get sci() {
        return this.props.line.uiState?.sci || false;
    }

    get isRunning() {
        return this.props.line.isSciUnresolved();
    }

    /** It is the cashier's turn, in the dialog. */
    get needsCashier() {
        const {view, lost} = this.sci;
        const isAsked = view && (view.status === "AWAITING_POS" || view.override_open);
        return Boolean(this.isRunning && isAsked && !lost);
    }

    get text() {
        return lineText(this.sci, this.clock.now);
    }

    get canCancel() {
        const {view, cancelWanted, lost} = this.sci;
        if (!this.isRunning || lost || cancelWanted) {
            return false;
        }
        return view
            ? !view.cancel_requested && !isUnknown(view)
            : Boolean(this.pos.sci.follower.get(this.props.line.uuid));
    }

    get canSend() {
        return this.isRetry || this.props.line.payment_status === "pending";
    }

    /** Not for what the customer has paid otherwise meanwhile. */
    get isRetry() {
        const {line} = this.props;
        const isOver = line.payment_status === "retry";
        return isOver && Boolean(line.pos_order_id.getSciRest(line));
    }

    get otherTerminals() {
        const methodId = this.props.line.payment_method_id.id;
        return this.isRetry && this.pos.sci.terminals.of(methodId).length > 1;
    }

    /** @returns {number|false} the terminal that a new pairing would help */
    get unpairedTerminal() {
        const {error, view} = this.sci;
        const isLost = this.isRetry && error && UNPAIRED.includes(error.code);
        return isLost && this.terminals.canPair && view ? view.terminal_id : false;
    }

    async sendElsewhere() {
        const {line} = this.props;
        const chosen = await this.pos.sci.chooseTerminal(line.payment_method_id.id);
        if (chosen && this.canSend) {
            this.pos.sci.pay(line.uuid, chosen);
        }
    }

    get hasDialog() {
        return Boolean(this.isRunning || this.sci.view);
    }

    /** What was put aside comes back. */
    open() {
        if (this.hasDialog) {
            this.pos.sci.dialogs.open(this.props.line.uuid);
        }
    }

    pair() {
        const terminalId = this.unpairedTerminal;
        openDialog(this.env.services, "PairingDialog", {terminalId});
    }
}
