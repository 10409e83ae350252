import {Component, useEffect, useRef, useState} from "@odoo/owl";
import {_t} from "@web/core/l10n/translation";
import {identifyManager, usesEmployees} from "@pos_mx51_sci/app/request/manager";
import {moneyText} from "@pos_mx51_sci/app/display/texts";
import {usePos} from "@point_of_sale/app/hooks/pos_hook";
import {useService} from "@web/core/utils/hooks";

const REASONS = {
    yes: () => [_t("The terminal shows approved"), _t("The receipt says approved")],
    no: () => [
        _t("The terminal shows declined or cancelled"),
        _t("No card was presented"),
    ],
};

/**
 * The question that ends a payment whose result cannot be had. The answer is kept with
 * its reason and the person's name; the server polls mx51 once more before it counts.
 *
 * With `isAgainst` there is a final answer, not successful, and a manager may state
 * that the terminal's receipt says otherwise.
 */
export class SciOverride extends Component {
    static template = "pos_mx51_sci.SciOverride";
    static props = {
        payment: Object,
        keepWaiting: Function,
        isAgainst: {type: Boolean, optional: true},
    };
    static defaultProps = {isAgainst: false};

    setup() {
        this.pos = usePos();
        this.dialog = useService("dialog");
        this.person = null;
        this.state = useState({
            answer: this.props.isAgainst ? "yes" : "",
            reason: "",
            login: "",
            password: "",
            error: "",
            isBusy: false,
        });
        this.input = useRef("input");
        useEffect(
            (answer) => {
                if (answer) {
                    this.input.el?.focus();
                }
            },
            () => [this.state.answer]
        );
    }

    get question() {
        const {view} = this.props.payment;
        const minor = Object.values(view.amounts || {}).reduce((a, b) => a + b, 0);
        if (this.props.isAgainst) {
            return _t(
                "The bank says that %(amount)s was not paid. Record it as paid only if " +
                    "the receipt of %(terminal)s says approved.",
                {
                    amount: moneyText(minor, this.pos.config),
                    terminal: view.terminal_name || _t("the terminal"),
                }
            );
        }
        const sentence = _t(
            "We could not get the result of %(amount)s from %(terminal)s. " +
                "Look at the terminal or its receipt:",
            {
                amount: moneyText(minor, this.pos.config),
                terminal: view.terminal_name || _t("the terminal"),
            }
        );
        return `${sentence} `;
    }

    get reasons() {
        return REASONS[this.state.answer]().map((reason) => `${reason}`);
    }

    takeReason(reason) {
        this.state.reason = reason;
    }

    get canRecord() {
        const {reason, login, password, isBusy} = this.state;
        const isKnown = !this.needsLogin || (login.trim() && password);
        return Boolean(reason.trim() && isKnown) && !isBusy;
    }

    /** Nothing more will come of a final answer, and nobody can be asked again. */
    get isFinal() {
        return this.props.payment.view.status === "FINALISED";
    }

    back() {
        if (this.props.isAgainst) {
            this.props.keepWaiting();
        } else {
            this.choose("");
        }
    }

    /** Who may not answer learns it here, not at the end. */
    async choose(answer) {
        this.person = null;
        this.state.error = "";
        if (answer && this.needsPin && !(await this.identify())) {
            return;
        }
        Object.assign(this.state, {answer, reason: "", login: "", password: ""});
    }

    async checkAgain() {
        await this.whileBusy(async () => {
            const {payment} = this.props;
            await payment.checkNow();
            if (payment.view.unresolved && !payment.problem) {
                this.state.error = _t("There is still no result.");
            }
        });
    }

    async record() {
        const person = this.person || (await this.identify());
        if (!person) {
            return;
        }
        await this.whileBusy(async () => {
            const {answer, reason} = this.state;
            try {
                const error = await this.props.payment.override(
                    answer === "yes",
                    reason.trim(),
                    person.employeeId,
                    person.pin
                );
                this.state.error = error ? error.message : "";
            } catch (error) {
                this.state.error =
                    error.message ||
                    _t("Odoo did not answer. Check the connection and try again.");
            }
            this.person = null;
            this.state.password = "";
        });
    }

    async whileBusy(work) {
        Object.assign(this.state, {isBusy: true, error: ""});
        try {
            await work();
        } finally {
            this.state.isBusy = false;
        }
    }

    // -- Who states it -----------------------------------------------------------

    get isForManagers() {
        return this.props.isAgainst || this.pos.config.sci_override_by_managers;
    }

    /** With pos_hr the register's user is not the person who stands in front of it. */
    get needsPin() {
        return this.isForManagers && usesEmployees(this.pos);
    }

    get needsLogin() {
        const isManager = this.pos.getCashier()?._role === "manager";
        return this.isForManagers && !usesEmployees(this.pos) && !isManager;
    }

    /** @returns {Promise<object|null>} null when the cashier changed their mind */
    async identify() {
        const person = await this.askWho();
        this.state.error = person?.error || "";
        this.person = person?.error ? null : person;
        return this.person;
    }

    async askWho() {
        if (this.needsPin) {
            const refusal = _t("Only a manager may state the outcome of a payment.");
            return identifyManager(this.pos, refusal);
        }
        if (this.needsLogin) {
            return {employeeId: this.state.login.trim(), pin: this.state.password};
        }
        const cashier = usesEmployees(this.pos) && this.pos.getCashier();
        return {employeeId: cashier?.id || null, pin: null};
    }
}
