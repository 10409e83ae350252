import {
    cashAmountRefusal,
    motoRefusal,
    noCashoutReason,
} from "@pos_mx51_sci/app/request/request";
import {AlertDialog} from "@web/core/confirmation_dialog/confirmation_dialog";
import {Component} from "@odoo/owl";
import {NumberPopup} from "@point_of_sale/app/components/popups/number_popup/number_popup";
import {SelectionPopup} from "@point_of_sale/app/components/popups/selection_popup/selection_popup";
import {_t} from "@web/core/l10n/translation";
import {enhancedButtons} from "@point_of_sale/app/components/numpad/numpad";
import {isSciMethod} from "@pos_mx51_sci/app/utils/sci_method";
import {makeAwaitable} from "@point_of_sale/app/utils/make_awaitable_dialog";
import {parseFloat} from "@web/views/fields/parsers";
import {exponentOf, toMinorUnits} from "@pos_mx51_sci/app/request/minor_units";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useService} from "@web/core/utils/hooks";

/** Cash that customers ask for most, in the register's currency. */
const QUICK_CASH = [20, 50, 100];

/** @returns {Number} zero where the text is not a number */
function parse(text) {
    try {
        return parseFloat(`${text || 0}`);
    } catch {
        return 0;
    }
}

/** Other ways to pay by card: part of the order, with cash-out, by mail or phone. */
export class SciCardButtons extends Component {
    static template = "pos_mx51_sci.SciCardButtons";
    static props = {order: Object, send: Function};

    setup() {
        this.pos = usePos();
        this.dialog = useService("dialog");
    }

    get methods() {
        return this.pos.config.payment_method_ids.filter(isSciMethod);
    }

    get isShown() {
        return this.methods.length > 0 && !this.props.order.isRefund;
    }

    get rest() {
        return this.props.order.getSciRest();
    }

    get canPart() {
        return this.rest > 0;
    }

    get cashoutLabel() {
        return this.rest > 0 ? _t("Purchase with cash-out") : _t("Cash-out");
    }

    // -- The buttons -------------------------------------------------------------

    async part() {
        const {rest} = this;
        const amount = await this.askAmount({
            title: _t("Part by card"),
            subtitle: _t("Still to pay: %s", this.money(rest)),
            refusal: (value) => this.partRefusal(value),
        });
        await this.pay(amount);
    }

    partRefusal(amount) {
        return amount > 0 && amount <= this.rest
            ? ""
            : _t("Enter at most %s.", this.money(this.rest));
    }

    get quickCash() {
        return QUICK_CASH.filter((cash) => !cashAmountRefusal(cash, this.pos));
    }

    quickLabel(cash) {
        return _t("Hand out %s", this.money(cash));
    }

    get canCashout() {
        return !noCashoutReason(this.props.order, this.pos);
    }

    async cashout() {
        if (this.refuse(noCashoutReason(this.props.order, this.pos))) {
            return;
        }
        const {rest} = this;
        const cash = await this.askAmount({
            title: this.cashoutLabel,
            subtitle: _t("How much cash goes to the customer?"),
            comment: (value) => _t("Total by card: %s", this.money(rest + value)),
            refusal: (value) => cashAmountRefusal(value, this.pos) || "",
        });
        await this.handOut(cash);
    }

    /** All that is due, and so much in cash. */
    async handOut(cash) {
        const {order} = this.props;
        if (cash && !this.refuse(noCashoutReason(order, this.pos))) {
            const cashout = toMinorUnits(cash, exponentOf(this.pos.config));
            await this.pay(this.pos.currency.round(this.rest + cash), {cashout});
        }
    }

    async moto() {
        const {order} = this.props;
        if (this.refuse(motoRefusal(order, this.pos))) {
            return;
        }
        const {rest} = this;
        const amount = await this.askAmount({
            title: _t("Mail or telephone order"),
            subtitle: _t("The card is keyed in on the terminal."),
            startingValue: this.env.utils.formatCurrency(rest, false),
            refusal: (value) => this.partRefusal(value),
        });
        await this.pay(amount, {kind: "moto"});
    }

    // -- Questions to the cashier ------------------------------------------------

    money(amount) {
        return this.env.utils.formatCurrency(amount);
    }

    refuse(sentence) {
        if (sentence) {
            this.dialog.add(AlertDialog, {title: _t("Card payment"), body: sentence});
        }
        return Boolean(sentence);
    }

    /**
     * @param {Object} question
     * @param {(amount: number) => string} question.refusal a sentence, or nothing
     * @returns {Promise<number|undefined>} undefined when the cashier closed it
     */
    async askAmount({title, subtitle, startingValue = "", refusal, comment}) {
        const amountOf = (text) => this.pos.currency.round(parse(text));
        const text = await makeAwaitable(this.dialog, NumberPopup, {
            title,
            subtitle,
            startingValue,
            buttons: enhancedButtons(),
            formatDisplayedValue: (value) => `${this.pos.currency.symbol} ${value}`,
            isValid: (value) => !refusal(amountOf(value)),
            feedback: (value) =>
                value && (refusal(amountOf(value)) || comment?.(amountOf(value)) || ""),
        });
        const amount = text === undefined ? 0 : amountOf(text);
        // The Enter key does not ask whether the amount is valid.
        return amount && !this.refuse(refusal(amount)) ? amount : undefined;
    }

    async pay(amount, request = false) {
        const method = amount && (await this.chooseMethod());
        const {order} = this.props;
        const line = method && this.pos.sci.addLine(order, method, {amount, request});
        if (line) {
            await this.props.send(line);
        }
    }

    async chooseMethod() {
        const {methods} = this;
        if (methods.length === 1) {
            return methods[0];
        }
        const list = methods.map((method) => ({
            id: method.id,
            item: method,
            label: method.name,
            isSelected: false,
        }));
        return makeAwaitable(this.dialog, SelectionPopup, {
            title: _t("Which payment method?"),
            list,
        });
    }
}
